import { DAY, type Instant, MINUTE } from '../time.ts'
import type { Fix, Observation } from './observation.ts'

export type JudgePolicy = {
  /** Live data that lags further behind is archive: max(2 x declared interval, 120 s) unless configured. */
  readonly liveLagMs: number
}

export type Judged = {
  readonly observation: Observation
  /** What is wrong with the terminal's clock. */
  readonly clock?: 'clock-ahead' | 'clock-lost'
}

const TOLERANCE = 2 * MINUTE
const WEEK = 7 * DAY
const YEAR_2010: Instant = 1_262_304_000_000

/**
 * Holds an observation's times against each other (spec/freshness.md 1). `heardAt` is at most `receivedAt`; an
 * event time over 120 s after *heard* becomes *heard* (snapshots are left alone); one before 2010, or within a day
 * of 1,024 or 2,048 weeks before *heard* (a GPS week counter that ran over), is taken away; live data older than
 * `liveLagMs` becomes archive. The fix's own time is held to the same rules, without a remark.
 */
export function judge(observation: Observation, policy: JudgePolicy): Judged {
  const { eventAt, receivedAt, fix } = observation
  const heardAt = believableHeardAt(observation)
  const now = heardAt ?? receivedAt
  const lost = eventAt !== undefined && isLost(eventAt, now)
  const ahead = !lost && eventAt !== undefined && isAhead(eventAt, now, observation)
  const late =
    !lost && observation.kind === 'live' && eventAt !== undefined && now - eventAt > policy.liveLagMs
  const judgedFix = fix === undefined ? undefined : judgeFix(fix, now, observation)
  if (heardAt === observation.heardAt && !lost && !ahead && !late && judgedFix === fix) return { observation }
  const judged = {
    ...without(observation),
    ...(heardAt === undefined ? {} : { heardAt }),
    ...(lost || eventAt === undefined ? {} : { eventAt: ahead ? now : eventAt }),
    ...(late ? { kind: 'archive' as const } : {}),
    ...(judgedFix === undefined ? {} : { fix: judgedFix }),
  }
  if (lost) return { observation: judged, clock: 'clock-lost' }
  return ahead ? { observation: judged, clock: 'clock-ahead' } : { observation: judged }
}

/** A time of a clock that was never set, of a terminal or a server. */
export function isUnset(at: Instant): boolean {
  return at < YEAR_2010
}

/** The first server's time; not later than ours, and none at all if that server has no clock. */
function believableHeardAt({ heardAt, receivedAt }: Observation): Instant | undefined {
  if (heardAt === undefined || isUnset(heardAt)) return undefined
  return heardAt > receivedAt ? receivedAt : heardAt
}

function isLost(at: Instant, heardAt: Instant): boolean {
  if (isUnset(at)) return true
  const age = heardAt - at
  return Math.abs(age - 1024 * WEEK) <= DAY || Math.abs(age - 2048 * WEEK) <= DAY
}

function isAhead(at: Instant, heardAt: Instant, { kind }: Observation): boolean {
  return at > heardAt + TOLERANCE && kind !== 'snapshot'
}

function judgeFix(fix: Fix, heardAt: Instant, observation: Observation): Fix {
  if (fix.at === undefined) return fix
  if (isLost(fix.at, heardAt)) {
    const { at: _, ...rest } = fix
    return rest
  }
  return isAhead(fix.at, heardAt, observation) ? { ...fix, at: heardAt } : fix
}

function without(observation: Observation): Omit<Observation, 'heardAt' | 'eventAt' | 'fix'> {
  const { heardAt: _heardAt, eventAt: _eventAt, fix: _fix, ...rest } = observation
  return rest
}
