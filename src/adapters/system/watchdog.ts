import { type ClockReading, readTick, type TickEvent } from '../../core/freshness/clock-watch.ts'
import { type Instant, SECOND, toIso } from '../../core/time.ts'
import type { Clock, Log, Stop } from '../../ports.ts'

export type WatchdogDeps = { readonly clock: Clock; readonly log: Pick<Log, 'warn'> }

export type WatchdogEvents = {
  /** The wall clock was stepped by `deltaMs` (negative: back); `at` is the time after it. */
  onStep(at: Instant, deltaMs: number): void
  /** The process stood still in [from, to), wall time. */
  onStall(from: Instant, to: Instant): void
}

const EVERY_MS = SECOND

/** Compares the two clocks every second and tells of steps of the wall clock and of stand-stills of the process. */
export function createWatchdog({ clock, log }: WatchdogDeps, events: WatchdogEvents): { start(): Stop } {
  function tell(event: TickEvent): void {
    switch (event.kind) {
      case 'step':
        log.warn('the wall clock was stepped', { at: toIso(event.at), deltaMs: event.deltaMs })
        events.onStep(event.at, event.deltaMs)
        return
      case 'stall':
        log.warn('the process stood still', { from: toIso(event.from), to: toIso(event.to) })
        events.onStall(event.from, event.to)
        return
    }
  }

  return {
    start() {
      let previous = readClocks(clock)
      return clock.every(EVERY_MS, () => {
        const current = readClocks(clock)
        for (const event of readTick(previous, current, EVERY_MS)) {
          tell(event)
        }
        previous = current
      })
    },
  }
}

/** A pause of the process between the two calls would look like a step, so they must lie close together. */
function readClocks(clock: Clock): ClockReading {
  for (let attempt = 0; ; attempt++) {
    const before = clock.monotonic()
    const wallAt = clock.now()
    const monotonicMs = clock.monotonic()
    if (monotonicMs - before < 50 || attempt === 5) return { wallAt, monotonicMs }
  }
}
