import type { Fleet } from '../../fleet/fleet.ts'
import { DIMENSIONS, type Dimension } from '../../fleet/groups.ts'
import type { TerminalTable } from '../../fleet/terminal-table.ts'
import { HOUR, type Instant, MINUTE } from '../../time.ts'
import { isParked } from '../registers.ts'
import { CODE } from '../state.ts'
import { overdueAfter } from '../usual.ts'
import { type CensusSource, censusSource } from './census-source.ts'
import {
  addInterval,
  clearIntervals,
  createIntervals,
  type Intervals,
  joinIntervals,
  p90,
} from './intervals.ts'
import { addRow, createRowList, type RowList } from './row-list.ts'
import {
  isExcused,
  isLatelyLive,
  isNewcomer,
  overdueAt,
  untilOf,
  usualInterval,
  wasSilentBefore,
} from './talking.ts'

/** Counts by number of the group; `of`: the group of each row. */
type GroupCounts = { of: Uint8Array | Uint32Array; expected: Int32Array; silent: Int32Array }

/**
 * Who is expected to talk and who fell silent within the window (spec/freshness.md 7). Its arrays are used again for
 * each evaluation.
 */
export type Census = {
  now: Instant
  /** Start of the window. */
  start: Instant
  /** By number of the source; none at 0. */
  sources: (CensusSource | undefined)[]
  readonly groups: Readonly<Record<Dimension, GroupCounts>>
  /** The same in the order of DIMENSIONS. */
  readonly columns: readonly GroupCounts[]
  expected: number
  silent: number
  /** By row: 0 nothing is expected, 1 it talks, 2 it fell silent within the window. */
  marks: Uint8Array
  readonly silentRows: RowList
  readonly intervals: Intervals
}

const TALKS = 1
export const FELL_SILENT = 2

export function createCensus(): Census {
  const columns = DIMENSIONS.map(() => ({
    of: new Uint32Array(0),
    expected: new Int32Array(256),
    silent: new Int32Array(256),
  }))
  return {
    now: 0,
    start: 0,
    sources: [],
    groups: Object.fromEntries(DIMENSIONS.map((name, index) => [name, columns[index]])) as Census['groups'],
    columns,
    expected: 0,
    silent: 0,
    marks: new Uint8Array(0),
    silentRows: createRowList(),
    intervals: createIntervals(),
  }
}

const SHORTEST_WINDOW = 5 * MINUTE

/** Begins a census as of `now`. `blindBy`: number of the incident that makes a source blind, by number of the source. */
export function beginCensus(
  census: Census,
  fleet: Fleet,
  now: Instant,
  blindBy: (source: number) => number,
): void {
  const before = census.sources
  // How often terminals talk changes slowly: the last census tells it. The first one goes by what is declared.
  const usual = p90(census.intervals) || Math.max(0, ...fleet.sources.map(({ intervalMs }) => intervalMs))
  census.now = now
  census.start = now - Math.max(SHORTEST_WINDOW, 2 * usual)
  census.sources = [undefined]
  fleet.sources.forEach((_, index) => {
    const intervals = before[index + 1]?.intervals ?? createIntervals()
    clearIntervals(intervals)
    census.sources.push(censusSource(fleet, index + 1, now, blindBy(index + 1), intervals))
  })
  census.expected = 0
  census.silent = 0
  census.silentRows.count = 0
  if (census.marks.length < fleet.table.size) census.marks = new Uint8Array(fleet.table.capacity)
  for (const name of DIMENSIONS) {
    census.groups[name].of = groupsOf(fleet, name)
    emptyCounts(census.groups[name], groupCount(fleet, name))
  }
}

/** Numbers of the groups of a dimension are below this. */
export function groupCount(fleet: Fleet, dimension: Dimension): number {
  return dimension === 'source' ? fleet.sources.length + 1 : fleet.groups[dimension].names.length
}

function groupsOf(fleet: Fleet, dimension: Dimension): Uint8Array | Uint32Array {
  return dimension === 'source' ? fleet.table.source : fleet.groups[dimension].of
}

function emptyCounts(counts: GroupCounts, size: number): void {
  if (counts.expected.length < size) {
    counts.expected = new Int32Array(2 * size)
    counts.silent = new Int32Array(2 * size)
    return
  }
  counts.expected.fill(0)
  counts.silent.fill(0)
}

