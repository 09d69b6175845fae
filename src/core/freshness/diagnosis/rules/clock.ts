import { HOUR } from '../../../time.ts'
import { clockBehind } from '../../registers.ts'
import { happened } from '../facts.ts'
import { type Rule, SILENT } from '../rule.ts'

/** A fault this shortly before the newest data is one of now. */
const FAULT_WITHIN = HOUR

/**
 * Its clock is behind by a constant time, or told a time that cannot be true within the hour before its newest data.
 * `high` when a constant lag is all that is wrong (state `backlog`), else `low`: a wrong clock alone silences nobody.
 */
export const clock: Rule = {
  code: 'clock',
  states: [...SILENT, 'backlog', 'no-fix'],
  find(facts) {
    const { table } = facts.fleet
    if (clockBehind(table, facts.row)) {
      const ms = table.lagMs[facts.row] ?? 0
      return {
        confidence: facts.state === 'backlog' ? 'high' : 'low',
        evidence: [{ kind: 'clock-behind', ms }],
      }
    }
    const beforeMs = happened(facts, 'clockFaultAt')
    if (beforeMs === null || beforeMs > FAULT_WITHIN) return null
    return { confidence: 'low', evidence: [{ kind: 'clock-fault', beforeMs }] }
  },
}
