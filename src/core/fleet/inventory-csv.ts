import { LONGEST_ID } from './alias.ts'
import { type CsvRecord, delimiterOf, readingRecords } from './csv-text.ts'
import { decodingText } from './decode-text.ts'
import { IMPORT_WORDS, type ImportWords } from './import-words.ts'
import type { InventoryRow } from './inventory.ts'
import { type Column, cellFault, lifecycleOf, readCell, TEXT_COLUMNS, visible } from './inventory-cell.ts'

/**
 * What a row says of a terminal. A cell that was empty is absent: it leaves things as they are. An empty text or an
 * empty list clears the field.
 */
export type InventoryCells = Partial<
  Pick<InventoryRow, (typeof TEXT_COLUMNS)[number] | 'aliases' | 'lifecycle'>
>

export type InventoryLine = { readonly line: number; readonly id: string; readonly cells: InventoryCells }

export type InventoryCsv = {
  readonly rows: readonly InventoryLine[]
  /** Every row that is bad, or line 1 when the header is; lines from 1. At most MOST_LISTED. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
  /** Those that are not listed, too. */
  readonly rejectedTotal: number
  readonly warnings: readonly string[]
}

/** The columns in the order in which they are written. */
export const INVENTORY_COLUMNS = ['terminal_id', ...TEXT_COLUMNS, 'aliases', 'lifecycle'] as const
const COLUMNS: readonly Column[] = INVENTORY_COLUMNS
/** Bounds on what a file can make of the memory. */
const MOST_ROWS = 1_000_000
export const MOST_LISTED = 100_000
/** Characters looked at between two pauses; a cell is some more work than its characters. */
const SLICE = 65_536
const WORK_OF_CELL = 32

/**
 * Reads an inventory file: columns `terminal_id,name,client,dealer,group,operator,region,model,firmware,imei,sim,
 * profile,uuid`, `aliases` (separated by blanks) and `lifecycle` in any order, told by the header line; comma,
 * semicolon or tab; UTF-8 or windows-1251. It never throws and tells every bad row; the caller imports nothing when
 * there is one, in these words. Now and then it yields the number of rows so far, so that other work gets its turn.
 */
export function* readingInventory(
  bytes: Uint8Array,
  words: ImportWords = IMPORT_WORDS.en,
): Generator<number, InventoryCsv> {
  const { pieces, encoding, damagedLine } = yield* decodingText(bytes)
  if (damagedLine !== undefined) return refused(damagedLine, words.damaged)
  const delimiter = delimiterOf(pieces[0] ?? '', (name) => columnOf(name) !== undefined)
  const records = readingRecords(pieces, delimiter)
  const first = yield* firstOf(records)
  if (first === undefined) return refused(1, words.empty)
  const header = readHeader(first, words)
  if (typeof header === 'string') return refused(first.line, header)

  const warnings = header.unknown.map(words.unknownColumn)
  if (encoding === 'windows-1251') warnings.push(words.windows1251)
  const rows: InventoryLine[] = []
  const rejected: InventoryCsv['rejected'][number][] = []
  const lineOf = new Map<string, number>()
  let count = 0
  let work = 0
  for (const record of records) {
    if (record !== undefined) {
      const row = readRow(record, header.columns, lineOf, words)
      if (typeof row !== 'string') rows.push(row)
      else if (rejected.length < MOST_LISTED) rejected.push({ line: record.line, reason: row })
      count += 1
      if (count > MOST_ROWS) return refused(record.line, words.manyRows)
      work += record.looked + WORK_OF_CELL * (1 + record.cells.length)
    }
    if (record !== undefined && work < SLICE) continue
    work = 0
    yield count
  }
  if (count === 0) warnings.push(words.noRows)
  return { rows, rejected, rejectedTotal: count - rows.length, warnings }
}

/** What is wrong with a terminal id, in words; undefined when nothing is. */
export function idFault(id: string): string | undefined {
  return id === '' || visible(id.trim()) !== id ? 'is no id' : cellFault('terminal_id', id, IMPORT_WORDS.en)
}

function refused(line: number, reason: string): InventoryCsv {
  return { rows: [], rejected: [{ line, reason }], rejectedTotal: 1, warnings: [] }
}

function* firstOf(records: Generator<CsvRecord | undefined>): Generator<number, CsvRecord | undefined> {
  for (;;) {
    const step = records.next()
    if (step.done === true) return undefined
    if (step.value !== undefined) return step.value
    yield 0
  }
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
function readHeader({ cells, fault }: CsvRecord, words: ImportWords): Header | string {
  if (fault !== undefined) return words.csv[fault]
  const columns = cells.map(columnOf)
  if (!columns.includes('terminal_id')) return words.noIdColumn(COLUMNS.join(','))
  const twice = columns.find((column, place) => column !== undefined && columns.indexOf(column) !== place)
  if (twice !== undefined) return words.columnTwice(twice)
  const unknown = cells.filter((name, place) => columns[place] === undefined && name.trim() !== '')
  return { columns, unknown: unknown.map((name) => name.trim().slice(0, LONGEST_ID)) }
}

/** A text says why the row is bad: everything that is wrong with it. */
function readRow(
  record: CsvRecord,
  columns: Header['columns'],
  lineOf: Map<string, number>,
  words: ImportWords,
): InventoryLine | string {
  const id = readCell('terminal_id', record.cells[columns.indexOf('terminal_id')] ?? '') ?? ''
  const cells: Writable<InventoryCells> = {}
  const structure = structureFault(record, columns, words)
  // Cells beside a wrong quote may be those of other columns.
  const faults = structure === undefined ? readCells(record, columns, cells, words) : [structure]
  const wrongId = id === '' ? words.noId : namedFault('terminal_id', id, words)
  if (wrongId === undefined) {
    const earlier = lineOf.get(id)
    if (earlier === undefined) lineOf.set(id, record.line)
    else faults.unshift(words.idTwice(id, earlier))
  } else if (structure === undefined) faults.unshift(wrongId)
  return faults.length > 0 ? faults.join('; ') : { line: record.line, id, cells }
}

type Writable<Cells> = { -readonly [Key in keyof Cells]: Cells[Key] }

function structureFault(
  { fault, cells }: CsvRecord,
  columns: Header['columns'],
  words: ImportWords,
): string | undefined {
  if (fault !== undefined) return words.csv[fault]
  if (cells.length <= columns.length || cells.slice(columns.length).every((cell) => !cell.trim())) {
    return undefined
  }
  return words.manyCells(cells.length, columns.length)
}

/** Puts what the row says into `cells`; the faults of all of them. */
function readCells(
  record: CsvRecord,
  columns: Header['columns'],
  cells: Writable<InventoryCells>,
  words: ImportWords,
): string[] {
  const faults: string[] = []
  for (const [place, column] of columns.entries()) {
    if (column === undefined || column === 'terminal_id') continue
    const value = readCell(column, record.cells[place] ?? '')
    if (value === '') continue
    const fault = value === null ? undefined : namedFault(column, value, words)
    if (fault !== undefined) faults.push(fault)
    else if (column === 'lifecycle') cells.lifecycle = lifecycleOf(value ?? '') ?? 'active'
    else if (column === 'aliases') cells.aliases = value === null ? [] : [...new Set(value.split(/\s+/))]
    else cells[column] = value ?? ''
  }
  return faults
}

function namedFault(column: Column, value: string, words: ImportWords): string | undefined {
  const fault = cellFault(column, value, words)
  return fault === undefined ? undefined : `${column}: ${fault}`
}
