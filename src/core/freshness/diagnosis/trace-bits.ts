import { instantAt } from '../../fleet/instant-column.ts'
import { setSide, sideValue } from '../../fleet/side-columns.ts'
import type { TerminalTable } from '../../fleet/terminal-table.ts'

/** What is noted while it lasts, with its bit in `traceBits`: a value counts only while its bit is set. */
const LASTING = { powerLostAt: 4, supplyAtRest: 8, noFixSince: 16, stuckSince: 32 } as const

type Lasting = keyof typeof LASTING

/** It said last that it was at home or roamed; neither: it never said. */
const AT_HOME = 64
const ROAMS = 128

/** The vehicle is one of 12 V or 24 V; neither: not known yet. */
const OF_12_V = 1
const OF_24_V = 2

/** The supply for which the vehicle is built, by the highest that was ever in order; null: none was. */
export function supplySystem(table: TerminalTable, row: number): 12 | 24 | null {
  const bits = table.traceBits[row] ?? 0
  return (bits & OF_24_V) !== 0 ? 24 : (bits & OF_12_V) !== 0 ? 12 : null
}

/** What was noted and still lasts; 0: nothing. */
export function lasting(table: TerminalTable, name: Lasting, row: number): number {
  // Most terminals have nothing noted, and a look at a large column costs more than all the rest.
  return ((table.traceBits[row] ?? 0) & LASTING[name]) === 0 ? 0 : sideValue(table.side, name, row)
}

/** Which system the vehicle was seen to have; of both it is one of 24 V. */
export function tellSystem(table: TerminalTable, row: number, system: 12 | 24): void {
  const told = system === 24 ? OF_24_V : OF_12_V
  const bits = table.traceBits[row] ?? 0
  if ((bits & told) === 0) table.traceBits[row] = bits | told
}

/** Whether it roams; true: that is a change. */
export function tellRoaming(table: TerminalTable, row: number, roams: boolean): boolean {
  const bits = table.traceBits[row] ?? 0
  const told = roams ? ROAMS : AT_HOME
  if ((bits & told) !== 0) return false
  table.traceBits[row] = (bits & ~(AT_HOME | ROAMS)) | told
  return (bits & (AT_HOME | ROAMS)) !== 0
}

/** Whether it said last that it roams. */
export function isRoaming(table: TerminalTable, row: number): boolean {
  return ((table.traceBits[row] ?? 0) & ROAMS) !== 0
}

/** Notes what begins. */
export function keep(table: TerminalTable, name: Lasting, row: number, value: number): void {
  setSide(table.side, name, row, value)
  table.traceBits[row] = (table.traceBits[row] ?? 0) | LASTING[name]
}

/** It is over. */
export function forget(table: TerminalTable, name: Lasting, row: number): void {
  const bits = table.traceBits[row] ?? 0
  if ((bits & LASTING[name]) !== 0) table.traceBits[row] = bits & ~LASTING[name]
}

/** The reading before this observation, as it is stored; null: none. */
export function previous(table: TerminalTable, name: 'voltage' | 'mileageM', row: number): number | null {
  const column = table.readings.columns.get(name)
  return column && instantAt(column.at, row) > 0 ? (column.value[row] ?? 0) : null
}
