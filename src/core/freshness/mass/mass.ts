import type { Fleet } from '../../fleet/fleet.ts'
import { type Instant, MINUTE, SECOND } from '../../time.ts'
import { heldAlerts } from '../alert.ts'
import { beginBlind } from '../source-watch.ts'
import type { Transition } from '../state.ts'
import { attribute, firing, type Group, named } from './attribute.ts'
import { beginCensus, countRows, createCensus, endCensus, removeRow } from './census.ts'
import { end, follow, isOver } from './follow.ts'
import { guardSource } from './guard.ts'
import type { StoredIncident } from './incident.ts'
import { learn, storeBaselines, turnSlot } from './learn.ts'
import { blindBy, type Mass, observersOf, usualIn } from './mass-state.ts'
import { joinIncident, noteOpening, openIncident, storedIncident } from './open-incident.ts'
import { noteCount } from './rates.ts'

/** So often mass silence is looked for. */
export const MASS_EVERY = 30 * SECOND

/** What one evaluation found. */
export type MassOutcome = {
  readonly opened: StoredIncident[]
  /** The alerts of their members that were held back are due (core/freshness/alert.ts). */
  readonly closed: StoredIncident[]
  /** Incidents that are to be stored: those above, and others that grew or shrank. */
  readonly changed: StoredIncident[]
}

const ROWS_PER_STEP = 5000
/** Two evaluations further apart than this are not in a row. */
const IN_A_ROW = 2 * MINUTE

export function createMass(): Mass {
  return {
    census: createCensus(),
    streaks: new Map(),
    open: new Map(),
    baselines: {
      source: [],
      operator: [],
      region: [],
      client: [],
      dealer: [],
      model: [],
      firmware: [],
    },
    baselineCount: 0,
    observers: [],
    unstored: new Map(),
    evaluatedAt: -Infinity,
  }
}

/** Evaluates the whole fleet at once, as of `now` (spec/freshness.md 7); `released`: alerts that were held back. */
export function evaluateMass(
  fleet: Fleet,
  mass: Mass,
  now: Instant,
): MassOutcome & { readonly released: readonly Transition[] } {
  const steps = massSteps(fleet, mass, now)
  for (;;) {
    const step = steps.next()
    if (!step.done) continue
    const released = step.value.closed.flatMap(({ rows }) => heldAlerts(fleet, rows, now, now))
    return { ...step.value, released }
  }
}

/**
 * The same in steps of a few milliseconds each, all as of `now`. What the fleet is told in between may or may not
 * count in it.
 */
export function* massSteps(fleet: Fleet, mass: Mass, now: Instant): Generator<number, MassOutcome> {
  const { census } = mass
  const outcome: MassOutcome = { opened: [], closed: [], changed: [] }
  yield* turnSlot(fleet, mass, now)
  if (now <= mass.evaluatedAt || now - mass.evaluatedAt > IN_A_ROW) mass.streaks = new Map()
  mass.evaluatedAt = now
  observersOf(mass, fleet).forEach(({ rates }, source) => {
    noteCount(rates, now, fleet.table.liveCounts[source] ?? 0)
  })
  beginCensus(census, fleet, now, (source) => blindBy(mass, source))
  const { size } = fleet.table
  for (let from = 0; from < size; from += ROWS_PER_STEP) {
    countRows(fleet, census, from, Math.min(size, from + ROWS_PER_STEP))
    yield from
  }
  endCensus(census)
  yield* followAll(fleet, mass, outcome)
  yield* guard(fleet, mass)
  yield* explain(fleet, mass)
  for (const open of mass.open.values()) {
    if (!open.changed) continue
    open.changed = false
    const stored = storedIncident(open)
    outcome.changed.push(stored)
    if (open.incident.openedAt === now) outcome.opened.push(stored)
  }
  for (const stored of outcome.changed) keep(fleet, stored)
  storeBaselines(fleet, mass)
  return outcome
}

function* followAll(fleet: Fleet, mass: Mass, outcome: MassOutcome): Generator<number, void> {
  for (const open of [...mass.open.values()]) {
    yield* follow(fleet, mass, open)
    if (!isOver(open, mass.census.now)) continue
    yield* end(fleet, mass, open)
    const stored = storedIncident(open)
    outcome.closed.push(stored)
    outcome.changed.push(stored)
  }
}

/** First of all: a fault of ours or of the service is nobody else's. */
function* guard(fleet: Fleet, mass: Mass): Generator<number, void> {
  const { census } = mass
  for (const [source, observer] of observersOf(mass, fleet).entries()) {
    const collapse = yield* guardSource(fleet, census, source, observer)
    const watch = fleet.sources[source - 1]
    if (!collapse || !watch) continue
    const group = { dimension: 'ingest', group: watch.id, number: source, also: [] } as const
    const begun = yield* begin(fleet, mass, group, collapse.members, expectedOf(mass, source))
    if (!begun) continue
    beginBlind(watch, 'rate', collapse.from)
    for (let row = 0; row < census.marks.length; row++) {
      if (row % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield row
      if (fleet.table.source[row] === source) removeRow(census, row)
    }
  }
}

function expectedOf({ census }: Mass, source: number): number {
  return census.sources[source]?.expected ?? 0
}

/** Opens an incident for each group that explains silence, after it fired twice in a row. */
function* explain(fleet: Fleet, mass: Mass): Generator<number, void> {
  const { census } = mass
  const usual = (group: Group): number => usualIn(mass, group)
  const now = yield* firing(fleet, census, usual)
  yield* learn(fleet, mass, now.length > 0)
  const streaks = new Map(now.map((group) => [keyOf(group), (mass.streaks.get(keyOf(group)) ?? 0) + 1]))
  mass.streaks = streaks
  const candidates = now.filter((group) => (streaks.get(keyOf(group)) ?? 0) >= 2)
  for (const finding of yield* attribute(fleet, census, candidates, usual)) {
    const { number, rows, expected } = finding
    const also = finding.also.map((group) => named(fleet, group))
    yield* begin(fleet, mass, { ...named(fleet, finding), number, also }, rows, expected)
  }
}

function keyOf({ dimension, number }: Group): string {
  return `${dimension} ${number}`
}

function* begin(
  fleet: Fleet,
  mass: Mass,
  group: Parameters<typeof openIncident>[1],
  rows: Uint32Array,
  expected: number,
): Generator<number, boolean> {
  const open = openIncident(fleet, group, expected, mass.census.now)
  if (!open) return false
  for (let index = 0; index < rows.length; index++) {
    if (index % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield index
    joinIncident(fleet, open, rows[index] ?? 0)
  }
  noteOpening(fleet, open)
  mass.open.set(open.number, open)
  return true
}

/** An incident that still waits to be stored is replaced. */
function keep(fleet: Fleet, stored: StoredIncident): void {
  const others = fleet.changedIncidents.filter(({ incident }) => incident.id !== stored.incident.id)
  fleet.changedIncidents = [...others, stored]
}
