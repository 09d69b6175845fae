import { setSide } from '../../fleet/side-columns.ts'
import type { TerminalTable } from '../../fleet/terminal-table.ts'
import type { Readings } from '../../telemetry/observation.ts'
import type { Instant } from '../../time.ts'
import { forget, keep, lasting, previous, supplySystem, tellSystem } from './trace-bits.ts'

/** Supply above which a vehicle of 12 V or 24 V is in order (spec/freshness.md 8). V. */
const HEALTHY_SUPPLY_V = { 12: 9, 24: 18 } as const

/** A vehicle whose supply was ever above this is one of 24 V (reference/omnicomm-domain.md 7). V. */
const MOST_OF_12_V = 18

/** A supply that rises by more than this is charged or relieved, and does not fall. Noise of 0.1 V is none. */
const RISE_V = 0.15

/** Notes since when the supply is lost, and from what it falls while the ignition is off. `isOn`: the ignition. */
export function noteSupply(
  table: TerminalTable,
  row: number,
  { voltage, backupPower, powerAlarm }: Readings,
  isOn: boolean | undefined,
  at: Instant,
): void {
  if (isOn !== false) forget(table, 'supplyAtRest', row)
  if (voltage === undefined && backupPower === undefined && powerAlarm === undefined) return
  if (voltage !== undefined) learnSystem(table, row, voltage)
  const system = supplySystem(table, row)
  // Without a supply that was ever in order, a low one is nothing that was lost.
  const isLow = voltage !== undefined && system !== null && voltage <= HEALTHY_SUPPLY_V[system]
  const isUnknown = voltage !== undefined && system === null
  if (isLow || backupPower === true || powerAlarm === true) noteLoss(table, row, at)
  else if (!isUnknown) forget(table, 'powerLostAt', row)
  if (voltage !== undefined && isOn === false) noteRest(table, row, voltage)
}

/** One single reading over 18 V may be a spike: it takes two in a row, or the first one of all, to tell 24 V. */
function learnSystem(table: TerminalTable, row: number, voltage: number): void {
  if (voltage <= HEALTHY_SUPPLY_V[12]) return
  const isHigh = voltage > MOST_OF_12_V && (previous(table, 'voltage', row) ?? voltage) > MOST_OF_12_V
  tellSystem(table, row, isHigh ? 24 : 12)
}

function noteLoss(table: TerminalTable, row: number, at: Instant): void {
  if (lasting(table, 'powerLostAt', row) !== 0) return
  keep(table, 'powerLostAt', row, at)
  setSide(table.side, 'supplyBefore', row, previous(table, 'voltage', row) ?? 0)
}

function noteRest(table: TerminalTable, row: number, voltage: number): void {
  const known = lasting(table, 'supplyAtRest', row)
  const rises = voltage > (previous(table, 'voltage', row) ?? voltage) + RISE_V
  if (rises || voltage > known) keep(table, 'supplyAtRest', row, voltage)
}
