import { MINUTE, SECOND } from '../time.ts'

/** What keeps points from being written: who can help depends on it. */
export type HistoryTrouble = 'denied' | 'missing' | 'busy' | 'failed'

/** How it stands with the database. `unknown`: nothing was asked yet. `failures`: answers of that kind in a row. */
export type Standing =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'well' }
  | { readonly kind: HistoryTrouble; readonly reason: string; readonly failures: number }

export type TroubleAnswer = {
  readonly kind: HistoryTrouble
  readonly reason: string
  readonly retryAfterMs?: number
}

/** First and longest pause of each trouble; from one to the other it doubles. */
const PAUSES: Readonly<Record<HistoryTrouble, readonly [firstMs: number, longestMs: number]>> = {
  // Only a person can help, and a token that is tried all the time may be locked.
  denied: [MINUTE, 10 * MINUTE],
  missing: [30 * SECOND, 10 * MINUTE],
  busy: [2 * SECOND, MINUTE],
  failed: [SECOND, MINUTE],
}
/** Longer than this is not waited, whatever the database asks for. */
const LONGEST_ASKED_MS = 5 * MINUTE

/** How it stands after a write that failed, and when to try again; `random` is from [0, 1). */
export function afterTrouble(
  standing: Standing,
  { kind, reason, retryAfterMs }: TroubleAnswer,
  random: number,
): { readonly standing: Standing; readonly pauseMs: number } {
  const failures = standing.kind === kind ? standing.failures + 1 : 1
  const [firstMs, longestMs] = PAUSES[kind]
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 16))
  // Half of it by chance, so that many services do not come back at the same moment.
  const pauseMs = Math.round(fullMs * (0.5 + random / 2))
  const askedMs = Math.min(retryAfterMs ?? 0, LONGEST_ASKED_MS)
  return { standing: { kind, reason, failures }, pauseMs: Math.max(pauseMs, askedMs) }
}
