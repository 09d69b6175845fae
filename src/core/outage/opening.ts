import { HOUR, type Instant, toIso } from '../time.ts'
import type { FirstFail, OkRun, OpenOutage, OutagePolicy } from './clock-state.ts'
import { NO_BULLETINS, UNHANDLED } from './handling.ts'
import type { Outage } from './outage.ts'
import type { KnownVerdict } from './timeline.ts'
import type { Totals } from './uptime.ts'

/** A FAIL verdict with the time line up to it. */
export type Fail = { readonly at: Instant; readonly totals: Totals; readonly failed: readonly string[] }

/** More changes than this within an hour make an outage `intermittent`. */
const STEADY_TURNS = 6

/** The second FAIL opens the outage and dates it back to the first. */
export function openOutage(first: FirstFail, second: Fail, policy: OutagePolicy): OpenOutage {
  const outage: Outage = {
    id: outageId(first.at),
    state: 'open',
    start: first.at,
    notBefore: first.notBefore,
    end: null,
    downMs: 0,
    possibleMs: 0,
    latestFailAt: first.at,
    letterDueAt: null,
    operatorAlarmAt: null,
    warnedAt: null,
    intermittent: false,
    failed: first.failed,
    handling: UNHANDLED,
    bulletins: NO_BULLETINS,
  }
  return noteFail({ outage, start: first.totals, base: first.base, turns: [] }, second, policy)
}

/**
 * A FAIL moves both clocks, and only a FAIL makes a letter or an alarm due (spec/outage-clock.md 4). An outage that
 * was cancelled as false absorbs it: its figures are those at which people cancelled it (section 6).
 */
export function noteFail(open: OpenOutage, fail: Fail, policy: OutagePolicy): OpenOutage {
  const { outage, start, base } = open
  if (outage.state === 'cancelled') return { ...open, outage: { ...outage, latestFailAt: fail.at } }
  const downMs = fail.totals.down - start.down
  const unknownMs = fail.totals.unknown - base.unknown
  const possibleMs = fail.totals.down - base.down + fail.totals.edge - base.edge + unknownMs
  const due = downMs > policy.noticeAfterMs
  const warned = policy.warnAfterMs !== undefined && downMs >= policy.warnAfterMs
  const alarm =
    !due &&
    outage.letterDueAt === null &&
    possibleMs > policy.noticeAfterMs &&
    possibleMs - unknownMs <= policy.noticeAfterMs
  return {
    ...open,
    outage: {
      ...outage,
      downMs,
      possibleMs,
      latestFailAt: fail.at,
      letterDueAt: outage.letterDueAt ?? (due ? fail.at : null),
      operatorAlarmAt: outage.operatorAlarmAt ?? (alarm ? fail.at : null),
      warnedAt: outage.warnedAt ?? (warned ? fail.at : null),
      failed: union(outage.failed, fail.failed),
    },
  }
}

/** An OK ends the outage when its run is long enough, dated back to the first OK of the run. */
export function noteOk(
  open: OpenOutage | null,
  run: OkRun,
  nowElapsedMs: number,
  policy: OutagePolicy,
): Outage | null {
  if (open === null) return null
  const lasted = run.count >= 3 && nowElapsedMs - run.fromElapsedMs >= policy.recoveryPeriodMs
  if (policy.recoveryPeriodMs > 0 && !lasted) return open.outage
  return {
    ...open.outage,
    state: open.outage.state === 'cancelled' ? 'cancelled' : 'closed',
    end: run.from,
  }
}

/** Counts a change between OK and FAIL inside the outage. */
export function noteTurn(
  open: OpenOutage | null,
  before: KnownVerdict | null,
  { verdict }: KnownVerdict,
  elapsedMs: number,
): OpenOutage | null {
  if (open === null || before === null || before.verdict === verdict) return open
  if (open.outage.state === 'cancelled') return open
  const turns = [...open.turns, elapsedMs].slice(-(STEADY_TURNS + 1))
  const restless = turns.length > STEADY_TURNS && elapsedMs - (turns[0] ?? elapsedMs) <= HOUR
  if (!restless || open.outage.intermittent) return { ...open, turns }
  return { ...open, turns, outage: { ...open.outage, intermittent: true } }
}

/** `20261123T081500Z`; milliseconds follow only when there are some. */
function outageId(start: Instant): string {
  return toIso(start).replace(/[-:]|\.000|\./g, '')
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const added = b.filter((id) => !a.includes(id))
  return added.length === 0 ? a : [...a, ...added]
}
