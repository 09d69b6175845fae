import { type Fleet, isExplained } from '../fleet/fleet.ts'
import type { StoredIncident } from '../freshness/mass/incident.ts'
import type { Instant } from '../time.ts'
import { type DigestState, remembered } from './digest-state.ts'
import { type Explain, type Flag, type FlaggedList, listFlagged } from './flagged.ts'
import type { HappenedByRow } from './happened.ts'
import { type DigestedIncident, incidentNews } from './incident-news.ts'
import { neverHeard } from './never-heard.ts'
import { isInScope, type Scope, toldSince } from './scope.ts'
import { isAcknowledged, standingOf } from './standing.ts'
import { type Tally, tallyOf } from './tally.ts'

/** What a digest says. */
export type DigestContent = {
  readonly scope: Scope
  /** Since when it tells what happened. */
  readonly since: Instant
  /** Became silent and still are. */
  readonly silent: FlaggedList
  /** Became silent and came back meanwhile. */
  readonly brief: FlaggedList
  /** Came back from a silence of which an earlier digest told. */
  readonly back: FlaggedList
  readonly unstable: FlaggedList
  /** Never sent anything for longer than they should. */
  readonly never: FlaggedList
  readonly incidents: readonly DigestedIncident[]
  readonly tally: Tally
}

export type DigestEvidence = {
  readonly happened: HappenedByRow
  /** Those that were open since the last digest, with their members. */
  readonly incidents: readonly StoredIncident[]
  /** Ids of terminals of whose silence a note has told. */
  readonly noted: ReadonlySet<string>
}

type Lists = {
  readonly silent: Flag[]
  readonly brief: Flag[]
  readonly back: Flag[]
  readonly unstable: Flag[]
  readonly told: Map<number, Instant>
  readonly held: Map<number, Instant>
}

/**
 * What a digest has to say at `now`, null when nothing changed, and which silences it remembers. A silence is news when
 * it raised an alert; it waits while somebody knows of it or an incident explains it, and is news later if it goes on.
 */
export function decideDigest(
  fleet: Fleet,
  scope: Scope,
  state: DigestState,
  evidence: DigestEvidence,
  now: Instant,
  explain: Explain,
): {
  readonly content: DigestContent | null
} & Pick<DigestState, 'told' | 'held' | 'begun'> {
  const lists = sortOut(fleet, scope, state, evidence, now)
  const incidents = incidentNews(fleet, evidence.incidents, scope, state)
  const never = neverHeard(fleet, scope, state.at, now)
  const { silent, brief, back, unstable } = lists
  const changed =
    [silent, brief, back, unstable, never].some((list) => list.length > 0) ||
    incidents.some(({ isNew }) => isNew)
  const content: DigestContent | null = changed
    ? {
        scope,
        since: state.at,
        silent: listFlagged(fleet, silent, now, explain),
        brief: listFlagged(fleet, brief, now),
        back: listFlagged(fleet, back, now),
        unstable: listFlagged(fleet, unstable, now),
        never: listFlagged(fleet, never, now),
        incidents,
        tally: tallyOf(fleet, scope, now),
      }
    : null
  const open = incidents
    .filter(({ incident }) => incident.closedAt === null)
    .map(({ incident }) => incident.id)
  return {
    content,
    told: silences(fleet, lists.told),
    held: silences(fleet, lists.held),
    begun: changed ? open : open.filter((id) => state.begun.includes(id)),
  }
}

