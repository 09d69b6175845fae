import type { Fleet } from '../../fleet/fleet.ts'
import { type Instant, SECOND } from '../../time.ts'
import { type Blindness, isBlind } from '../blindness.ts'
import { deafness, heardUntil } from '../polled-watch.ts'
import type { Polls } from '../polls.ts'
import { graceEnd } from '../source-watch.ts'
import type { Intervals } from './intervals.ts'

/** What is counted of the terminals of a source. */
type Mode = 'judged' | 'left-out' | 'rate-only'

/** What a census needs of a source, worked out once. */
export type CensusSource = {
  readonly mode: Mode
  /** Declared interval, and of a polled source the time between two polls: nobody is seen more often. ms */
  readonly intervalMs: number
  readonly leastMs: number
  readonly deafness: Blindness
  /** Nothing was deaf after this. */
  readonly deafUntil: Instant
  readonly heardUntil: Instant
  readonly polls: Polls | null
  /** Number of the open incident that makes it blind; 0: none. */
  readonly incident: number
  readonly intervals: Intervals
  /** Messages per ms of those that are expected to talk. */
  perMs: number
  /** Terminals that should talk, and those of a source that is blind by its rate that do. */
  expected: number
  talking: number
  /** Terminals that talked when the window began and have said since then that they are parked. */
  rested: number
}

/** `incident`: number of the open one that makes the source blind; `intervals` are used again. */
export function censusSource(
  fleet: Fleet,
  number: number,
  now: Instant,
  incident: number,
  intervals: Intervals,
): CensusSource | undefined {
  const watch = fleet.sources[number - 1]
  if (!watch) return undefined
  const { polls, intervalMs } = watch
  const isJudged = !isBlind(watch.blindness) && now >= graceEnd(watch, fleet.resumeGraceMs)
  const deaf = deafness(watch)
  return {
    mode: incident !== 0 ? 'rate-only' : isJudged ? 'judged' : 'left-out',
    intervalMs,
    leastMs: Math.max(SHORTEST_INTERVAL, polls?.everyMs ?? 0),
    deafness: deaf,
    deafUntil: deaf.to.at(-1) ?? -Infinity,
    heardUntil: heardUntil(watch, now),
    polls,
    incident,
    intervals,
    perMs: 0,
    expected: 0,
    talking: 0,
    rested: 0,
  }
}

const SHORTEST_INTERVAL = SECOND
