import type { Dimension } from '../../fleet/groups.ts'
import type { Instant } from '../../time.ts'

/** `ingest`: the fault is ours or the watched service's; the group is then a source. */
export type IncidentDimension = Dimension | 'ingest'

export type IncidentGroup = { readonly dimension: IncidentDimension; readonly group: string }

/** What happened in an incident, with how many of its members were silent then. */
export type IncidentEvent = {
  readonly at: Instant
  readonly kind: 'opened' | 'grew' | 'shrank' | 'closed'
  readonly silent: number
}

/** Many terminals that fell silent together (spec/freshness.md 7). */
export type Incident = IncidentGroup & {
  readonly id: string
  /** Groups that share over 90 % of its silent members. */
  readonly also: readonly IncidentGroup[]
  readonly openedAt: Instant
  /** The earliest last contact of a member. */
  readonly onsetAt: Instant
  readonly closedAt: Instant | null
  /** Members that were expected to talk when it opened. */
  readonly expected: number
  /** Terminals that were ever silent in it. */
  readonly members: number
  /** Those of them that are silent now; of one that is over: that were when it ended. */
  readonly silent: number
  /** Since when so few have been silent that it may end; null: too many are. */
  readonly clearSince: Instant | null
  /** Oldest first; bounded. */
  readonly timeline: readonly IncidentEvent[]
}

/**
 * An incident with the rows of its members; those of a closed one are kept for the history of its terminals, the
 * `silent` ones that were silent when it ended before the others.
 */
export type StoredIncident = { readonly incident: Incident; readonly rows: Uint32Array }

/** What is usual in a group (core/freshness/mass/baseline.ts): bytes of one group. */
export type StoredBaseline = IncidentGroup & { readonly bytes: Uint8Array }

/**
 * When the silence of an incident that is over ended, to an evaluation: since then so few were silent that it could
 * end, which it does only some minutes later. Null: it goes on.
 */
export function silenceEndedAt({ clearSince, closedAt }: Incident): Instant | null {
  return closedAt === null ? null : Math.min(clearSince ?? closedAt, closedAt)
}
