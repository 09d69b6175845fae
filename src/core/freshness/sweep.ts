import type { Fleet } from '../fleet/fleet.ts'
import { noteChange } from '../fleet/recent-changes.ts'
import { isShown, SAID } from '../fleet/said.ts'
import { markDirty } from '../fleet/terminal-table.ts'
import type { Instant } from '../time.ts'
import { alertFor, heldAlerts } from './alert.ts'
import { observedSince } from './blindness.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import { notePlace } from './diagnosis/places.ts'
import { dueAt, workDoneAt } from './due.ts'
import { toldUntil } from './polls.ts'
import { isParked } from './registers.ts'
import { isSettled } from './settled.ts'
import { type SourceNow, sourceNow } from './source-now.ts'
import { CODE, derive, type Evidence, isSilent, type StateCode, stateOf, type Transition } from './state.ts'

/** What all rows of one judgement share: it may be made over several turns of the event loop, as of one moment. */
export type SweepPass = {
  readonly now: Instant
  readonly sources: readonly SourceNow[]
  readonly anyObservedAt: Instant
  /** Filled anew for each row. */
  readonly evidence: Evidence
}

/** Judges every terminal at once, and tells of the silences that were not told when they began. */
export function sweep(fleet: Fleet, now: Instant, previousSweep: Instant): readonly Transition[] {
  const pass = beginSweep(fleet, now)
  const transitions: Transition[] = []
  sweepRows(fleet, pass, previousSweep, 0, fleet.inventory.length, transitions)
  transitions.push(...heldAlerts(fleet, fleet.untold, previousSweep, now))
  return transitions
}

/** Begins a judgement as of `now`: what comes to be known of the sources later does not count in it. */
export function beginSweep(fleet: Fleet, now: Instant): SweepPass {
  const sources = fleet.sources.map((watch) => sourceNow(watch, fleet.resumeGraceMs, now))
  const anyObservedAt = Math.min(Infinity, ...sources.map((source) => source.observedAt))
  return { now, sources, anyObservedAt, evidence: emptyEvidence(now) }
}

/**
 * Judges the rows in [from, to) (spec/freshness.md 5), notes the changes in the table and adds them to `transitions`.
 * They are dated when they were due, which is never before `previousSweep`.
 */
export function sweepRows(
  fleet: Fleet,
  pass: SweepPass,
  previousSweep: Instant,
  from: number,
  to: number,
  transitions: Transition[],
): void {
  const { now, sources, anyObservedAt, evidence } = pass
  const { said, table } = fleet
  for (let row = from; row < to; row++) {
    if (!isShown(said, row)) continue
    const source = sources[(table.source[row] ?? 0) - 1]
    const before = table.state[row] ?? 0
    if (said.of[row] === SAID.nothing && isSettled(fleet, row, before, pass, source)) continue
    const observedAt = source?.observedAt ?? anyObservedAt
    gather(fleet, row, source, observedAt, evidence)
    const after = judgeRow(fleet, row, before, source, evidence)
    if (after === before) continue
    const due = Math.max(
      dueAt(fleet, row, before, after, source, observedAt, evidence),
      workDoneAt(fleet, row, now),
    )
    transitions.push(change(fleet, row, before, after, clamp(due, previousSweep, now)))
  }
}

function gather(
  fleet: Fleet,
  row: number,
  source: SourceNow | undefined,
  observedAt: Instant,
  evidence: Evidence,
): void {
  const { table, thresholds } = fleet
  const { now } = evidence
  const until = source ? heardOfUntil(row, source) : now
  // Who was left out of the answers gets older without having been asked.
  evidence.ageAt = source && until === source.heardUntil ? source.ageAt : now
  evidence.contactAt = table.contactAt[row] ?? 0
  evidence.dataAt = source?.polls ? polledDataAt(fleet, row, source) : (table.dataAt[row] ?? 0)
  evidence.fixAt = table.fixAt[row] ?? 0
  evidence.parked = isParked(table, row)
  evidence.movingMs = thresholds.movingMs[row] ?? 0
  evidence.parkedMs = thresholds.parkedMs[row] ?? 0
  evidence.lostMs = thresholds.lostMs[row] ?? 0
  evidence.observed = now >= observedAt
  evidence.silenceMs = source ? observedSince(source.deafness, evidence.contactAt, until) : 0
  const needsFix = source && !evidence.parked && evidence.fixAt > 0
  evidence.fixSilenceMs = needsFix
    ? observedSince(source.deafness, evidence.fixAt, fixHeardUntil(fleet, row, source))
    : 0
  evidence.inGrace = source !== undefined && now < source.graceEnd
  evidence.graceMs = source?.graceMs ?? 0
}

