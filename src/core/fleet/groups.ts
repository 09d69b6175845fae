/** What terminals are grouped by to see what their silence has in common (spec/freshness.md 7). */
export const DIMENSIONS = ['source', 'operator', 'region', 'client', 'dealer', 'model', 'firmware'] as const

export type Dimension = (typeof DIMENSIONS)[number]

/**
 * Groups that are kept by row: the source is in the register table; the range of SIM numbers serves diagnosis,
 * the group the list of terminals.
 */
export const GROUP_KEYS = [
  'operator',
  'region',
  'client',
  'dealer',
  'model',
  'firmware',
  'simRange',
  'group',
] as const

export type GroupKey = (typeof GROUP_KEYS)[number]

/** The group of each row as a number; 0: none. Numbers are given in order and never taken back. */
export type GroupColumn = { of: Uint32Array; readonly names: string[]; readonly numbers: Map<string, number> }

export type GroupColumns = Readonly<Record<GroupKey, GroupColumn>>

/** Some names come from the data: nobody can fill the memory with them. */
const MOST_GROUPS = 500_000

export function createGroups(capacity = 1024): GroupColumns {
  const columns = GROUP_KEYS.map((key) => [
    key,
    { of: new Uint32Array(capacity), names: [''], numbers: new Map([['', 0]]) },
  ])
  return Object.fromEntries(columns)
}

/** Puts the row into the group of that name; an empty one is none. */
export function setGroup(column: GroupColumn, row: number, name: string): void {
  if (row >= column.of.length) widen(column, Math.max(row + 1, column.of.length * 2))
  column.of[row] = numberOf(column, name)
}

/** Makes room for so many rows. */
export function reserveGroups(columns: GroupColumns, rows: number): void {
  for (const key of GROUP_KEYS) if (rows > columns[key].of.length) widen(columns[key], rows)
}

function widen(column: GroupColumn, capacity: number): void {
  const wider = new Uint32Array(capacity)
  wider.set(column.of)
  column.of = wider
}

/** The number of a group, a new one for a new name; 0: an empty name, or there are too many. */
export function numberOf(column: GroupColumn, name: string): number {
  const known = column.numbers.get(name)
  if (known !== undefined) return known
  if (column.names.length >= MOST_GROUPS) return 0
  const number = column.names.length
  column.names.push(name)
  column.numbers.set(name, number)
  return number
}
