import { expect, test } from 'vitest'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { castOf } from './cast.ts'
import type { Events } from './events.ts'
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
  const flags = new Map<string, Instant>()
  const changes: Record<string, number> = {}
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
    transition({ terminalId, at: changedAt, from, to, contactAt }) {
      if (from === to) return
      const change = `${from ?? '-'} > ${to}`
      changes[change] = (changes[change] ?? 0) + 1
      const isFlag = (to === 'stale' || to === 'lost') && from !== 'stale' && from !== 'lost'
      if (isFlag) flags.set(`${Number(terminalId) - 300_000_000}@${contactAt}`, changedAt)
    },
    incident: ({ dimension, group }, action, now) =>
      incidents.push(`${(now - START) / MINUTE} ${action} ${dimension} ${group}`),
  })
  const { due, open } = truth.upTo(end - SWEEP)

  const missing = due.filter(({ terminal, contactAt }) => !flags.has(`${terminal}@${contactAt}`))
  expect(missing).toEqual([])
  const late = due.filter(({ terminal, contactAt, dueAt }) => {
    const flaggedAt = flags.get(`${terminal}@${contactAt}`) ?? 0
    return Math.abs(flaggedAt - dueAt) > SECOND
  })
  expect(late).toEqual([])
  const known = new Set(due.map(({ terminal, contactAt }) => `${terminal}@${contactAt}`))
  expect([...flags.keys()].filter((key) => !known.has(key) && !open.has(key))).toEqual([])
  expect(due.length).toBeGreaterThan(500)

  expect({ observations, flags: flags.size, changes, incidents }).toEqual(golden)
}, 120_000)
