import type { TerminalTable } from '../../fleet/terminal-table.ts'
import type { Fix, Readings } from '../../telemetry/observation.ts'
import type { Instant } from '../../time.ts'
import { forget, keep, lasting, previous } from './trace-bits.ts'

/** A vehicle stands up to this speed (spec/freshness.md 4). */
const STANDING_KMH = 3

/** A receiver that tells one place at this speed is stuck. */
const DRIVING_KMH = 10

/** So far has it gone between two data by its mileage. */
const DRIVEN_M = 100

/** Notes a valid position: since when it has been the same, to the last digit that is kept, while the vehicle drives. */
export function noteFix(
  table: TerminalTable,
  row: number,
  fix: Fix,
  readings: Readings | undefined,
  speedKmh: number | undefined,
  at: Instant,
): void {
  forget(table, 'noFixSince', row)
  const isSame =
    Math.fround(fix.latitude) === table.latitude[row] && Math.fround(fix.longitude) === table.longitude[row]
  if (!isSame) {
    forget(table, 'stuckSince', row)
    return
  }
  const isRepeated = (fix.at ?? at) <= (table.fixAt[row] ?? 0)
  if (isRepeated) return
  if (isDriving(table, row, readings, speedKmh)) {
    if (lasting(table, 'stuckSince', row) === 0) keep(table, 'stuckSince', row, at)
  } else if (speedKmh !== undefined) forget(table, 'stuckSince', row)
}

function isDriving(
  table: TerminalTable,
  row: number,
  readings: Readings | undefined,
  speedKmh: number | undefined,
): boolean {
  if (speedKmh !== undefined && speedKmh >= DRIVING_KMH) return true
  const mileageM = readings?.mileageM
  if (mileageM === undefined) return false
  return mileageM - (previous(table, 'mileageM', row) ?? mileageM) >= DRIVEN_M
}

/** Notes data without a valid position: since when it has moved so. Only who ever had a position can miss it. */
export function noteNoFix(
  table: TerminalTable,
  row: number,
  isOn: boolean | undefined,
  speedKmh: number | undefined,
  at: Instant,
): void {
  if ((table.fixAt[row] ?? 0) === 0) return
  const isMoving = isOn === true || (speedKmh ?? 0) > STANDING_KMH
  if (!isMoving) forget(table, 'noFixSince', row)
  else if (lasting(table, 'noFixSince', row) === 0) keep(table, 'noFixSince', row, at)
}
