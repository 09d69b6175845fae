import { readingAt, type StoredReading } from '../../../fleet/reading-columns.ts'
import { sideValue } from '../../../fleet/side-columns.ts'
import { MINUTE } from '../../../time.ts'
import { type Facts, lasted, lastReading } from '../facts.ts'
import type { Evidence } from '../finding.ts'
import { QUIET, type Rule } from '../rule.ts'
import { lasting } from '../trace-bits.ts'

/** Below this there is no supply (reference/omnicomm-domain.md 7). V. */
const DEAD_V = 6

/** Below this a vehicle's battery is low (reference/omnicomm-domain.md 7). V. */
export const LOW_SUPPLY_V = { 12: 11.8, 24: 23.5 } as const

/** A loss that no alarm tells of must have begun so shortly before silence (spec/freshness.md 8). */
const CUT_WITHIN = 10 * MINUTE

/** A supply that is lower by more than this is falling; 0.1 V is noise. */
const FALL_V = 0.15
/** By so much a battery falls only when something drains it. */
const DEEP_FALL_V = { 12: 1, 24: 2 } as const

/** A tracker's own battery that is nearly empty: per cent, and the voltage of a lithium cell. */
const EMPTY_PERCENT = 20
const EMPTY_V = 3.5

/**
 * The supply was in order up to 10 min before silence and was then below 6 V or on backup power, or a power alarm was
 * on, whenever it began (spec/freshness.md 8). `medium` when backup power is the only sign.
 */
export const powerCut: Rule = {
  code: 'power-cut',
  states: QUIET,
  find(facts) {
    const beforeMs = lasted(facts, 'powerLostAt')
    const volts = lastReading(facts, 'voltage')
    const isDead = volts !== null && volts < DEAD_V
    const isAlarmed = hasAlarm(facts)
    const isOnBackup = lastReading(facts, 'backupPower') === 1
    const isCut = (isDead || isOnBackup) && beforeMs !== null && beforeMs <= CUT_WITHIN
    if (!isCut && !isAlarmed) return null
    const evidence: Evidence[] = []
    const voltsBefore = beforeMs === null ? 0 : sideValue(facts.fleet.table.side, 'supplyBefore', facts.row)
    if (volts !== null) evidence.push({ kind: 'supply', volts, system: facts.system })
    if (isDead && voltsBefore > 0) evidence.push({ kind: 'supply-before', volts: voltsBefore })
    if (isAlarmed) evidence.push({ kind: 'power-alarm' })
    if (isOnBackup) evidence.push({ kind: 'backup-power' })
    if (beforeMs !== null) evidence.push({ kind: 'power-lost', beforeMs })
    return { confidence: isDead || isAlarmed ? 'high' : 'medium', evidence }
  },
}

/**
 * Ignition off, supply below 11.8 V or 23.5 V and lower than it was since the ignition went off. `high` when it fell by
 * 1 V or 2 V and more. Without an ignition reading, or before a supply in order was seen, nothing is concluded.
 */
export const vehicleBattery: Rule = {
  code: 'vehicle-battery',
  states: QUIET,
  find(facts) {
    const volts = lastReading(facts, 'voltage')
    const { system } = facts
    if (facts.ignition !== false || volts === null || system === null) return null
    const fromVolts = lasting(facts.fleet.table, 'supplyAtRest', facts.row)
    const fell = fromVolts - volts
    if (volts < DEAD_V || volts >= LOW_SUPPLY_V[system] || fell <= FALL_V) return null
    return {
      confidence: fell >= DEEP_FALL_V[system] ? 'high' : 'medium',
      evidence: [
        { kind: 'ignition', on: false },
        { kind: 'supply', volts, system },
        { kind: 'supply-fell', fromVolts, volts },
      ],
    }
  },
}

/**
 * It ran on its own battery, which was nearly empty: at most 20 %, or 3.5 V; `medium` when nothing tells of any other
 * supply. `low` when the battery is not known but it had been on backup power for longer than a cut lasts.
 */
export const trackerBattery: Rule = {
  code: 'tracker-battery',
  states: QUIET,
  find(facts) {
    const onBackup = backupSigns(facts)
    const hasBackupSign = onBackup.length > 0
    if (!hasBackupSign && hasSupply(facts)) return null
    const percent = lastReading(facts, 'batteryPercent')
    const volts = lastReading(facts, 'batteryVoltage')
    const isKnown = percent !== null || volts !== null
    const isEmpty = (percent ?? 100) <= EMPTY_PERCENT || (volts ?? Infinity) <= EMPTY_V
    const beforeMs = lasted(facts, 'powerLostAt')
    if (isKnown ? !isEmpty : (beforeMs ?? 0) <= CUT_WITHIN) return null
    const evidence: Evidence[] = [...onBackup]
    if (isKnown) evidence.push({ kind: 'battery', percent, volts })
    if (beforeMs !== null) evidence.push({ kind: 'power-lost', beforeMs })
    return { confidence: !isKnown ? 'low' : hasBackupSign ? 'high' : 'medium', evidence }
  },
}

/** A power alarm is on. Where no loss is noted, as of one that came late, it counts until the next word of the supply. */
function hasAlarm(facts: Facts): boolean {
  if (lastReading(facts, 'powerAlarm') !== 1) return false
  if (lasted(facts, 'powerLostAt') !== null) return true
  const at = (name: StoredReading) => readingAt(facts.fleet.table.readings, name, facts.row)
  return Math.max(at('voltage'), at('backupPower')) <= at('powerAlarm')
}

/** It told of a supply in order, or that it is not on backup power. */
function hasSupply(facts: Facts): boolean {
  return lastReading(facts, 'voltage') !== null || lastReading(facts, 'backupPower') === 0
}

function backupSigns(facts: Facts): Evidence[] {
  const signs: Evidence[] = []
  const volts = lastReading(facts, 'voltage')
  if (lastReading(facts, 'backupPower') === 1) signs.push({ kind: 'backup-power' })
  if (volts !== null && volts < DEAD_V) signs.push({ kind: 'supply', volts, system: facts.system })
  return signs
}