/** Counts the rows in [from, to). Column by column: a million rows are many. */
export function countRows({ table }: Fleet, census: Census, from: number, to: number): void {
  const { marks } = census
  for (let row = from; row < to; row++) marks[row] = markOf(table, census, row)
  for (const { of, expected, silent } of census.columns) {
    for (let row = from; row < to; row++) {
      const mark = marks[row] ?? 0
      if (mark === 0) continue
      const group = of[row] ?? 0
      expected[group] = (expected[group] ?? 0) + 1
      if (mark === FELL_SILENT) silent[group] = (silent[group] ?? 0) + 1
    }
  }
}

function markOf(table: TerminalTable, census: Census, row: number): number {
  const source = census.sources[table.source[row] ?? 0]
  if (source === undefined || source.mode === 'left-out' || isExcused(table, row)) return 0
  const usual = usualInterval(table, source, row)
  const limit = overdueAfter(usual)
  if (source.mode === 'rate-only') {
    countRate(table, source, census.now, row, usual, limit)
    return 0
  }
  const { start } = census
  if (table.incident[row] !== 0 || isNewcomer(table, row) || !isLatelyLive(table, row, start, limit)) return 0
  if (wasSilentBefore(table, row, start)) return 0
  if (table.ignition[row] !== 2 && isParked(table, row)) {
    if (hasJustParked(table, row, start, limit)) source.rested++
    return 0
  }
  const due = overdueAt(table, census.now, source, row, limit)
  if (due <= start) return 0
  source.expected++
  source.perMs += 1 / usual
  addInterval(source.intervals, usual)
  census.expected++
  if (due > untilOf(source, row)) return TALKS
  census.silent++
  addRow(census.silentRows, row)
  return FELL_SILENT
}

/** It was fresh when the window began; had it not said that it is parked, it would have become silent since. */
function hasJustParked(table: TerminalTable, row: number, start: Instant, limit: number): boolean {
  const wasFresh = table.state[row] === CODE.fresh && (table.stateSince[row] ?? 0) <= start
  return wasFresh && (table.contactAt[row] ?? 0) + limit > start
}

/** While a source is blind by its rate its terminals are still counted: their rate tells when that is over. */
function countRate(
  table: TerminalTable,
  source: CensusSource,
  now: Instant,
  row: number,
  usual: number,
  limit: number,
): void {
  const isMember = table.incident[row] === source.incident
  if (!isMember && !isLatelyLive(table, row, now, limit)) return
  if (isParked(table, row)) return
  source.expected++
  source.perMs += 1 / usual
  addInterval(source.intervals, usual)
  if ((table.contactAt[row] ?? 0) + limit > now) source.talking++
}

/** Whether a member of an open incident that spoke since it joined is silent again. */
export function isOverdue(table: TerminalTable, census: Census, row: number): boolean {
  const source = census.sources[table.source[row] ?? 0]
  if (source?.mode !== 'judged' || isParked(table, row)) return false
  const limit = overdueAfter(usualInterval(table, source, row))
  return overdueAt(table, census.now, source, row, limit) <= untilOf(source, row)
}

/** Whether a terminal has said nothing since then: for an hour, and for longer than any silence of its own. */
export function isGone(table: TerminalTable, census: Census, row: number, since: Instant): boolean {
  const source = census.sources[table.source[row] ?? 0]
  if (!source || (table.contactAt[row] ?? 0) >= since) return false
  const limit = overdueAfter(usualInterval(table, source, row))
  return census.now - since > Math.max(HOUR, limit)
}

/** True when the terminal has said nothing for longer than between two usual observations. */
export function isQuiet(table: TerminalTable, census: Census, row: number): boolean {
  const source = census.sources[table.source[row] ?? 0]
  if (!source) return false
  return census.now - (table.contactAt[row] ?? 0) > QUIET * usualInterval(table, source, row)
}

const QUIET = 1.25

/** Takes rows out of all counts: they are explained. */
export function removeRow(census: Census, row: number): void {
  const mark = census.marks[row] ?? 0
  if (mark === 0) return
  census.marks[row] = 0
  census.expected--
  if (mark === FELL_SILENT) census.silent--
  for (const { of, expected, silent } of census.columns) {
    const group = of[row] ?? 0
    expected[group] = (expected[group] ?? 0) - 1
    if (mark === FELL_SILENT) silent[group] = (silent[group] ?? 0) - 1
  }
}

/** Keeps how often the terminals talk for the next census. */
export function endCensus(census: Census): void {
  clearIntervals(census.intervals)
  for (const source of census.sources) if (source) joinIntervals(census.intervals, source.intervals)
}
