import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addSource, createFleet } from '../../src/core/fleet/fleet.ts'
import { rowFor } from '../../src/core/fleet/spoken-names.ts'
import { createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import { takeObservation } from '../../src/core/freshness/take.ts'
import type { Observation } from '../../src/core/telemetry/observation.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { castOf } from './cast.ts'
import { createLives } from './life.ts'

/** A Monday. */
const START: Instant = 1_767_571_200_000
const REGISTERS = ['contactAt', 'dataAt', 'liveAt', 'fixAt', 'linkAt'] as const

/** A day of 60 terminals, with archives and wrong clocks. */
const LOG = logOf(60)

test('the same log through any split of workers, duplicated and shuffled, gives the same registers', () => {
  const expected = merged([workerAfter(LOG)])
  expect([...expected.values()].every(([contactAt = 0]) => contactAt > START)).toBe(true)
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 5 }), (seed, workers) => {
      const random = seededRandom(seed)
      const doubled = LOG.flatMap((one) => (random() < 0.2 ? [one, one] : [one]))
      const shuffled = doubled
        .map((observation) => ({ observation, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ observation }) => observation)
      const parts = Map.groupBy(shuffled, () => Math.floor(random() * workers))
      expect(merged([...parts.values()].map(workerAfter))).toEqual(expected)
    }),
    { numRuns: 15 },
  )
})

function logOf(terminals: number): Observation[] {
  const groups = { clients: 4, regions: 2, dealers: 2, operators: 2, models: 2, firmwares: 2 }
  const cast = castOf({ seed: 9, terminals, days: 1, start: START, intervalsMs: [2 * MINUTE], groups })
  const isMute = (terminal: number, at: Instant) =>
    terminal % 3 === 0 && at % DAY > 9 * HOUR && at % DAY < 10 * HOUR
  const lives = createLives(cast, 9, START, isMute)
  const log: Observation[] = []
  for (let now = START; now < START + DAY; now += SECOND) {
    lives.second(now, ({ terminal, kind, receivedAt, eventAt, isMoving, fix }) => {
      const readings = { ignition: isMoving, speedKmh: isMoving ? 40 : 0 }
      log.push({
        terminalId: cast[terminal]?.id ?? '',
        source: 'gate',
        receivedAt,
        eventAt,
        kind,
        ...(fix ? { fix } : {}),
        readings,
      })
    })
  }
  return log
}

/** The registers of every terminal by its id, after one worker took this part of the log. */
function workerAfter(part: readonly Observation[]): Map<string, number[]> {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  addSource(
    fleet,
    createSourceWatch({ id: 'gate', intervalMs: MINUTE, liveLagMs: 4 * MINUTE }, START, START, []),
  )
  for (const observation of part) {
    takeObservation(fleet, rowFor(fleet, observation.terminalId, 1, observation.receivedAt), observation, 1)
  }
  return new Map(
    [...fleet.inventory].map(({ id, row }) => [id, REGISTERS.map((name) => fleet.table[name][row] ?? 0)]),
  )
}

function merged(workers: readonly Map<string, number[]>[]): Map<string, number[]> {
  const all = new Map<string, number[]>()
  for (const worker of workers) {
    for (const [id, registers] of worker) {
      const known = all.get(id)
      all.set(id, known ? registers.map((at, i) => Math.max(at, known[i] ?? 0)) : registers)
    }
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}