function sortOut(
  fleet: Fleet,
  scope: Scope,
  state: DigestState,
  { happened, noted, incidents }: DigestEvidence,
  now: Instant,
): Lists {
  const isPartOfOne = partOf(incidents)
  const told = byRow(fleet, scope, state.told)
  const held = byRow(fleet, scope, state.held)
  const lists: Lists = { silent: [], brief: [], back: [], unstable: [], told: new Map(told), held: new Map() }
  for (const row of new Set([...held.keys(), ...happened.keys()])) {
    const terminal = fleet.inventory.at(row)
    if (!terminal || !isInScope(terminal, scope)) continue
    const alertedAt = happened.get(row)?.alertedAt ?? null
    const since = alertedAt ?? held.get(row) ?? null
    const standing = standingOf(fleet, row)
    const isNoted = noted.has(terminal.id)
    if (isAcknowledged(fleet, row, now)) {
      if (since !== null && standing !== 'talking' && standing !== 'gone') lists.held.set(row, since)
    } else if (happened.get(row)?.unstable && standing !== 'gone') {
      tellUnstable(fleet, row, lists)
    } else if (since === null) {
    } else if (standing === 'undecided' || (standing === 'silent' && isExplained(fleet, row))) {
      lists.held.set(row, since)
    } else if (standing === 'silent') {
      // That of an unstable link may have been told before it was alerted.
      const isKnown = told.get(row) === since && (happened.get(row)?.leftAt ?? null) === null
      if (!isKnown) lists.silent.push({ row, since, noted: isNoted })
      lists.told.set(row, since)
    } else if (standing === 'talking' && alertedAt !== null && !told.has(row) && !isPartOfOne(row, since)) {
      const end = backAt(fleet, row, happened)
      if (end >= toldSince(terminal, scope)) lists.brief.push({ row, since, backAt: end })
    }
  }
  tellReturns(fleet, told, lists, happened, now)
  return lists
}

/** Whether the silence with that onset was part of a mass silence, also where its alert came before that was found. */
function partOf(incidents: readonly StoredIncident[]): (row: number, since: Instant) => boolean {
  const members = incidents.map(({ incident, rows }) => ({ ...incident, rows: new Set(rows) }))
  return (row, since) =>
    members.some(({ onsetAt, closedAt, rows }) => {
      return onsetAt <= since && since <= (closedAt ?? Number.POSITIVE_INFINITY) && rows.has(row)
    })
}

/** A silence of an unstable link raises no alert. If it is silent now that is told with this, and its end is news. */
function tellUnstable(fleet: Fleet, row: number, lists: Lists): void {
  const since = fleet.table.contactAt[row] ?? 0
  const isSilentNow = standingOf(fleet, row) === 'silent'
  lists.unstable.push({ row, since, ...(isSilentNow ? {} : { backAt: fleet.table.stateSince[row] ?? 0 }) })
  if (isSilentNow) lists.told.set(row, since)
}

function tellReturns(
  fleet: Fleet,
  told: ReadonlyMap<number, Instant>,
  lists: Lists,
  happened: HappenedByRow,
  now: Instant,
): void {
  const isUnstable = new Set(lists.unstable.map(({ row }) => row))
  for (const [row, since] of told) {
    const standing = standingOf(fleet, row)
    if (standing !== 'talking' && standing !== 'gone') continue
    lists.told.delete(row)
    const isQuiet = isAcknowledged(fleet, row, now) || isUnstable.has(row)
    if (standing === 'talking' && !isQuiet) {
      lists.back.push({ row, since, backAt: backAt(fleet, row, happened) })
    }
  }
}

function backAt({ table }: Fleet, row: number, happened: HappenedByRow): Instant {
  return happened.get(row)?.leftAt ?? table.stateSince[row] ?? 0
}

/** A terminal that was merged meanwhile is the one that it became; one that is somebody else's now is forgotten. */
function byRow(fleet: Fleet, scope: Scope, silences: DigestState['told']): ReadonlyMap<number, Instant> {
  const found = new Map<number, Instant>()
  for (const [id, since] of silences) {
    const row = fleet.rows.get(id)
    const terminal = fleet.inventory.at(row ?? -1)
    if (row !== undefined && terminal && isInScope(terminal, scope)) found.set(row, since)
  }
  return found
}

function silences({ inventory }: Fleet, rows: ReadonlyMap<number, Instant>): DigestState['told'] {
  return remembered([...rows].map(([row, since]) => [inventory.at(row)?.id ?? '', since] as const))
}
