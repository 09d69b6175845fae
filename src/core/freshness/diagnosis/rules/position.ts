import { MINUTE } from '../../../time.ts'
import { type Facts, lasted, lastReading } from '../facts.ts'
import type { Evidence } from '../finding.ts'
import { type Rule, SILENT } from '../rule.ts'

/** Longer than tunnels and garages (spec/freshness.md 8). */
const NO_FIX_FOR = 15 * MINUTE

/** For so long it told one place while it drove. */
const STUCK_FOR = 5 * MINUTE

/**
 * No valid position for 15 min of motion. `high` when something else than the position (speed from the vehicle) shows
 * motion, `medium` when only the ignition does; `low` when it fell silent since, which an antenna does not explain, or
 * when it told of jamming.
 */
export const antenna: Rule = {
  code: 'antenna',
  states: [...SILENT, 'no-fix'],
  find(facts) {
    const ms = noFixMs(facts)
    if (facts.parked || ms === null || ms < NO_FIX_FOR) return null
    const isJammed = lastReading(facts, 'gpsJamming') === 1
    const { ignition, speedKmh } = facts
    const isDriving = speedKmh !== null && speedKmh > 0
    const evidence: Evidence[] = [{ kind: 'no-fix', ms }]
    if (isDriving) evidence.push({ kind: 'speed', kmh: speedKmh })
    else if (ignition !== null) evidence.push({ kind: 'ignition', on: ignition })
    if (isJammed) evidence.push({ kind: 'jamming', of: 'gps' })
    if (isJammed || facts.state !== 'no-fix') return { confidence: 'low', evidence }
    return { confidence: isDriving ? 'high' : 'medium', evidence }
  },
}

/** In motion; for terminals whose state is asked for now and then only, by the age of the last position. */
function noFixMs(facts: Facts): number | null {
  const ms = lasted(facts, 'noFixSince')
  if (ms !== null || facts.state !== 'no-fix') return ms
  return Math.max(0, facts.dataAt - facts.fixAt)
}

/**
 * The same position to the last digit for 5 min, while speed or mileage said that it drove. `medium`, or `low` when it
 * fell silent since, which this does not explain.
 */
export const stuckFix: Rule = {
  code: 'stuck-fix',
  states: [...SILENT, 'no-fix'],
  find(facts) {
    const lastedMs = lasted(facts, 'stuckSince')
    // Data without a position after the last one does not tell the same place any longer.
    const ms = lastedMs === null ? 0 : lastedMs - Math.max(0, facts.dataAt - facts.fixAt)
    if (ms < STUCK_FOR) return null
    const evidence: Evidence[] = [{ kind: 'same-position', ms }]
    if (facts.speedKmh !== null) evidence.push({ kind: 'speed', kmh: facts.speedKmh })
    return { confidence: facts.state === 'no-fix' ? 'medium' : 'low', evidence }
  },
}

/**
 * The terminal told of jamming at its last contact: `high` where that is what is missing (its link for a silent one,
 * its position for one without), else `low`.
 */
export const jamming: Rule = {
  code: 'jamming',
  states: [...SILENT, 'no-fix'],
  find(facts) {
    const gps = lastReading(facts, 'gpsJamming') === 1
    const gsm = lastReading(facts, 'gsmJamming') === 1
    if (!gps && !gsm) return null
    const evidence: Evidence[] = []
    if (gsm) evidence.push({ kind: 'jamming', of: 'gsm' })
    if (gps) evidence.push({ kind: 'jamming', of: 'gps' })
    const explains = facts.state === 'no-fix' ? gps : gsm
    return { confidence: explains ? 'high' : 'low', evidence }
  },
}
