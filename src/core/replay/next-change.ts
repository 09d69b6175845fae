import type { Fleet } from '../fleet/fleet.ts'
import { instantAfter } from '../freshness/blindness.ts'
import { deafness } from '../freshness/polled-watch.ts'
import { isParked } from '../freshness/registers.ts'
import { graceEnd, graceMs, observedAt } from '../freshness/source-watch.ts'
import { isSilent } from '../freshness/state.ts'
import type { Instant } from '../time.ts'

/**
 * The first instant after `now` at which the state of a terminal may become another one, if nothing is heard of it and
 * nothing happens to its source meanwhile (spec/freshness.md 5); it may prove too early, never too late. Infinity: it
 * stays. Whatever must be exceeded is so a millisecond later, and in observed time, so never while the source is blind.
 */
export function nextChange(fleet: Fleet, row: number, now: Instant): Instant {
  const { table, thresholds } = fleet
  const watch = fleet.sources[(table.source[row] ?? 0) - 1]
  let next = Infinity
  const at = (instant: Instant): void => {
    if (instant > now && instant < next) next = instant
  }
  const contactAt = table.contactAt[row] ?? 0
  const dataAt = table.dataAt[row] ?? 0
  if (contactAt === 0 && dataAt === 0) {
    for (const source of watch ? [watch] : fleet.sources) at(observedAt(source))
    return next
  }
  const movingMs = thresholds.movingMs[row] ?? 0
  const parked = isParked(table, row)
  const threshold = parked ? (thresholds.parkedMs[row] ?? 0) : movingMs
  at(Math.floor(contactAt + threshold) + 1)
  at(Math.floor(dataAt + threshold) + 1)
  if (isSilent(table.state[row] ?? 0)) at(table.leaveAt[row] ?? 0)
  if (!watch) return next
  const deaf = deafness(watch)
  const grace = graceMs(watch, fleet.resumeGraceMs)
  const silent = (ms: number): void => at(instantAfter(deaf, contactAt, Math.floor(ms) + 1))
  silent(movingMs)
  silent(threshold)
  silent(threshold + grace)
  silent(Math.max(thresholds.lostMs[row] ?? 0, threshold))
  at(graceEnd(watch, fleet.resumeGraceMs))
  const fixAt = table.fixAt[row] ?? 0
  if (fixAt > 0 && !parked) at(instantAfter(deaf, fixAt, Math.floor(movingMs) + 1))
  return next
}
