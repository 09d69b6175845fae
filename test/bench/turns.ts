import process from 'node:process'

/** Turns of the event loop shorter than this are nobody's work, ms. */
const WORK_MS = 0.1

/**
 * Notes how long the turns of the event loop take from now on, by the clock; `stop` tells those in which something was
 * done, ms. On a machine that is busy with something else they are longer than the work in them.
 */
export function watchTurns(): { stop(): readonly number[] } {
  const turns: number[] = []
  let running = true
  let at = performance.now()
  const look = (): void => {
    const tookMs = performance.now() - at
    if (tookMs >= WORK_MS) turns.push(tookMs)
    at = performance.now()
    if (running) setImmediate(look)
  }
  setImmediate(look)
  return {
    stop: () => {
      running = false
      return turns
    },
  }
}

/** Time of this thread on a core so far; it is counted in steps of some milliseconds. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
