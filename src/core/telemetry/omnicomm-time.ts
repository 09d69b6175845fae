import type { Instant } from '../time.ts'

/** 2009-01-01T00:00:00Z: the zero of Omnicomm time, which counts seconds in 32 bits. */
const EPOCH: Instant = 1_230_768_000_000
const LAST_SECOND = 0xffff_ffff

export function fromOmnicommTime(seconds: number): Instant {
  return EPOCH + seconds * 1000
}

/** Whole seconds; undefined before 2009 and after 2145, which it cannot say. */
export function toOmnicommTime(at: Instant): number | undefined {
  const seconds = Math.floor((at - EPOCH) / 1000)
  return seconds >= 0 && seconds <= LAST_SECOND ? seconds : undefined
}
