import process from 'node:process'

/** Turns of the event loop shorter than this are nobody's work, ms. */
const WORK_MS = 0.1

/** How long turns of the event loop took in which something was done, ms. */
export type Turns = {
  /** By the clock. */
  readonly ms: readonly number[]
  /** In time of this thread on a core: on a busy machine what the turn itself took, without waiting for a core. */
  readonly cpuMs: readonly number[]
}

/** Notes how long the turns of the event loop take from now on; `stop` tells. */
export function watchTurns(): { stop(): Turns } {
  const ms: number[] = []
  const cpuMs: number[] = []
  let running = true
  let cpu = threadCpuMs()
  let at = performance.now()
  const look = (): void => {
    const tookMs = performance.now() - at
    if (tookMs >= WORK_MS) {
      ms.push(tookMs)
      cpuMs.push(threadCpuMs() - cpu)
    }
    cpu = threadCpuMs()
    at = performance.now()
    if (running) setImmediate(look)
  }
  setImmediate(look)
  return {
    stop: () => {
      running = false
      return { ms, cpuMs }
    },
  }
}

export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
