import { addSource, createFleet, type Fleet } from '../../src/core/fleet/fleet.ts'
import { type GroupKey, setGroup } from '../../src/core/fleet/groups.ts'
import { ensureRow } from '../../src/core/fleet/terminal-table.ts'
import { createMass, massSteps } from '../../src/core/freshness/mass/mass.ts'
import { createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import { CODE } from '../../src/core/freshness/state.ts'
import { DAY, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { type Figure, median, round } from './figure.ts'

const START: Instant = 1_767_225_600_000
const INTERVAL = 30 * SECOND
const EVALUATIONS = 40

/** Groups by dimension: 5,000 together. */
const GROUPS: Partial<Record<GroupKey, number>> = {
  client: 4000,
  dealer: 790,
  region: 85,
  firmware: 70,
  model: 50,
  operator: 5,
}

/**
 * Evaluations of mass silence over so many terminals in 5,000 groups, half of them while an operator is silent: the
 * whole of one, and the longest time for which one held up everything else. Reference: the same counts by group kept
 * in Maps of objects.
 */
export function measureMass(terminals: number): Record<string, Figure> {
  const fleet = largeFleet(terminals)
  const mass = createMass()
  const whole: number[] = []
  const longest: number[] = []
  const reference: number[] = []
  for (let n = 0; n < EVALUATIONS; n++) {
    const now = START + n * INTERVAL
    talk(fleet, now, n >= EVALUATIONS / 2)
    const { totalMs, longestMs } = timed(massSteps(fleet, mass, now))
    if (n < 3) continue
    whole.push(totalMs)
    longest.push(longestMs)
    if (n % 8 === 0) reference.push(countInMaps(fleet, now))
  }
  const limit = 5
  const worst = Math.max(...longest)
  return {
    massEvaluation: {
      value: round(median(whole)),
      unit: 'ms',
      reference: round(median(reference)),
      ratio: round(median(reference) / median(whole)),
      runs: whole.map(round),
    },
    massLongestStep: {
      value: round(worst),
      unit: 'ms',
      goal: `< ${limit}`,
      met: worst < limit,
      runs: longest.map(round),
    },
  }
}

function largeFleet(terminals: number): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  const began = START - DAY
  addSource(
    fleet,
    createSourceWatch({ id: 'gate', intervalMs: INTERVAL, liveLagMs: MINUTE }, began, began, []),
  )
  const { table, groups } = fleet
  for (let row = 0; row < terminals; row++) {
    ensureRow(table, row)
    table.source[row] = 1
    table.ignition[row] = 2
    table.state[row] = CODE.fresh
    for (const [key, count] of Object.entries(GROUPS) as [GroupKey, number][]) {
      setGroup(groups[key], row, `${key} ${(row * 7919) % count}`)
    }
  }
  return fleet
}

/** Each terminal spoke within its interval; those of the first operator do not while it is silent. */
function talk({ table, groups }: Fleet, now: Instant, isOutage: boolean): void {
  for (let row = 0; row < table.size; row++) {
    if (isOutage && groups.operator.of[row] === 1) continue
    const at = now - (row % 30) * SECOND
    table.contactAt[row] = at
    table.liveAt[row] = at
  }
  table.liveCounts[1] = (table.liveCounts[1] ?? 0) + table.size
}

function timed(steps: Generator<number, unknown>) {
  let totalMs = 0
  let longestMs = 0
  for (;;) {
    const started = performance.now()
    const { done } = steps.next()
    const ms = performance.now() - started
    totalMs += ms
    longestMs = Math.max(longestMs, ms)
    if (done) return { totalMs, longestMs }
  }
}

function countInMaps({ table, groups }: Fleet, now: Instant): number {
  const started = performance.now()
  const counts = new Map<string, { n: number; x: number }>()
  for (let row = 0; row < table.size; row++) {
    const silent = now - (table.contactAt[row] ?? 0) > 3 * INTERVAL ? 1 : 0
    for (const key of Object.keys(GROUPS) as GroupKey[]) {
      const name = groups[key].names[groups[key].of[row] ?? 0] ?? ''
      const known = counts.get(name)
      if (known) {
        known.n++
        known.x += silent
      } else counts.set(name, { n: 1, x: silent })
    }
  }
  return performance.now() - started
}
