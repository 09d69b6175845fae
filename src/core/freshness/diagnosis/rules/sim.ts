import type { Fleet } from '../../../fleet/fleet.ts'
import { HOUR, type Instant } from '../../../time.ts'
import { observedSince } from '../../blindness.ts'
import { deafness, heardUntil } from '../../polled-watch.ts'
import { isParked } from '../../registers.ts'
import { overdueAfter } from '../../usual.ts'
import { happened } from '../facts.ts'
import type { Evidence } from '../finding.ts'
import { type Rule, SILENT } from '../rule.ts'
import { simRangeOf } from '../sim-silence.ts'
import { isRoaming } from '../trace-bits.ts'

/** A change of network this shortly before silence has to do with it. */
const CHANGED_WITHIN = HOUR

/** Of a range of SIM numbers at least this share is silent, of at least so many terminals (spec/freshness.md 8). */
const SILENT_SHARE = 0.8
const FEWEST = 5
/** A whole range of so many is hardly chance. */
const MANY = 10

/**
 * It went into roaming or out of it, or the inventory was told another operator, within the hour before silence
 * (`medium`), or at least 80 % of the terminals in its range of SIM numbers are silent: `medium` for 5 to 9 of them, `high`
 * for more, and with both signs.
 */
export const sim: Rule = {
  code: 'sim',
  states: SILENT,
  find(facts) {
    const { fleet, row, now } = facts
    const evidence: Evidence[] = []
    const roamedMs = happened(facts, 'roamingAt')
    if (isRecent(roamedMs))
      evidence.push({ kind: 'roaming', on: isRoaming(fleet.table, row), beforeMs: roamedMs })
    const operatorMs = happened(facts, 'operatorAt')
    if (isRecent(operatorMs)) evidence.push({ kind: 'operator', beforeMs: operatorMs })
    const hasChanged = evidence.length > 0
    const range = simRangeOf(fleet.traces.simSilence, fleet.table, fleet.groups, row, now, (other) =>
      isOverdue(fleet, other, now),
    )
    const isRangeSilent =
      range !== null && range.members >= FEWEST && range.silent >= SILENT_SHARE * range.members
    if (isRangeSilent) evidence.push({ kind: 'sim-range', ...range })
    if (evidence.length === 0) return null
    const isSure = isRangeSilent && (hasChanged || range.members >= MANY)
    return { confidence: isSure ? 'high' : 'medium', evidence }
  },
}

function isRecent(beforeMs: number | null): beforeMs is number {
  return beforeMs !== null && beforeMs <= CHANGED_WITHIN
}

/** It has been silent for three of its usual intervals, as spec/freshness.md 7 has it. */
function isOverdue({ sources, table }: Fleet, row: number, now: Instant): boolean {
  const watch = sources[(table.source[row] ?? 0) - 1]
  if (!watch || isParked(table, row)) return false
  const usualMs = Math.max(table.usualMs[row] ?? 0, watch.intervalMs, watch.polls?.everyMs ?? 0)
  const silenceMs = observedSince(deafness(watch), table.contactAt[row] ?? 0, heardUntil(watch, now))
  return silenceMs > overdueAfter(usualMs)
}
