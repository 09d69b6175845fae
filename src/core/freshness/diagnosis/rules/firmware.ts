import { firmwareOf } from '../../../fleet/reading-columns.ts'
import { DAY, HOUR } from '../../../time.ts'
import { happened } from '../facts.ts'
import { type Rule, SILENT } from '../rule.ts'

/** Spec/freshness.md 8. */
const CHANGED_WITHIN = DAY
/** An update that fails does so soon. */
const JUST_CHANGED = HOUR

/** It told another firmware within 24 h before silence: `high` within the hour, else `medium`. */
export const firmware: Rule = {
  code: 'firmware',
  states: SILENT,
  find(facts) {
    const beforeMs = happened(facts, 'firmwareAt')
    if (beforeMs === null || beforeMs > CHANGED_WITHIN) return null
    const version = firmwareOf(facts.fleet.table.readings, facts.row)?.value ?? ''
    return {
      confidence: beforeMs <= JUST_CHANGED ? 'high' : 'medium',
      evidence: [{ kind: 'firmware', version, beforeMs }],
    }
  },
}
