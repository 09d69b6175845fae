import { sourceOf } from '../../../fleet/fleet.ts'
import { STATES } from '../../state.ts'
import { type Facts, lastReading } from '../facts.ts'
import type { Evidence } from '../finding.ts'
import type { Rule } from '../rule.ts'

/** Nothing else fits: what was last known, for whoever looks further. Always `low`. */
export const unknown: Rule = {
  code: 'unknown',
  states: STATES,
  find: (facts) => ({ confidence: 'low', evidence: lastKnown(facts) }),
}

function lastKnown(facts: Facts): Evidence[] {
  const { state, ignition, speedKmh, moving, fleet, row } = facts
  if (state === 'never') return [{ kind: 'never' }]
  if (state === 'unknown') return [{ kind: 'not-heard', source: sourceOf(fleet, row)?.id ?? '' }]
  const evidence: Evidence[] = []
  const volts = lastReading(facts, 'voltage')
  const percent = lastReading(facts, 'gsmPercent')
  if (ignition !== null) evidence.push({ kind: 'ignition', on: ignition })
  if (moving && speedKmh !== null) evidence.push({ kind: 'speed', kmh: speedKmh })
  if (volts !== null) evidence.push({ kind: 'supply', volts, system: facts.system })
  if (percent !== null) evidence.push({ kind: 'signal', percent })
  return evidence
}
