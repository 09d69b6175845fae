import { rememberUntold } from '../freshness/alert.ts'
import { forgetGaps } from '../freshness/gaps.ts'
import { keepTold } from '../freshness/registers.ts'
import type { Instant } from '../time.ts'
import { saidNames, withLearnt } from './alias.ts'
import { EMPTY, type Fleet } from './fleet.ts'
import { changeTerminal } from './placing.ts'
import { mergeReadings } from './reading-columns.ts'
import {
  type ByteColumn,
  clearRow,
  markDirty,
  type NumberColumn,
  type SmallColumn,
  type TerminalTable,
} from './terminal-table.ts'

/**
 * A discovered terminal turned out to be the one in row `into`: its registers go there by maximum (spec/freshness.md
 * 2), its history and names too; its own row becomes empty and is shown nowhere. Both rows are shown ones. `source`:
 * the number of the source that told so; 0: people did.
 */
export function mergeTerminals(fleet: Fleet, from: number, into: number, source = 0): void {
  const merged = fleet.inventory.at(from)
  const survivor = fleet.inventory.at(into)
  if (!merged || !survivor || from === into) return
  mergeRegisters(fleet.table, from, into)
  mergeReadings(fleet.table.readings, from, into)
  mergeFlaps(fleet, from, into)
  rememberUntold(fleet, into)
  emptyRow(fleet, from, survivor.id)
  fleet.mergers.push({ from: merged.id, into: survivor.id })
  // The id comes last: of too many names the oldest are forgotten.
  const own = [...saidNames(merged), merged.id].map((name) => ({ name, source }))
  const names = [...merged.learnt, ...own].filter(({ name }) => (fleet.rows.get(name) ?? into) === into)
  // What people planned for the one holds for the other.
  const planned = {
    ...survivor,
    maintenance: survivor.maintenance ?? merged.maintenance,
    thresholds: survivor.thresholds ?? merged.thresholds,
    acknowledged: survivor.acknowledged ?? merged.acknowledged,
  }
  changeTerminal(fleet, withLearnt(planned, names))
}

/** Makes a row empty: its terminal is shown nowhere from now on. `mergedInto`: where it went, its own id for nowhere. */
export function emptyRow(fleet: Fleet, row: number, mergedInto: string): void {
  const terminal = fleet.inventory.at(row)
  if (!terminal) return
  clearRow(fleet.table, row)
  markDirty(fleet.table, row)
  fleet.flaps.delete(row)
  forgetGaps(fleet.gaps, row)
  const { id, firstSeenAt } = terminal
  changeTerminal(fleet, { ...EMPTY, row, id, firstSeenAt, discovered: true, mergedInto })
}

/** Changes into and out of silence lately: those of both, in the order of time. */
export function mergeFlaps(fleet: Fleet, from: number, into: number): void {
  const moved = fleet.flaps.get(from)
  if (!moved) return
  const known = fleet.flaps.get(into)
  fleet.flaps.delete(from)
  fleet.flaps.set(into, {
    changes: [...(known?.changes ?? []), ...moved.changes].sort((a, b) => a - b),
    notedAt: Math.max(known?.notedAt ?? -Infinity, moved.notedAt),
  })
}

const MAXIMA = ['dataAt', 'liveAt', 'fixAt', 'linkAt', 'alertedContactAt'] as const

function mergeRegisters(table: TerminalTable, from: number, into: number): void {
  // One that was never judged goes on in the state of the other; any other state is judged anew by the next sweep.
  if (table.state[into] === 0) copy(table, from, into, ['state', 'stateSince', 'entryLagMs'])
  mergeContact(table, from, into)
  if ((table.fixAt[from] ?? 0) > (table.fixAt[into] ?? 0)) copy(table, from, into, ['latitude', 'longitude'])
  for (const name of MAXIMA) raise(table[name], into, table[name][from] ?? 0)
  mergeReading(table, 'ignition', 'ignitionAt', from, into)
  mergeReading(table, 'speedKmh', 'speedAt', from, into)
  markDirty(table, into)
}

/** The newer contact brings its source, its lag, and whether it ended a silence. */
function mergeContact(table: TerminalTable, from: number, into: number): void {
  const moved = table.contactAt[from] ?? 0
  const known = table.contactAt[into] ?? 0
  const source = table.source[from] ?? 0
  if (moved > known) {
    copy(table, from, into, ['contactAt', 'source', 'lagMs', 'lagSince', 'lagCount', 'usualMs', 'usualCount'])
    keepTold(table, into, known)
    if ((table.leaveAt[from] ?? 0) > 0) copy(table, from, into, ['leaveAt'])
  } else if (moved === known && source > 0) {
    const own = table.source[into] ?? 0
    table.source[into] = own === 0 ? source : Math.min(own, source)
  }
}

/** The newer value; of two at the same instant the greater one. */
function mergeReading(
  table: TerminalTable,
  value: 'ignition' | 'speedKmh',
  at: 'ignitionAt' | 'speedAt',
  from: number,
  into: number,
): void {
  const moved = table[at][from] ?? 0
  const known = table[at][into] ?? 0
  const isNewer = moved > known || (moved === known && (table[value][from] ?? 0) > (table[value][into] ?? 0))
  if (isNewer) copy(table, from, into, [value, at])
}

function raise(column: Float64Array, row: number, at: Instant): void {
  if (at > (column[row] ?? 0)) column[row] = at
}

function copy(
  table: TerminalTable,
  from: number,
  into: number,
  names: readonly (NumberColumn | SmallColumn | ByteColumn)[],
): void {
  for (const name of names) table[name][into] = table[name][from] ?? 0
}
