import { decide } from '../core/outage/clock.ts'
import { type ClockState, NEW_CLOCK, type OutagePolicy } from '../core/outage/clock-state.ts'
import type { Outage } from '../core/outage/outage.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { NO_TIME } from '../core/outage/uptime.ts'
import type { ClockStep, Round } from '../core/outage/verdict.ts'
import { DAY, type Instant } from '../core/time.ts'
import type { OutageStore, TraceRow } from '../ports.ts'
import type { LedgerStart } from './prober-ledger.ts'

export type RestoreOptions = {
  readonly policy: OutagePolicy
  readonly intervalMs: number
  readonly timeoutMs: number
}

/** Without an OK in this time the search for the last one ends. */
const LONGEST_LOOK_BACK_MS = 400 * DAY
/** Rows near a step back have earlier times than rows before them; so much of it is looked through. */
const STEP_MARGIN_MS = 2 * DAY

/**
 * The clock as the stored rows make it, from the end of the last outage that is over, which is settled. Outages that
 * a crash kept from being saved are `unsaved`; a letter that became due meanwhile waits for a fresh FAIL or the end.
 * What people did and the series of letters stand as they were stored.
 */
export async function restoreLedger(
  store: Pick<OutageStore, 'trace' | 'outages'>,
  outages: readonly Outage[],
  merged: readonly Span[],
  now: Instant,
  options: RestoreOptions,
): Promise<LedgerStart> {
  const open = outages.find(({ end }) => end === null)
  const closed = outages.find(({ end }) => end !== null)
  const rows = await loadRows(store, open, closed, now)
  if (open === undefined) {
    return withoutSettled(
      store,
      startFrom(fold(NEW_CLOCK, rows, merged, options.policy), rows, open, closed, now),
    )
  }
  const split = indexAfter(rows, open.latestFailAt)
  const past = fold(NEW_CLOCK, rows.slice(0, split), merged, options.policy)
  const begun = past.clock.open?.outage.id === open.id ? upheld(past.clock, open) : resumed(open, options)
  return withoutSettled(
    store,
    startFrom(fold(begun, rows.slice(split), merged, options.policy), rows, open, closed, now),
  )
}

type Folded = { readonly clock: ClockState; readonly outages: ReadonlyMap<string, Outage> }

function fold(
  start: ClockState,
  rows: readonly TraceRow[],
  merged: readonly Span[],
  policy: OutagePolicy,
): Folded {
  const outages = new Map<string, Outage>()
  let clock = start
  for (const row of rows) {
    const decision = decide(clock, row, merged, policy)
    clock = decision.clock
    if (decision.changed !== null) outages.set(decision.changed.id, decision.changed)
  }
  return { clock, outages }
}

/** Rows from the last outage's end on, or from far enough back to hold the last OK before the open one. */
async function loadRows(
  store: Pick<OutageStore, 'trace'>,
  open: Outage | undefined,
  closed: Outage | undefined,
  now: Instant,
): Promise<readonly TraceRow[]> {
  const until = open?.start ?? now
  // What is still to come is of a clock that was wrong: by how much is unknown.
  const lived = Math.min(until, open?.notBefore ?? until, now)
  const end = closed?.end ?? Number.NEGATIVE_INFINITY
  const settledAt = end <= Math.min(until, now) ? end : Number.NEGATIVE_INFINITY
  for (let lookBackMs = DAY; ; lookBackMs *= 4) {
    const from = lived - lookBackMs
    const complete = from <= settledAt || lookBackMs > LONGEST_LOOK_BACK_MS
    const begin = Math.max(from, settledAt - STEP_MARGIN_MS)
    const rows = await store.trace(Math.max(0, begin), Number.MAX_SAFE_INTEGER)
    if (complete || rows.some((row) => isOk(row) && row.at <= until)) {
      return closed?.end == null ? rows : rows.slice(indexOfRun(rows, closed, closed.end))
    }
  }
}

/**
 * Where the run of OKs begins that closed the last outage; without that row, the first one after its time. It is
 * looked for behind the last FAIL, because a step back can make two rows of one time.
 */
