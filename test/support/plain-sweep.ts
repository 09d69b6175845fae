import type { Fleet } from '../../src/core/fleet/fleet.ts'
import { markDirty } from '../../src/core/fleet/terminal-table.ts'
import { alertFor, heldAlerts } from '../../src/core/freshness/alert.ts'
import { type Blindness, instantAfter, isBlind, observedSince } from '../../src/core/freshness/blindness.ts'
import { deafness, heardUntil } from '../../src/core/freshness/polled-watch.ts'
import { type Polls, toldUntil } from '../../src/core/freshness/polls.ts'
import { isParked } from '../../src/core/freshness/registers.ts'
import { graceEnd, graceMs, observedAt, type SourceWatch } from '../../src/core/freshness/source-watch.ts'
import {
  CODE,
  derive,
  type Evidence,
  isSilent,
  type StateCode,
  stateOf,
  type Transition,
} from '../../src/core/freshness/state.ts'
import type { Instant } from '../../src/core/time.ts'

/** What the sweep needs of a source, worked out once per sweep. */
type SourceNow = {
  readonly blind: boolean
  /** Null for a pushed source. */
  readonly polls: Polls | null
  /** How far live data may lag behind its contact. */
  readonly lagMs: number
  /** What is no silence. */
  readonly deafness: Blindness
  /** Up to when silence is observed. */
  readonly heardUntil: Instant
  readonly ageAt: Instant
  readonly graceEnd: Instant
  readonly graceMs: number
  readonly observedAt: Instant
}

/**
 * Judges every terminal at once, each by the whole of what is known of it: what `sweep` does, without its short ways.
 */
export function plainSweep(fleet: Fleet, now: Instant, previousSweep: Instant): readonly Transition[] {
  const sources = fleet.sources.map((watch) => sourceNow(watch, fleet.resumeGraceMs, now))
  const anyObservedAt = Math.min(Infinity, ...sources.map((source) => source.observedAt))
  const evidence = emptyEvidence(now)
  const transitions: Transition[] = []
  for (let row = 0; row < fleet.inventory.length; row++) {
    if (fleet.inventory.at(row)?.mergedInto !== '') continue
    const source = sources[(fleet.table.source[row] ?? 0) - 1]
    const observedAt = source?.observedAt ?? anyObservedAt
    gather(fleet, row, source, observedAt, evidence)
    const before = fleet.table.state[row] ?? 0
    const after = judgeRow(fleet, row, before, source, evidence)
    if (after === before) continue
    const due = Math.max(
      dueAt(fleet, row, before, after, source, observedAt, evidence),
      workDoneAt(fleet, row, now),
    )
    transitions.push(change(fleet, row, before, after, clamp(due, previousSweep, now)))
  }
  transitions.push(...heldAlerts(fleet, fleet.untold, previousSweep, now))
  return transitions
}

function sourceNow(watch: SourceWatch, resumeGraceMs: number, now: Instant): SourceNow {
  const blind = isBlind(watch.blindness)
  const until = heardUntil(watch, now)
  return {
    blind,
    polls: watch.polls,
    lagMs: watch.liveLagMs + (watch.polls?.everyMs ?? 0),
    deafness: deafness(watch),
    heardUntil: until,
    // Between two good polls nobody is blind, so that nobody gets older without having been asked.
    ageAt: blind ? now : until,
    graceEnd: graceEnd(watch, resumeGraceMs),
    graceMs: graceMs(watch, resumeGraceMs),
    observedAt: observedAt(watch),
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
function saidOf(fleet: Fleet, row: number, now: Instant): StateCode {
  const terminal = fleet.inventory.at(row)
  if (!terminal) return 0
  if (terminal.lifecycle === 'decommissioned') return CODE.decommissioned
  if (terminal.lifecycle === 'suspended' || terminal.intake === 'off') return CODE.suspended
  const window = terminal.maintenance
  return window && window.from <= now && now < window.to ? CODE.maintenance : 0
}

/** When the new state was due; the caller keeps it between the previous sweep and now. */
function dueAt(
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
  if (before === 0) return fleet.inventory.at(row)?.firstSeenAt ?? now
  if (after === CODE.maintenance) return fleet.inventory.at(row)?.maintenance?.from ?? now
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
function workDoneAt(fleet: Fleet, row: number, now: Instant): Instant {
  const to = fleet.inventory.at(row)?.maintenance?.to ?? 0
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

function change(fleet: Fleet, row: number, before: StateCode, after: StateCode, at: Instant): Transition {
  const { table } = fleet
  const contactAt = table.contactAt[row] ?? 0
  const alert = alertFor(fleet, row, before, after, at)
  table.state[row] = after
  table.stateSince[row] = at
  if (isSilent(after)) table.leaveAt[row] = 0
  if (after === CODE.backlog) table.entryLagMs[row] = Math.max(0, at - (table.dataAt[row] ?? 0))
  markDirty(table, row)
  return {
    terminalId: fleet.inventory.at(row)?.id ?? '',
    at,
    from: stateOf(before),
    to: stateOf(after) ?? 'unknown',
    contactAt: contactAt === 0 ? null : contactAt,
    source: fleet.sources[(table.source[row] ?? 0) - 1]?.id ?? '',
    ...alert,
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
