import { MINUTE } from '../time.ts'

/** Wait after an attempt of which nobody knows whether the letter was accepted (spec/letters.md, Outbox). */
export const AMBIGUOUS_PAUSE_MS = 15 * MINUTE

/** Longer than any wait between two attempts: what is due later than this was planned by a clock that was ahead. */
export const LONGEST_PAUSE_MS = 31 * MINUTE
