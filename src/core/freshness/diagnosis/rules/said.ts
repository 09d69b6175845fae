import { STATES } from '../../state.ts'
import type { Evidence } from '../finding.ts'
import type { Rule } from '../rule.ts'

/** An open incident explains the silence (spec/freshness.md 7): many fell silent for one reason. Always `high`. */
export const incident: Rule = {
  code: 'incident',
  states: STATES,
  find({ incident: found, now }) {
    if (!found) return null
    const { dimension, group, silent, expected } = found
    const agoMs = Math.max(0, now - found.onsetAt)
    return { confidence: 'high', evidence: [{ kind: 'incident', dimension, group, silent, expected, agoMs }] }
  },
}

/** People suspended it, or Omnicomm Online takes no data of it in. Always `high`. */
export const suspended: Rule = {
  code: 'suspended',
  states: ['suspended'],
  find({ terminal }) {
    const evidence: Evidence[] = []
    if (terminal.lifecycle === 'suspended') evidence.push({ kind: 'suspended-here' })
    if (terminal.intake === 'off') evidence.push({ kind: 'intake-off' })
    return { confidence: 'high', evidence }
  },
}

/** A maintenance window covers it. Always `high`. */
export const maintenance: Rule = {
  code: 'maintenance',
  states: ['maintenance'],
  find({ terminal, now }) {
    const window = terminal.maintenance
    if (!window) return { confidence: 'high', evidence: [] }
    const leftMs = Math.max(0, window.to - now)
    return { confidence: 'high', evidence: [{ kind: 'window', reason: window.reason, leftMs }] }
  },
}
