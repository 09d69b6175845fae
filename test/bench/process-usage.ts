import { readFile } from 'node:fs/promises'

/** Resident memory of a process, MB of 1,000,000 bytes; Linux only. Rejects when the process has ended. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(status)?.[1]
  // An ended process stays in the list until its parent takes note, without memory.
  if (kilobytes === undefined) throw new Error(`process ${pid} has ended`)
  return (Number(kilobytes) * 1024) / 1e6
}

/** User and system time of a process so far, ms, in steps of 10 ms; Linux only. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold blanks. Fields 14 and 15 of proc(5), in ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** prom-client has a timer run every 10 ms and notes the time from one run to the next: at rest 10 ms. */
const BETWEEN_LOOKS_MS = 10

/**
 * The event loop's delay in a text of metrics, p99 since they were read before, ms: prom-client begins anew at each
 * reading.
 */
export function loopDelayMs(metrics: string): number {
  const betweenMs = Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(metrics)?.[1]) * 1000
  return Math.max(0, betweenMs - BETWEEN_LOOKS_MS)
}
