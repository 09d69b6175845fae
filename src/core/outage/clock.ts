import type { ClockState, FirstFail, OkRun, OutagePolicy } from './clock-state.ts'
import { failComponents, lastOkOfAll, noteOks } from './components.ts'
import { noteFail, noteOk, noteTurn, openOutage } from './opening.ts'
import type { Outage } from './outage.ts'
import { type Span, windowAt } from './planned-work.ts'
import { cursorAt, drawTo, type KnownVerdict, knownVerdict, largestGapMs } from './timeline.ts'
import { addSegments, elapsedMs } from './uptime.ts'
import { type ClockStep, isImpaired, type Round } from './verdict.ts'

export type OutageEvent = {
  readonly kind: 'opened' | 'warned' | 'letter-due' | 'operator-alarm' | 'intermittent' | 'closed'
  /** As it is after the row. */
  readonly outage: Outage
}

export type Decision = {
  readonly clock: ClockState
  readonly events: readonly OutageEvent[]
  /** The outage as the row left it, when the row changed it. */
  readonly changed: Outage | null
}

/** Folds the next row in. `merged` are all maintenance windows, through `mergeWindows`. */
export function decide(
  clock: ClockState,
  row: Round | ClockStep,
  merged: readonly Span[],
  policy: OutagePolicy,
): Decision {
  const windows = policy.maintenancePauses ? merged : []
  const begin = row.kind === 'step' ? row.at - row.deltaMs : row.at
  const { cursor, segments } = drawTo(clock.cursor ?? cursorAt(begin), row, windows)
  const drawn: ClockState = { ...clock, cursor, totals: addSegments(clock.totals, segments) }
  if (row.kind === 'step') return unchanged(stepped(drawn, row.deltaMs))

  const seen: ClockState = { ...drawn, lastOkOf: noteOks(clock.lastOkOf, row) }
  const known = knownVerdict(row)
  if (known === null) return unchanged(seen)
  const joined = joins(clock, known)
  const turned = noteTurn(seen.open, clock.cursor?.known ?? null, known, elapsedMs(seen.totals))
  const next: ClockState = { ...seen, open: turned, condition: conditionAfter(clock, row, joined) }
  const after =
    known.verdict === 'ok'
      ? afterOk(next, known, joined, policy)
      : afterFail(next, known, failComponents(row), windows, policy)
  return summarise(clock.open?.outage ?? null, after)
}

/** When something was last seen well is told beside what comes after the step: by the same clock. */
function stepped(clock: ClockState, deltaMs: number): ClockState {
  const { steps, lastOk, lastOkOf } = clock
  return {
    ...clock,
    steps: steps + 1,
    lastOk: lastOk && { ...lastOk, at: lastOk.at + deltaMs },
    lastOkOf: new Map([...lastOkOf].map(([id, at]) => [id, at + deltaMs])),
  }
}

type After = { readonly clock: ClockState; readonly outage: Outage | null }

function afterOk(clock: ClockState, { at }: KnownVerdict, joined: boolean, policy: OutagePolicy): After {
  const now = elapsedMs(clock.totals)
  const run: OkRun =
    clock.run !== null && joined
      ? { ...clock.run, count: clock.run.count + 1 }
      : { from: at, fromElapsedMs: now, count: 1 }
  const next: ClockState = { ...clock, run, firstFail: null, lastOk: { at, totals: clock.totals } }
  const outage = noteOk(clock.open, run, now, policy)
  return { clock: outage === null || outage.end === null ? next : { ...next, open: null }, outage }
}

function afterFail(
  clock: ClockState,
  known: KnownVerdict,
  failed: readonly string[],
  windows: readonly Span[],
  policy: OutagePolicy,
): After {
  const next: ClockState = { ...clock, run: null }
  if (clock.open !== null) {
    const open = noteFail(clock.open, { at: known.at, totals: clock.totals, failed }, policy)
    return { clock: { ...next, open }, outage: open.outage }
  }
  // A FAIL during planned work opens nothing, and it does not keep those around it from opening one.
  if (windowAt(windows, known.at) !== undefined) return { clock: next, outage: null }
  const first = clock.firstFail
  if (first === null || !opensWith(first, known, clock.steps)) {
    return { clock: { ...next, firstFail: firstFail(clock, known, failed) }, outage: null }
  }
  const open = openOutage(first, { at: known.at, totals: clock.totals, failed }, policy)
  return { clock: { ...next, firstFail: null, open }, outage: open.outage }
}

function firstFail(clock: ClockState, known: KnownVerdict, failed: readonly string[]): FirstFail {
  const lastOkAt = clock.lastOk?.at ?? null
  return {
    at: known.at,
    totals: clock.totals,
    known,
    steps: clock.steps,
    base: clock.lastOk?.totals ?? clock.totals,
    notBefore: lastOkOfAll(clock.lastOkOf, failed) ?? lastOkAt,
    failed,
  }
}

/** A step between two FAILs leaves their distance unknown, which is as good as a gap. */
function opensWith(first: FirstFail, second: KnownVerdict, steps: number): boolean {
  return first.steps === steps && second.at - first.at <= largestGapMs(first.known, second)
}

/** Whether the verdict follows the known one before it without a step or a gap over g. */
function joins({ cursor }: ClockState, next: KnownVerdict): boolean {
  const known = cursor?.known ?? null
  if (known === null || cursor?.stepped === true) return false
  return next.at - known.at <= largestGapMs(known, next)
}

function conditionAfter(clock: ClockState, row: Round, joined: boolean): ClockState['condition'] {
  const impaired = isImpaired(row)
  const goesOn = joined && clock.condition?.impaired === impaired
  return goesOn ? clock.condition : { impaired, since: row.at }
}

function unchanged(clock: ClockState): Decision {
  return { clock, events: [], changed: null }
}

/** Tells what happened by comparing the outage before and after the row. */
function summarise(before: Outage | null, { clock, outage }: After): Decision {
  if (outage === null) return unchanged(clock)
  const events: OutageEvent[] = []
  const note = (kind: OutageEvent['kind'], happened: boolean): void => {
    if (happened) events.push({ kind, outage })
  }
  note('opened', before === null)
  note('warned', outage.warnedAt !== null && (before?.warnedAt ?? null) === null)
  note('letter-due', outage.letterDueAt !== null && (before?.letterDueAt ?? null) === null)
  note('operator-alarm', outage.operatorAlarmAt !== null && (before?.operatorAlarmAt ?? null) === null)
  note('intermittent', outage.intermittent && before?.intermittent !== true)
  note('closed', outage.end !== null)
  return { clock, events, changed: outage === before ? null : outage }
}
