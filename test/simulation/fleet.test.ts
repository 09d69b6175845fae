import { expect, test } from 'vitest'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { castOf } from './cast.ts'
import type { Events } from './events.ts'
import { createFlags } from './flags.ts'
import golden from './golden.json' with { type: 'json' }
import { run } from './run.ts'
import { createTruth } from './truth.ts'

/** A Monday. */
const START: Instant = 1_767_571_200_000
const DAYS = 3
const INTERVAL = 5 * MINUTE
const RESUME_GRACE = 2 * MINUTE
const SEED = 5
/** The program sweeps more often; its flags are dated at their instant all the same. */
const SWEEP = 5 * SECOND

const at = (day: number, hour: number, minute = 0): Instant =>
  START + day * DAY + hour * HOUR + minute * MINUTE

const EVENTS: Events = {
  outages: [
    { dimension: 'operator', group: 'Operator 1', from: at(1, 11), to: at(1, 12, 30) },
    { dimension: 'firmware', group: '107', from: at(2, 10, 20), to: at(2, 12) },
    { dimension: 'region', group: 'Region 3', from: at(2, 14), to: at(2, 14, 50) },
  ],
  blindness: [
    { source: 1, from: at(0, 9, 30), to: at(0, 9, 31) },
    { source: 1, from: at(0, 13), to: at(0, 13, 25) },
    { source: 1, from: at(1, 8), to: at(1, 11, 40) },
    { source: 2, from: at(1, 15), to: at(1, 15, 10) },
    { source: 1, from: at(1, 22), to: at(2, 4) },
  ],
  collapses: [],
}

test('2,000 terminals over three days: each silence is flagged at its instant, and nothing else', () => {
  const cast = castOf({
    seed: SEED,
    terminals: 2000,
    days: DAYS,
    start: START,
    intervalsMs: [INTERVAL],
    groups: { clients: 40, regions: 10, dealers: 8, operators: 4, models: 6, firmwares: 9 },
  })
  const truth = createTruth({
    movingMs: DEFAULTS.default.moving,
    parkedMs: DEFAULTS.default.parked,
    resumeGraceMs: RESUME_GRACE,
    graceMs: 2 * INTERVAL,
    start: START,
    sweepEveryMs: SWEEP,
    liveLagMs: 2 * INTERVAL,
    blind: Map.groupBy(EVENTS.blindness, ({ source }) => source),
  })
  const flags = createFlags(cast)
  const changes: Record<string, number> = {}
  const causes: Record<string, number> = {}
  const incidents: string[] = []
  const { observations, end } = run(cast, EVENTS, {
    seed: SEED,
    start: START,
    days: DAYS,
    settings: DEFAULTS,
    resumeGraceMs: RESUME_GRACE,
    intervalMs: INTERVAL,
    sweepEveryMs: SWEEP,
    massEveryMs: 30 * SECOND,
    heard: truth.heard,
    transition(transition) {
      flags.note(transition)
      const { from, to, cause } = transition
      if (from === to) return
      count(changes, `${from ?? '-'} > ${to}`)
      if (cause !== undefined) count(causes, cause)
    },
    incident: ({ incident: { dimension, group } }, action, now) =>
      incidents.push(`${(now - START) / MINUTE} ${action} ${dimension} ${group}`),
  })
  const { due, open } = truth.upTo(end - SWEEP)

  const { missing, offMs, invented } = flags.against({ due, open })
  expect(missing).toEqual([])
  expect(Math.max(...offMs)).toBeLessThanOrEqual(SECOND)
  expect(invented).toEqual([])
  expect(due.length).toBeGreaterThan(500)

  expect({ observations, flags: flags.count(), changes, causes, incidents }).toEqual(golden)
}, 120_000)

test('terminals that die of their supply are mostly diagnosed so, and others never', () => {
  const diesAt = (number: number): Instant => at(1, 0) + number * 6 * MINUTE
  const groups = { clients: 40, regions: 10, dealers: 8, operators: 4, models: 6, firmwares: 9 }
  const options = { seed: SEED, terminals: 240, days: DAYS, start: START, intervalsMs: [INTERVAL], groups }
  // Each in its turn, so that it is no fault of many.
  const cast = castOf(options).map((one) => ({ ...one, diesAt: diesAt(one.number), revivesAt: Infinity }))
  const causes = new Map<string, string | undefined>()
  run(
    cast,
    { outages: [], blindness: [], collapses: [] },
    {
      seed: SEED,
      start: START,
      days: DAYS,
      settings: DEFAULTS,
      resumeGraceMs: RESUME_GRACE,
      intervalMs: INTERVAL,
      sweepEveryMs: 30 * SECOND,
      massEveryMs: 30 * SECOND,
      transition({ terminalId, at: changedAt, to, cause }) {
        const character = cast.find(({ id }) => id === terminalId)
        if (to === 'stale' && changedAt > (character?.diesAt ?? Infinity)) causes.set(terminalId, cause)
      },
      incident: () => {},
    },
  )
  const shareOf = (death: string, cause: string): number => {
    const of = cast.filter((one) => one.death === death && causes.has(one.id))
    expect(of.length).toBeGreaterThan(50)
    return of.filter(({ id }) => causes.get(id) === cause).length / of.length
  }
  expect(shareOf('power-cut', 'power-cut')).toBeGreaterThan(0.9)
  expect(shareOf('battery', 'vehicle-battery')).toBeGreaterThan(0.9)
  expect(shareOf('sudden', 'power-cut') + shareOf('sudden', 'vehicle-battery')).toBe(0)
})

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