function indexOfRun(rows: readonly TraceRow[], closed: Outage, end: Instant): number {
  const failed = indexAfter(rows, closed.latestFailAt)
  const exact = rows.findIndex((row, index) => index >= failed && isOk(row) && row.at === end)
  if (exact >= 0) return exact
  const later = rows.findIndex(({ at }) => at >= end)
  return later < 0 ? rows.length : later
}

/** Behind the round of that time; without it, the first row of a later one. */
function indexAfter(rows: readonly TraceRow[], at: Instant): number {
  const exact = rows.findLastIndex((row) => row.kind === 'round' && row.at === at)
  if (exact >= 0) return exact + 1
  const later = rows.findIndex((row) => row.at > at)
  return later < 0 ? rows.length : later
}

/**
 * What was decided under an older policy stands: letters may rest on it. So does all of a cancelled outage, whose
 * rows would have gone on counting, and what no row knows.
 */
function upheld(clock: ClockState, stored: Outage): ClockState {
  if (clock.open === null) return clock
  const told = clock.open.outage
  const outage: Outage =
    stored.state === 'cancelled'
      ? stored
      : {
          ...told,
          letterDueAt: stored.letterDueAt ?? told.letterDueAt,
          operatorAlarmAt: stored.operatorAlarmAt ?? told.operatorAlarmAt,
          warnedAt: stored.warnedAt ?? told.warnedAt,
          intermittent: stored.intermittent || told.intermittent,
          handling: stored.handling,
          bulletins: stored.bulletins,
        }
  return { ...clock, open: { ...clock.open, outage } }
}

/**
 * A clock in the middle of a stored outage, from its figures: retention took the rows that opened it, or under the
 * present policy they would have made something else of it.
 */
function resumed(outage: Outage, { intervalMs, timeoutMs }: RestoreOptions): ClockState {
  const at = outage.latestFailAt
  return {
    ...NEW_CLOCK,
    cursor: { at, known: { at, verdict: 'fail', intervalMs, timeoutMs }, stepped: false },
    totals: { ...NO_TIME, down: outage.downMs, edge: outage.possibleMs - outage.downMs },
    open: { outage, start: NO_TIME, base: NO_TIME, turns: [] },
    condition: { impaired: true, since: outage.start },
  }
}

function startFrom(
  { clock, outages }: Folded,
  rows: readonly TraceRow[],
  open: Outage | undefined,
  closed: Outage | undefined,
  now: Instant,
): LedgerStart {
  const settledUntil = open?.start ?? closed?.end ?? Number.NEGATIVE_INFINITY
  const unsaved: Outage[] = []
  for (const outage of outages.values()) {
    if (outage.start < settledUntil || outage.id === closed?.id) continue
    if (outage.id === open?.id && isSame(outage, open)) continue
    unsaved.push(outage)
  }
  const newest = rows.findLast((row): row is Round => row.kind === 'round') ?? null
  const last = rows.at(-1)
  const lastRowAt = last === undefined ? null : last.kind === 'round' ? last.completedAt : last.at
  return { clock, newest, unsaved, missedStep: missedStep(rows, now), lastRowAt }
}

const LATEST_OUTAGES = 100

/** Behind a step back an outage may have ended after the newest that has: it is stored, and what people did to it too. */
async function withoutSettled(store: Pick<OutageStore, 'outages'>, start: LedgerStart): Promise<LedgerStart> {
  if (start.unsaved.length === 0) return start
  const stored = await store.outages(LATEST_OUTAGES)
  const settled = new Set(stored.filter(({ end }) => end !== null).map(({ id }) => id))
  return { ...start, unsaved: start.unsaved.filter(({ id }) => !settled.has(id)) }
}

/**
 * Rows from the future were stored before somebody set the clock back while this program was not running. At least by
 * so much: how long it was not running is unknown then.
 */
function missedStep(rows: readonly TraceRow[], now: Instant): ClockStep | null {
  const last = rows.at(-1)
  return last === undefined || last.at <= now ? null : { kind: 'step', at: now, deltaMs: now - last.at }
}

function isSame(a: Outage, b: Outage): boolean {
  return a.end === b.end && a.latestFailAt === b.latestFailAt && a.intermittent === b.intermittent
}

function isOk(row: TraceRow): boolean {
  return row.kind === 'round' && row.verdict === 'ok'
}
