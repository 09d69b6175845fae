import { readdir } from 'node:fs/promises'
import { residentMegabytes } from '../bench/process-usage.ts'

/** What can be seen of the process of the service from outside, each second. */
export type Vital = {
  readonly at: number
  readonly pid: number
  readonly residentMB: number
  readonly files: number
  /** Every fifth second only. */
  readonly heapMB?: number
  /** Of the thread of the database. */
  readonly storeHeapMB?: number
  readonly loopP99Ms?: number
}

export type Vitals = Disposable & {
  /** From now on it is this process. */
  follow(process: { readonly pid: number; metrics(): Promise<string> }): void
  readonly samples: readonly Vital[]
}

const EVERY_MS = 1000
const METRICS_EVERY = 5

export function startVitals(): Vitals {
  const samples: Vital[] = []
  let followed: Parameters<Vitals['follow']>[0] | undefined
  let turn = 0

  async function sample(): Promise<void> {
    if (followed === undefined) return
    const { pid, metrics } = followed
    turn += 1
    try {
      const residentMB = await residentMegabytes(pid)
      const files = (await readdir(`/proc/${pid}/fd`)).length
      const inside = turn % METRICS_EVERY === 0 ? insideOf(await metrics()) : {}
      samples.push({ at: Date.now(), pid, residentMB, files, ...inside })
    } catch {
      // The process has ended, or is being started again.
    }
  }

  const timer = setInterval(() => void sample(), EVERY_MS)
  return {
    samples,
    follow(process) {
      followed = process
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

function insideOf(text: string): Pick<Vital, 'heapMB' | 'storeHeapMB' | 'loopP99Ms'> {
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    heapMB: value('nodejs_heap_size_used_bytes') / 1e6,
    storeHeapMB: value('watch_store_heap_bytes{kind="used"}') / 1e6,
    loopP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1000,
  }
}

/** Least squares: how much the values grow in a minute. */
export function slopePerMinute(points: readonly { readonly at: number; readonly value: number }[]): number {
  if (points.length < 2) return 0
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length
  const start = points[0]?.at ?? 0
  const minutes = points.map(({ at }) => (at - start) / 60_000)
  const meanX = mean(minutes)
  const meanY = mean(points.map(({ value }) => value))
  let above = 0
  let below = 0
  for (const [index, { value }] of points.entries()) {
    const x = (minutes[index] ?? 0) - meanX
    above += x * (value - meanY)
    below += x * x
  }
  return below === 0 ? 0 : above / below
}
