import { isPrintable } from '../telemetry/value.ts'
import { LONGEST_ID, MOST_ALIASES } from './alias.ts'
import { type CsvRecord, csvRecords, decodingText, delimiterOf } from './csv-text.ts'
import type { InventoryRow, Lifecycle } from './inventory.ts'

const TEXT_COLUMNS = [
  'name',
  'client',
  'dealer',
  'group',
  'operator',
  'region',
  'model',
  'firmware',
  'imei',
  'sim',
  'profile',
  'uuid',
] as const

/** What a row says of a terminal. A cell that was empty is absent: it leaves things as they are. */
export type InventoryCells = Partial<
  Pick<InventoryRow, (typeof TEXT_COLUMNS)[number] | 'aliases' | 'lifecycle'>
>

export type InventoryLine = { readonly line: number; readonly id: string; readonly cells: InventoryCells }

export type InventoryCsv = {
  readonly rows: readonly InventoryLine[]
  /** Every row that is bad, or line 1 when the header is; lines from 1. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
  readonly warnings: readonly string[]
}

type Column = (typeof TEXT_COLUMNS)[number] | 'terminal_id' | 'aliases' | 'lifecycle'

/** The columns in the order in which they are written. */
export const INVENTORY_COLUMNS = ['terminal_id', ...TEXT_COLUMNS, 'aliases', 'lifecycle'] as const
const COLUMNS: readonly Column[] = INVENTORY_COLUMNS
const LONGEST_CELL = 200
const LONGEST_ALIASES = MOST_ALIASES * (LONGEST_ID + 1)
/** A bound on what a file can make of the memory. */
const MOST_ROWS = 1_000_000
/** Rows between two pauses. */
const SLICE = 500

/** Reads an inventory file in one go, see `readingInventory`. */
export function readInventoryCsv(bytes: Uint8Array): InventoryCsv {
  const reading = readingInventory(bytes)
  for (;;) {
    const step = reading.next()
    if (step.done === true) return step.value
  }
}

/**
 * Reads an inventory file: columns `terminal_id,name,client,dealer,group,operator,region,model,firmware,imei,sim,
 * profile,uuid`, `aliases` (separated by blanks) and `lifecycle` in any order, told by the header line; comma,
 * semicolon or tab; UTF-8 or windows-1251. It never throws and tells every bad row; the caller imports nothing when
 * there is one. Now and then it yields the number of rows so far, so that other work gets its turn.
 */
export function* readingInventory(bytes: Uint8Array): Generator<number, InventoryCsv> {
  const { text, encoding } = yield* decodingText(bytes)
  const delimiter = delimiterOf(text, (name) => columnOf(name) !== undefined)
  const records = csvRecords(text, delimiter)
  const first = records.next()
  if (first.done === true) return refused(1, 'the file is empty; its first line must name the columns')
  const header = readHeader(first.value)
  if (typeof header === 'string') return refused(first.value.line, header)

  const warnings = header.unknown.map(
    (name) => `column ${JSON.stringify(name)} is not known and was left out`,
  )
  if (encoding === 'windows-1251') warnings.push('the file is not UTF-8 and was read as windows-1251')
  const rows: InventoryLine[] = []
  const rejected: InventoryCsv['rejected'][number][] = []
  const lineOf = new Map<string, number>()
  for (const record of records) {
    const row = readRow(record, header.columns, lineOf)
    if (typeof row === 'string') rejected.push({ line: record.line, reason: row })
    else rows.push(row)
    const count = rows.length + rejected.length
    if (count > MOST_ROWS) return refused(record.line, 'a file has at most 1,000,000 rows; split it')
    if (count % SLICE === 0) yield count
  }
  if (rows.length === 0 && rejected.length === 0) warnings.push('the file has a header and no rows')
  return { rows, rejected, warnings }
}

function refused(line: number, reason: string): InventoryCsv {
  return { rows: [], rejected: [{ line, reason }], warnings: [] }
}

function columnOf(name: string): Column | undefined {
  const wanted = name.trim().toLowerCase()
  return COLUMNS.find((column) => column === wanted)
}

type Header = {
  /** By place; undefined: a column that is not known. */
  readonly columns: readonly (Column | undefined)[]
  readonly unknown: readonly string[]
}

/** A text says what is wrong with the header. */
function readHeader(record: CsvRecord): Header | string {
  if (record.fault !== undefined) return record.fault
  const columns = record.cells.map(columnOf)
  if (!columns.includes('terminal_id')) {
    return `the first line has no column terminal_id; it must name the columns: ${COLUMNS.join(',')}`
  }
  const twice = columns.find((column, place) => column !== undefined && columns.indexOf(column) !== place)
  if (twice !== undefined) return `column ${twice} is there twice`
  const unknown = record.cells.filter((name, place) => columns[place] === undefined && name.trim() !== '')
  return { columns, unknown: unknown.map((name) => name.trim().slice(0, LONGEST_ID)) }
}

/** A text says why the row is bad. */
function readRow(
  record: CsvRecord,
  columns: Header['columns'],
  lineOf: Map<string, number>,
): InventoryLine | string {
  if (record.fault !== undefined) return record.fault
  if (
    record.cells.length > columns.length &&
    record.cells.slice(columns.length).some((cell) => cell.trim())
  ) {
    return `${record.cells.length} cells, but the header has ${columns.length}; quote cells that hold the delimiter`
  }
  let id = ''
  const cells: { -readonly [Key in keyof InventoryCells]: InventoryCells[Key] } = {}
  for (const [place, column] of columns.entries()) {
    const value = column === undefined ? '' : plain(record.cells[place] ?? '')
    if (column === undefined || value === '') continue
    const fault = faultOf(column, value)
    if (fault !== undefined) return `${column}: ${fault}`
    if (column === 'terminal_id') id = value
    else if (column === 'lifecycle') cells.lifecycle = lifecycleOf(value) ?? 'active'
    else if (column === 'aliases') cells.aliases = [...new Set(value.split(/\s+/))]
    else cells[column] = column === 'imei' ? value.replaceAll(/[ -]/g, '') : value
  }
  if (id === '') return 'terminal_id is empty'
  const earlier = lineOf.get(id)
  if (earlier !== undefined) return `terminal ${id} is already on line ${earlier}`
  lineOf.set(id, record.line)
  return { line: record.line, id, cells }
}

/** What the program gives out has an apostrophe before what a spreadsheet would take for a formula. */
function plain(cell: string): string {
  const value = cell.trim()
  return value.startsWith("'") && /^'+[=+\-@]/.test(value) ? value.slice(1) : value
}

/** What is wrong with a terminal id, in words; undefined when nothing is. */
export function idFault(id: string): string | undefined {
  return id === '' || id.trim() !== id ? 'is no id' : faultOf('terminal_id', id)
}

/** What is wrong with a filled cell. */
function faultOf(column: Column, value: string): string | undefined {
  const longest =
    column === 'terminal_id' ? LONGEST_ID : column === 'aliases' ? LONGEST_ALIASES : LONGEST_CELL
  if (value.length > longest) return `longer than ${longest} characters`
  if (!isPrintable(value)) return 'has line breaks or control characters in it'
  switch (column) {
    case 'terminal_id':
    case 'sim':
      return isRounded(value) ? roundedFault(value) : undefined
    case 'imei':
      if (isRounded(value)) return roundedFault(value)
      return /^\d{14,16}$/.test(value.replaceAll(/[ -]/g, '')) ? undefined : 'an IMEI has 14 to 16 digits'
    case 'aliases':
      return aliasFault(value.split(/\s+/))
    case 'lifecycle':
      return lifecycleOf(value) === undefined ? 'must be active, suspended or decommissioned' : undefined
    case 'name':
    case 'client':
    case 'dealer':
    case 'group':
    case 'operator':
    case 'region':
    case 'model':
    case 'firmware':
    case 'profile':
    case 'uuid':
      return undefined
  }
}

function aliasFault(aliases: readonly string[]): string | undefined {
  if (aliases.length > MOST_ALIASES) return `more than ${MOST_ALIASES} names; separate them by blanks`
  if (aliases.some((alias) => alias.length > LONGEST_ID))
    return `a name is longer than ${LONGEST_ID} characters`
  const rounded = aliases.find(isRounded)
  return rounded === undefined ? undefined : roundedFault(rounded)
}

/** `3,54003E+08`: what a spreadsheet makes of a long number. */
function isRounded(value: string): boolean {
  return /^\d([.,]\d+)?E\+\d+$/i.test(value)
}

function roundedFault(value: string): string {
  return `${value} is a number that a spreadsheet has rounded; format the column as text and fill it anew`
}

function lifecycleOf(value: string): Lifecycle | undefined {
  const word = value.toLowerCase()
  return word === 'active' || word === 'suspended' || word === 'decommissioned' ? word : undefined
}