function heardOfUntil(row: number, { polls, heardUntil: until }: SourceNow): Instant {
  return polls ? Math.min(until, toldUntil(polls, row)) : until
}

/**
 * The contact of a polled terminal is dated at a poll, so its data always lags a little: what lags no more than live
 * data does is as new as its contact, or each silence would begin as an archive that drains.
 */
function polledDataAt({ table }: Fleet, row: number, { lagMs }: SourceNow): Instant {
  const contactAt = table.contactAt[row] ?? 0
  const dataAt = table.dataAt[row] ?? 0
  return contactAt - dataAt <= lagMs ? contactAt : dataAt
}

/** Polled lists say nothing of positions: these are known as of the state that was last asked for. */
function fixHeardUntil({ table }: Fleet, row: number, source: SourceNow): Instant {
  if (!source.polls) return source.heardUntil
  return Math.min(source.heardUntil, Math.max(table.ignitionAt[row] ?? 0, table.speedAt[row] ?? 0))
}

function judgeRow(
  fleet: Fleet,
  row: number,
  before: StateCode,
  source: SourceNow | undefined,
  evidence: Evidence,
): StateCode {
  const said = saidOf(fleet, row, evidence.now)
  if (said !== 0) return said
  const derived = derive(evidence)
  if (!isSilent(before)) return derived
  const leaveAt = fleet.table.leaveAt[row] ?? 0
  if (leaveAt === 0) return derived === CODE.lost ? derived : before
  if (source?.blind || evidence.now < leaveAt) return before
  // It is silent again, or still by other limits: the next end of the silence must be proven anew.
  if (isSilent(derived)) fleet.table.leaveAt[row] = 0
  return derived
}

/** What people said of the terminal: it is not judged then. */
function saidOf({ said, inventory }: Fleet, row: number, now: Instant): StateCode {
  switch (said.of[row]) {
    case SAID.decommissioned:
      return CODE.decommissioned
    case SAID.suspended:
      return CODE.suspended
    case SAID.planned: {
      const window = inventory.rare(row).maintenance
      return window && window.from <= now && now < window.to ? CODE.maintenance : 0
    }
    default:
      return 0
  }
}

function change(fleet: Fleet, row: number, before: StateCode, after: StateCode, at: Instant): Transition {
  const { table } = fleet
  const contactAt = table.contactAt[row] ?? 0
  const alert = alertFor(fleet, row, before, after, at)
  const incident = fleet.incidents.get(table.incident[row] ?? 0)
  notePlace(fleet.traces.places, table, row, before, after)
  table.state[row] = after
  table.stateSince[row] = at
  noteChange(fleet.recentChanges, row)
  if (isSilent(after)) table.leaveAt[row] = 0
  if (after === CODE.backlog) table.entryLagMs[row] = Math.max(0, at - (table.dataAt[row] ?? 0))
  markDirty(table, row)
  const cause = isSilent(after) ? diagnose(fleet, row, at)?.code : undefined
  return {
    terminalId: fleet.inventory.text(row, 'id'),
    at,
    from: stateOf(before),
    to: stateOf(after) ?? 'unknown',
    contactAt: contactAt === 0 ? null : contactAt,
    source: fleet.sources[(table.source[row] ?? 0) - 1]?.id ?? '',
    ...alert,
    ...(cause === undefined ? {} : { cause }),
    ...(incident && (isSilent(before) || isSilent(after)) ? { incident: incident.id } : {}),
  }
}

function clamp(at: Instant, from: Instant, to: Instant): Instant {
  return Math.min(Math.max(at, from), to)
}

function emptyEvidence(now: Instant): Evidence {
  return {
    now,
    ageAt: now,
    contactAt: 0,
    dataAt: 0,
    fixAt: 0,
    parked: false,
    silenceMs: 0,
    fixSilenceMs: 0,
    movingMs: 0,
    parkedMs: 0,
    lostMs: 0,
    inGrace: false,
    graceMs: 0,
    observed: false,
  }
}
