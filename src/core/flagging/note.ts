import { type Fleet, isExplained } from '../fleet/fleet.ts'
import { isTold } from '../freshness/alert.ts'
import { isUnstable } from '../freshness/flaps.ts'
import type { Transition } from '../freshness/state.ts'
import { HOUR, type Instant, MINUTE } from '../time.ts'
import { type Explain, type Flag, type FlaggedList, listFlagged } from './flagged.ts'
import { boundedNotes, type NoteState, type Waiting } from './note-state.ts'
import { isWithinHours, type OfficeHours } from './office-hours.ts'
import { isInScope, type Scope, toldSince } from './scope.ts'
import { isAcknowledged, standingOf } from './standing.ts'

export type NoteRules = {
  readonly scope: Scope
  /** So long a terminal must have been stale. ms. */
  readonly holdMs: number
  readonly hours: OfficeHours
}

/** What an immediate note says. */
export type NoteContent = {
  readonly scope: Scope
  readonly silent: FlaggedList
  readonly unstable: FlaggedList
}

/** What the digest has told. */
export type Digested = {
  /** Silences that go on, by terminal with their onset. */
  readonly silences: ReadonlyMap<string, Instant>
  /** When it was last written, with all links that had become unstable by then. */
  readonly at: Instant
}

const NOTHING_DIGESTED: Digested = { silences: new Map(), at: Number.NEGATIVE_INFINITY }

/** What becomes due within this time goes together. */
const BATCH_MS = MINUTE
/** There is at most one letter in this time. */
const PAUSE_MS = 5 * MINUTE
/** What could not be told within this time of its own is no news any more: it is left to the digest. */
const NEWS_MS = HOUR

/**
 * Adds the alerts among changes, oldest first, to those that wait. `after`: the number of the last change. One that is
 * alerted again was back meanwhile: the silence before is over.
 */
export function awaitChanges(
  state: NoteState,
  changes: readonly Transition[],
  after: number,
  { holdMs }: Pick<NoteRules, 'holdMs'>,
): NoteState {
  const alerts = changes.flatMap(({ terminalId: id, at, contactAt, alertId, note }): Waiting[] => {
    const since = contactAt ?? at
    if (note !== undefined) return [{ id, since, dueAt: at, unstable: true }]
    return alertId === undefined ? [] : [{ id, since, dueAt: at + holdMs, unstable: false }]
  })
  const again = new Map(alerts.filter(({ unstable }) => !unstable).map((alert) => [alert.id, alert]))
  const waiting = [...state.waiting, ...alerts].filter((each) => {
    return each.unstable || (again.get(each.id) ?? each) === each
  })
  return boundedNotes({ ...state, after, waiting, told: state.told.filter(([id]) => !again.has(id)) })
}

/**
 * What there is to tell at `now`, null when there is nothing or it is not the time, and what goes on waiting. What is
 * over by the time at which it is due, was due long ago, is known to somebody, explained by an incident or outside the
 * hours is left to the digest. So is the silence of a link that is unstable: that is told once. Nor is told what a
 * digest has told meanwhile.
 */
export function decideNote(
  fleet: Fleet,
  state: NoteState,
  rules: NoteRules,
  now: Instant,
  explain: Explain,
  digested: Digested = NOTHING_DIGESTED,
): { readonly content: NoteContent | null; readonly state: NoteState } {
  const told = state.told.filter(([id]) => goesOn(fleet, id))
  const due = state.waiting.filter(({ dueAt }) => dueAt <= now && dueAt > now - NEWS_MS)
  const wanted = isWithinHours(now, rules.hours)
    ? due.filter((each) => isNews(fleet, each, digested) && isWorthIt(fleet, each, rules, now))
    : []
  const ready = wanted.filter((each) => !isUndecided(fleet, each))
  const later = [
    ...wanted.filter((each) => isUndecided(fleet, each)),
    ...state.waiting.filter(({ dueAt }) => dueAt > now),
  ]
  const oldest = ready.reduce((first, { dueAt }) => Math.min(first, dueAt), Number.POSITIVE_INFINITY)
  const isTime = oldest <= now - BATCH_MS && (state.sentAt <= now - PAUSE_MS || state.sentAt > now)
  if (!isTime) return { content: null, state: { ...state, waiting: [...ready, ...later], told } }
  const content = contentOf(fleet, ready, rules.scope, now, explain)
  const silent = ready.filter(({ unstable }) => !unstable)
  return {
    content,
    state: boundedNotes({
      ...state,
      number: Math.max(state.number + 1, state.after),
      sentAt: now,
      waiting: later,
      told: [...told, ...silent.map(({ id, since }) => [id, since] as const)],
    }),
  }
}

/** Whether a silence of which a letter told lasts, or it is not known. */
function goesOn(fleet: Fleet, id: string): boolean {
  const row = fleet.rows.get(id)
  return row !== undefined && standingOf(fleet, row) !== 'talking' && isTold(fleet.table, row)
}

/** It has said something, or what it said was delivered late: whether its silence is over will be seen in a minute. */
function isUndecided({ rows, table }: Fleet, { id, unstable }: Waiting): boolean {
  return !unstable && (table.leaveAt[rows.get(id) ?? -1] ?? 0) !== 0
}

function isNews(
  { rows, inventory }: Fleet,
  { id, since, dueAt, unstable }: Waiting,
  digested: Digested,
): boolean {
  if (unstable) return dueAt > digested.at
  return digested.silences.get(inventory.at(rows.get(id) ?? -1)?.id ?? id) !== since
}

function isWorthIt(
  fleet: Fleet,
  { id, dueAt, unstable }: Waiting,
  { scope }: NoteRules,
  now: Instant,
): boolean {
  const row = fleet.rows.get(id)
  const terminal = fleet.inventory.at(row ?? -1)
  if (row === undefined || !terminal || !isInScope(terminal, scope)) return false
  if (isAcknowledged(fleet, row, now) || isExplained(fleet, row)) return false
  if (unstable) return standingOf(fleet, row) !== 'gone' && dueAt >= toldSince(terminal, scope)
  const isAlerted = standingOf(fleet, row) === 'silent' && isTold(fleet.table, row)
  return isAlerted && !isUnstable(fleet.flaps.get(row), now)
}

function contentOf(
  fleet: Fleet,
  wanted: readonly Waiting[],
  scope: Scope,
  now: Instant,
  explain: Explain,
): NoteContent {
  const flags = (isUnstableLink: boolean): Flag[] => {
    const those = wanted.filter(({ unstable }) => unstable === isUnstableLink)
    // Two ids may have become one terminal.
    const byRow = new Map(those.map(({ id, since }) => [fleet.rows.get(id) ?? -1, since]))
    return [...byRow].map(([row, since]) => flagOf(fleet, row, since))
  }
  return {
    scope,
    silent: listFlagged(fleet, flags(false), now, explain),
    unstable: listFlagged(fleet, flags(true), now, explain),
  }
}

function flagOf(fleet: Fleet, row: number, since: Instant): Flag {
  if (standingOf(fleet, row) === 'silent') return { row, since }
  return { row, since, backAt: fleet.table.stateSince[row] ?? 0 }
}
