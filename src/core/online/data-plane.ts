import { formatDuration, type Instant, SECOND, toIso } from '../time.ts'
import type { ActivityRow } from './activity.ts'

/** What is known of the data that reaches the service, from one look to the next. */
export type DataPlane = {
  /** The newest data time that counts. */
  readonly newestAt: Instant | null
  /** When it was seen to advance, on a clock that never goes back, ms; null: not yet. */
  readonly advancedMs: number | null
  /** Times that lay in the future when they were seen, by terminal: they come from clocks that are ahead. */
  readonly ahead: ReadonlyMap<string, Instant>
}

export type Moment = { readonly now: Instant; readonly monotonicMs: number }

export type DataPlaneState =
  | { readonly kind: 'flowing' }
  /** `evidence` in words. */
  | { readonly kind: 'stalled'; readonly evidence: string }
  /** Most times lie in the future: it is the clock of this machine that is wrong. */
  | { readonly kind: 'own-clock' }

export const UNSEEN: DataPlane = { newestAt: null, advancedMs: null, ahead: new Map() }

/**
 * One look at the fleet. The data plane is stalled when the newest data of all terminals is older than
 * `stalledAfterMs` and has not been seen to advance within that time either: so neither a restart during a stall nor
 * a clock that is ahead here deceives it. Times in the future do not count, and not later either, when they have
 * come to lie in the past while the terminal sent nothing further.
 */
export function lookAtData(
  before: DataPlane,
  rows: readonly ActivityRow[],
  { now, monotonicMs }: Moment,
  stalledAfterMs: number,
): { readonly plane: DataPlane; readonly state: DataPlaneState } {
  const ahead = new Map<string, Instant>()
  // What lies in the future now was taken while the clock of this machine was ahead.
  const earlier = before.newestAt !== null && before.newestAt <= now ? before.newestAt : null
  let newestAt = earlier
  let future = 0
  let dated = 0
  for (const { terminalId, lastDataAt } of rows) {
    if (lastDataAt === null) continue
    dated += 1
    const isFuture = lastDataAt > now
    if (isFuture) future += 1
    if (isFuture || before.ahead.get(terminalId) === lastDataAt) ahead.set(terminalId, lastDataAt)
    else if (newestAt === null || lastDataAt > newestAt) newestAt = lastDataAt
  }
  const hasAdvanced = earlier !== null && newestAt !== earlier
  const advancedMs = hasAdvanced ? monotonicMs : before.advancedMs
  const plane = { newestAt, advancedMs, ahead }
  if (future * 2 > dated) return { plane, state: { kind: 'own-clock' } }
  const hasMoved = advancedMs !== null && monotonicMs - advancedMs <= stalledAfterMs
  const isRecent = newestAt !== null && now - newestAt <= stalledAfterMs
  return { plane, state: hasMoved || isRecent ? { kind: 'flowing' } : stalled(newestAt, now) }
}

function stalled(newestAt: Instant | null, now: Instant): DataPlaneState {
  if (newestAt === null) return { kind: 'stalled', evidence: 'no terminal has any data' }
  const at = toIso(newestAt).replace('.000Z', 'Z')
  const age = formatDuration(Math.floor((now - newestAt) / SECOND) * SECOND)
  return { kind: 'stalled', evidence: `newest data is of ${at}, has not advanced for ${age}` }
}
