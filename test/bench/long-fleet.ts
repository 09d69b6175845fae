import { stderr } from 'node:process'
import type { Fleet } from '../../src/core/fleet/fleet.ts'
import type { Habit } from '../../src/core/freshness/gaps.ts'
import type { FreshnessSettings } from '../../src/core/freshness/threshold.ts'
import { type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { type Character, castOf } from '../simulation/cast.ts'
import { createFlags } from '../simulation/flags.ts'
import { run } from '../simulation/run.ts'
import { createTruth } from '../simulation/truth.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { type Figure, median, round, upTo } from './figure.ts'

/** A Monday. */
const START: Instant = 1_767_571_200_000
const DAYS = 400
/** By then a terminal that learns has learnt. */
const LEARNT_BY_DAY = 100
const TERMINALS = 50
/** One terminal in so many learns its thresholds; what must be said of it is not known by other means. */
const ONE_LEARNS_IN = 5
const INTERVAL = 5 * MINUTE
const RESUME_GRACE = 2 * MINUTE
const SWEEP = 30 * SECOND

/**
 * Few terminals for more than a year: nothing drifts, nothing overflows, nothing is found that is not there, and each
 * silence is flagged when it is due, on the last day as on the first.
 */
export async function measureLong(seed: number): Promise<Record<string, Figure>> {
  const groups = { clients: 3, regions: 2, dealers: 1, operators: 2, models: 2, firmwares: 2 }
  const options = { seed, terminals: TERMINALS, days: DAYS, start: START, intervalsMs: [INTERVAL], groups }
  const cast = castOf(options)
  const learners = cast.filter(({ number }) => number % ONE_LEARNS_IN === 0)
  const isJudged = (number: number): boolean => number % ONE_LEARNS_IN !== 0
  const judged = new Set(cast.filter(({ number }) => isJudged(number)).map(({ id }) => id))
  const truth = createTruth({
    movingMs: DEFAULTS.default.moving,
    parkedMs: DEFAULTS.default.parked,
    resumeGraceMs: RESUME_GRACE,
    graceMs: 2 * INTERVAL,
    start: START,
    sweepEveryMs: SWEEP,
    liveLagMs: 2 * INTERVAL,
    blind: new Map(),
  })
  const flags = createFlags(cast)
  let incidents = 0
  let early: Learnt = { moving: [], parked: [] }
  const { fleet, end } = run(
    cast,
    { outages: [], blindness: [], collapses: [] },
    {
      seed,
      start: START,
      days: DAYS,
      settings: learningBy(learners),
      resumeGraceMs: RESUME_GRACE,
      intervalMs: INTERVAL,
      sweepEveryMs: SWEEP,
      massEveryMs: 30 * SECOND,
      heard(message, source, how) {
        if (isJudged(message.terminal)) truth.heard(message, source, how)
      },
      transition(transition) {
        if (judged.has(transition.terminalId)) flags.note(transition)
      },
      incident(_stored, action) {
        if (action === 'open') incidents++
      },
      dayOver(day, present) {
        if (day === LEARNT_BY_DAY) early = learntBy(present, learners)
        stderr.write(`day ${day} of ${DAYS}, incidents so far: ${incidents}\n`)
      },
    },
  )
  const { missing, offMs, invented } = flags.against(truth.upTo(end - SWEEP))
  for (const one of missing) stderr.write(`never flagged: ${JSON.stringify(one)}\n`)
  for (const key of invented) stderr.write(`flagged without reason: ${key}\n`)
  return {
    longFlags: { value: offMs.length, unit: 'silences flagged' },
    longMissing: upTo(0, 'silences without a flag', missing.length),
    longFalseFlags: upTo(0, 'flags without a silence', invented.length),
    longLateMs: upTo(SWEEP, 'ms', Math.max(0, ...offMs)),
    longFalsePerDay: upTo(0.1, 'incidents/day', round(incidents / DAYS)),
    longLearntMoving: learnt(learntBy(fleet, learners).moving, early.moving),
    longLearntParked: learnt(learntBy(fleet, learners).parked, early.parked),
  }
}

function learningBy(learners: readonly Character[]): FreshnessSettings {
  return { ...DEFAULTS, terminals: Object.fromEntries(learners.map(({ id }) => [id, { learn: true }])) }
}

/** The thresholds of each, min. */
type Learnt = Readonly<Record<Habit, readonly number[]>>

function learntBy({ thresholds: { movingMs, parkedMs } }: Fleet, learners: readonly Character[]): Learnt {
  const minutesOf = (columnMs: ArrayLike<number>) =>
    learners.map(({ number }) => (columnMs[number] ?? Number.NaN) / MINUTE)
  return { moving: minutesOf(movingMs), parked: minutesOf(parkedMs) }
}

/** Reference: what was learnt early. */
function learnt(late: readonly number[], early: readonly number[]): Figure {
  return {
    value: round(median(late)),
    unit: 'min (median)',
    reference: round(median(early)),
    runs: late.map(round),
    referenceRuns: early.map(round),
  }
}
