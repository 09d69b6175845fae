import type { FakeClock } from './fake-clock.ts'

/** Each look at it is a millisecond later from the start on, so that work in steps takes several slices. */
export function slowly(clock: FakeClock, hasBegun = (): boolean => true): FakeClock {
  let looks = 0
  return { ...clock, monotonic: () => clock.monotonic() + (hasBegun() ? ++looks : 0) }
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
