import { type CsvRecord, csvRecords, delimiterOf } from '../fleet/csv-text.ts'
import { decodeText } from '../fleet/decode-text.ts'
import { isPrintable } from '../telemetry/value.ts'
import type { Language, Recipient } from './letter.ts'
import { addressKey, isAddress } from './mailbox.ts'
import { RECIPIENT_WORDS, type RecipientWords } from './recipient-words.ts'

/** Longest name of a recipient, characters. */
export const LONGEST_NAME = 200

/** A file with more of them is none that people made, and to read it would hold up everything else. */
const MOST_LINES = 20_000
const MOST_REJECTED = 1000

/** What a line says. A cell that was empty is absent: it leaves things as they are. */
export type RecipientRow = Pick<Recipient, 'email'> &
  Partial<Pick<Recipient, 'name' | 'language'>> & { readonly line: number }

export type RecipientCsv = {
  readonly rows: readonly RecipientRow[]
  /** Every row that is bad, the last of which may say that no further ones were read, or line 1 when the header is; lines from 1. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
}

type Column = 'email' | 'name' | 'language' | 'id' | 'origin'

/** The last two stand in what the program gives out and say nothing to it. */
const COLUMNS: readonly Column[] = ['email', 'name', 'language', 'id', 'origin']
const EXPECTED = 'email,name,language'

/**
 * Reads a file of recipients: columns `email,name,language` in any order, told by the header line; comma, semicolon
 * or tab; UTF-8 or windows-1251. It never throws and tells every bad row in these words; the caller imports nothing when
 * there is one.
 */
export function readRecipientCsv(
  bytes: Uint8Array,
  words: RecipientWords = RECIPIENT_WORDS.en,
): RecipientCsv {
  const { pieces, damagedLine } = decodeText(bytes)
  if (damagedLine !== undefined) return refused(damagedLine, words.damaged)
  const text = pieces.join('')
  const records = csvRecords(
    text,
    delimiterOf(text, (name) => columnOf(name) !== undefined),
  )
  const first = records.next()
  if (first.done === true) return refused(1, words.empty(EXPECTED))
  const columns = readHeader(first.value, words)
  if (typeof columns === 'string') return refused(first.value.line, columns)

  const rows: RecipientRow[] = []
  const rejected: RecipientCsv['rejected'][number][] = []
  const lineOf = new Map<string, number>()
  for (const record of records) {
    const row = readRow(record, columns, lineOf, words)
    if (typeof row === 'string') rejected.push({ line: record.line, reason: row })
    else rows.push(row)
    if (rejected.length >= MOST_REJECTED || rows.length > MOST_LINES) {
      rejected.push({ line: record.line, reason: words.tooMany })
      break
    }
  }
  return { rows, rejected }
}

/** What is wrong with a recipient's name; undefined when nothing is. */
export function nameFault(name: string, words: RecipientWords = RECIPIENT_WORDS.en): string | undefined {
  if (name.length > LONGEST_NAME) return words.longer(LONGEST_NAME)
  return isPrintable(name) ? undefined : words.unprintable
}

function refused(line: number, reason: string): RecipientCsv {
  return { rows: [], rejected: [{ line, reason }] }
}

function columnOf(name: string): Column | undefined {
  const wanted = name.trim().toLowerCase()
  return COLUMNS.find((column) => column === wanted)
}

/** The columns by place; a text says what is wrong with the header. Spreadsheets leave empty columns at its end. */
function readHeader({ cells, fault }: CsvRecord, words: RecipientWords): readonly Column[] | string {
  if (fault !== undefined) return words.csv[fault]
  const columns: Column[] = []
  for (const name of cells.slice(0, 1 + cells.findLastIndex((cell) => cell.trim() !== ''))) {
    const column = columnOf(name)
    if (column === undefined) return words.unknownColumn(name.trim().slice(0, 64), EXPECTED)
    if (columns.includes(column)) return words.columnTwice(column)
    columns.push(column)
  }
  return columns.includes('email') ? columns : words.noEmail(EXPECTED)
}

/** A text says why the row is bad. */
function readRow(
  { line, cells, fault }: CsvRecord,
  columns: readonly Column[],
  lineOf: Map<string, number>,
  words: RecipientWords,
): RecipientRow | string {
  if (fault !== undefined) return words.csv[fault]
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    return words.manyCells(cells.length, columns.length)
  }
  const cell = (column: Column): string => plain(cells[columns.indexOf(column)] ?? '')
  const email = cell('email')
  if (!isAddress(email)) return words.email(email.slice(0, 80))
  const name = cell('name')
  const wrongName = nameFault(name, words)
  if (wrongName !== undefined) return `name: ${wrongName}`
  const language = languageOf(cell('language'))
  if (language === undefined) return words.language
  const earlier = lineOf.get(addressKey(email))
  if (earlier !== undefined) return words.twice(email, earlier)
  lineOf.set(addressKey(email), line)
  return { line, email, ...(name === '' ? {} : { name }), ...(language === '' ? {} : { language }) }
}

/** What the program gives out has an apostrophe before what a spreadsheet would take for a formula. */
function plain(cell: string): string {
  return cell.trim().replace(/^'(?=[=+\-@])/, '')
}

function languageOf(text: string): Language | '' | undefined {
  const word = text.toLowerCase()
  return word === 'ru' || word === 'en' || word === '' ? word : undefined
}
