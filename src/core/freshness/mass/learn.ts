import type { Fleet } from '../../fleet/fleet.ts'
import { DIMENSIONS, type Dimension } from '../../fleet/groups.ts'
import type { Instant } from '../../time.ts'
import { named } from './attribute.ts'
import {
  type Baseline,
  createBaseline,
  encodeBaseline,
  endSlot,
  noteShare,
  type ShareKind,
  slotAt,
  usualShare,
} from './baseline.ts'
import { groupCount } from './census.ts'
import { FEWEST_MEMBERS, FEWEST_SILENT } from './fire.ts'
import { FEWEST_OBSERVED, missingShare, type Observer, observedRate } from './guard.ts'
import type { IncidentGroup } from './incident.ts'
import { type Mass, observersOf } from './mass-state.ts'
import { isSettled } from './members.ts'

/** Baselines take 1.3 kB each: so many groups have one. */
const MOST_BASELINES = 10_000
const PER_STEP = 100
/** From this share on, and so many, it is not single terminals that fell silent. */
const MANY = 0.1

/** Where a new quarter of an hour has begun since the last evaluation, what was learnt in the old one is taken in. */
export function* turnSlot(fleet: Fleet, mass: Mass, now: Instant): Generator<number, void> {
  const before = slotAt(mass.evaluatedAt)
  const slot = slotAt(now)
  if (before === slot) return
  let done = 0
  for (const [group, baseline] of allBaselines(fleet, mass)) {
    if (Number.isFinite(before) && endSlot(baseline, before)) mass.unstored.set(baseline, group)
    baseline.now = usualShare(baseline, slot)
    if (++done % PER_STEP === 0) yield done
  }
}

function* allBaselines(fleet: Fleet, mass: Mass): Generator<readonly [IncidentGroup, Baseline]> {
  for (const dimension of DIMENSIONS) {
    for (const [number, baseline] of mass.baselines[dimension].entries()) {
      if (baseline) yield [named(fleet, { dimension, number }), baseline]
    }
  }
  for (const [number, { baseline }] of observersOf(mass, fleet).entries()) {
    if (baseline) yield [ingestOf(fleet, number), baseline]
  }
}

/**
 * Learns what is usual from this evaluation. `somethingIsWrong`: a group fires, so that the silence of many is not
 * usual in other groups either.
 */
export function* learn(fleet: Fleet, mass: Mass, somethingIsWrong: boolean): Generator<number, void> {
  for (const dimension of DIMENSIONS) {
    const { expected, silent } = mass.census.groups[dimension]
    const unsettled = unsettledGroups(mass, dimension)
    const count = groupCount(fleet, dimension)
    for (let number = 1; number < count; number++) {
      const n = expected[number] ?? 0
      if (n < FEWEST_MEMBERS || unsettled.has(number)) continue
      const baseline = baselineOf(mass, dimension, number)
      if (!baseline) continue
      const x = silent[number] ?? 0
      noteShare(baseline, x / n, kindOf(x, n, somethingIsWrong))
    }
    yield count
  }
  learnRates(fleet, mass)
}

function kindOf(x: number, n: number, somethingIsWrong: boolean): ShareKind {
  if (x < FEWEST_SILENT || x / n < MANY) return 'single'
  return somethingIsWrong ? 'exceptional' : 'many'
}

/** Groups that teach nothing: they have an incident. Once that is settled, those who are not in it are as always. */
function unsettledGroups({ open, census }: Mass, dimension: Dimension): ReadonlySet<number> {
  const those = [...open.values()].filter((one) => {
    return one.incident.dimension === dimension && !isSettled(one, census.now)
  })
  return new Set(those.map(({ group }) => group))
}

function baselineOf(mass: Mass, dimension: Dimension, number: number): Baseline | undefined {
  const known = mass.baselines[dimension][number]
  if (known || mass.baselineCount >= MOST_BASELINES) return known
  mass.baselineCount++
  const made = createBaseline(mass.census.now)
  mass.baselines[dimension][number] = made
  return made
}

function learnRates(fleet: Fleet, mass: Mass): void {
  const { census } = mass
  for (const [number, observer] of observersOf(mass, fleet).entries()) {
    const source = census.sources[number]
    if (source?.mode !== 'judged' || source.expected < FEWEST_OBSERVED) continue
    const baseline = observer.baseline ?? beginRates(fleet, mass, number, observer)
    const rate = observedRate(fleet, census, number, observer)
    if (!rate) continue
    const { share, kind } = missingShare(rate)
    noteShare(baseline, share, kind)
  }
}

/** That of a polled source, whose rate is not known, never changes: since when it is learnt must be stored at once. */
function beginRates(fleet: Fleet, mass: Mass, number: number, observer: Observer): Baseline {
  const baseline = createBaseline(mass.census.now)
  observer.baseline = baseline
  mass.unstored.set(baseline, ingestOf(fleet, number))
  return baseline
}

function ingestOf(fleet: Fleet, number: number): IncidentGroup {
  return { dimension: 'ingest', group: fleet.sources[number - 1]?.id ?? '' }
}

/** Baselines that wait for the store at most: while it takes nothing they wait here as they are. */
const MOST_WAITING = 2000
const FEWEST_AT_ONCE = 50

/** Hands changed baselines to the store, spread over ten minutes. */
export function storeBaselines(fleet: Fleet, { unstored }: Mass): void {
  const room = MOST_WAITING - fleet.changedBaselines.length
  const count = Math.min(room, Math.max(FEWEST_AT_ONCE, Math.ceil(unstored.size / 20)))
  for (const [baseline, group] of [...unstored].slice(0, Math.max(0, count))) {
    unstored.delete(baseline)
    fleet.changedBaselines.push({ ...group, bytes: encodeBaseline(baseline) })
  }
}
