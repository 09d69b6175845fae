import { lastReading } from '../facts.ts'
import { QUIET, type Rule } from '../rule.ts'
import { LOW_SUPPLY_V } from './supply.ts'

/**
 * Parked and within the time in which terminals sleep (state `sleeping`): `high` with the ignition off, `medium` when
 * it only stands. Beyond that time, when silence began with ignition off and a supply that was not low: `medium`, for it
 * may be the pounding mode without a period (reference/omnicomm-domain.md 3.1). An unknown supply proves no sleep.
 */
export const sleep: Rule = {
  code: 'sleep',
  states: QUIET,
  find(facts) {
    const { ignition, parked, state, system } = facts
    const volts = lastReading(facts, 'voltage')
    const isHealthy = volts !== null && system !== null && volts >= LOW_SUPPLY_V[system]
    const isAsleep = state === 'sleeping'
    if (!isAsleep && !(parked && ignition === false && isHealthy)) return null
    return {
      confidence: isAsleep && ignition === false ? 'high' : 'medium',
      evidence: [
        ...(ignition === null ? [] : [{ kind: 'ignition', on: ignition } as const]),
        ...(volts === null ? [] : [{ kind: 'supply', volts, system } as const]),
        ...(ignition === null ? [{ kind: 'speed', kmh: facts.speedKmh ?? 0 } as const] : []),
      ],
    }
  },
}
