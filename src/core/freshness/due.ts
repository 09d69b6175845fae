import type { Fleet } from '../fleet/fleet.ts'
import type { Instant } from '../time.ts'
import { instantAfter } from './blindness.ts'
import type { SourceNow } from './source-now.ts'
import { CODE, type Evidence, isSilent, type StateCode, stateOf } from './state.ts'

/** When the new state was due; the caller keeps it between the previous sweep and now. */
export function dueAt(
  fleet: Fleet,
  row: number,
  before: StateCode,
  after: StateCode,
  source: SourceNow | undefined,
  observedAt: Instant,
  evidence: Evidence,
): Instant {
  const { now, contactAt } = evidence
  const threshold = evidence.parked ? evidence.parkedMs : evidence.movingMs
  const silentFor = (ms: number): Instant => silentForAt(source, evidence, ms)
  // What a polled source tells was not known before its poll.
  const toldAt = source?.polls && !source.blind ? source.polls.answeredAt : 0
  if (before === 0) return fleet.inventory.firstSeenAt(row)
  if (after === CODE.maintenance) return fleet.inventory.rare(row).maintenance?.from ?? now
  const leaveAt = fleet.table.leaveAt[row] ?? 0
  if (isSilent(before) && after !== CODE.lost && leaveAt > 0) return leaveAt
  switch (stateOf(after)) {
    case 'stale':
      return staleAt(silentFor, threshold, source)
    case 'lost':
      return Math.max(silentFor(Math.max(evidence.lostMs, threshold)), staleAt(silentFor, threshold, source))
    case 'unknown':
      if (contactAt === 0) return now
      return source?.polls && evidence.silenceMs > threshold
        ? silentFor(threshold)
        : Math.max(contactAt + threshold, toldAt)
    case 'sleeping':
      return silentFor(evidence.movingMs)
    case 'backlog':
      return before === CODE.unknown || before === CODE.never
        ? contactAt
        : Math.max(evidence.dataAt + threshold, toldAt)
    case 'no-fix':
      return source ? instantAfter(source.deafness, evidence.fixAt, evidence.movingMs) : now
    case 'never':
      return observedAt
    case 'fresh':
      return contactAt
    case 'maintenance':
    case 'decommissioned':
    case 'suspended':
    case null:
      return now
  }
}

/** When it had been silent for `ms`; of a polled terminal the good poll that proved it, Infinity while none has. */
function silentForAt(source: SourceNow | undefined, { contactAt, silenceMs }: Evidence, ms: number): Instant {
  if (!source) return contactAt + ms
  const at = instantAfter(source.deafness, contactAt, ms)
  if (!source.polls) return at
  return silenceMs > ms ? Math.max(at, source.polls.answeredAt) : Infinity
}

/** What follows planned work was not due before its end. */
export function workDoneAt(fleet: Fleet, row: number, now: Instant): Instant {
  const to = fleet.inventory.rare(row).maintenance?.to ?? 0
  return to <= now ? to : 0
}

/** The first instant at which the silence was over the threshold and no grace held it back. */
function staleAt(
  silentFor: (ms: number) => Instant,
  threshold: number,
  source: SourceNow | undefined,
): Instant {
  const crossing = silentFor(threshold)
  if (!source || crossing >= source.graceEnd) return crossing
  return Math.min(source.graceEnd, silentFor(threshold + source.graceMs))
}
