import {
  type CsvFault,
  type Form,
  LONGEST_RECORD,
  type Read,
  readRecord,
  TOO_LONG,
  withoutReturn,
} from './csv-record.ts'

/** One record of a CSV text. */
export type CsvRecord = {
  /** Where it begins; lines from 1. */
  readonly line: number
  /** As far as they could be read when something is wrong. */
  readonly cells: readonly string[]
  /** What is wrong with its quotes or its length. */
  readonly fault?: CsvFault
  /** Characters that were looked at to read it: more than it has when it seemed to go on for lines. */
  readonly looked: number
}

/** Empty lines between two pauses. */
const BLANK_SLICE = 5000

const DELIMITERS = [',', ';', '\t'] as const

/** The delimiter that the first line with ink tells (`sep=;`), else the one that makes the most known columns of it. */
export function delimiterOf(text: string, isColumn: (name: string) => boolean): string {
  const line =
    text
      .slice(0, 10_000)
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? ''
  const known = (delimiter: string): number =>
    line.split(delimiter).filter((name) => isColumn(name.replaceAll('"', ''))).length
  const best = DELIMITERS.reduce((best, delimiter) => (known(delimiter) > known(best) ? delimiter : best))
  return toldDelimiter(line) ?? best
}

/** The records of a CSV text in one go, see `readingRecords`. */
export function* csvRecords(text: string, delimiter: string): Generator<CsvRecord> {
  for (const record of readingRecords([text], delimiter)) if (record !== undefined) yield record
}

/**
 * The records of a CSV text (RFC 4180, with any delimiter and any line end), one after the other; undefined is a pause
 * where there is none for long. Lines without any ink and a first line `sep=;` are skipped. A quote that is not the
 * first character of its cell is just a character, since people write `ООО "Ромашка"` without quoting it.
 */
export function* readingRecords(
  pieces: readonly string[],
  delimiter: string,
): Generator<CsvRecord | undefined> {
  // Old Macintosh programs end lines with a return alone.
  const form = { delimiter, lineEnd: pieces.some((piece) => piece.includes('\n')) ? '\n' : '\r' }
  const window: Window = { pieces, taken: 0, text: '', at: 0 }
  let line = 1
  let blank = 0
  let isFirst = true
  while (fill(window)) {
    const { text, at } = window
    const end = lineEndIn(window, form)
    if (end === undefined) {
      yield { line, looked: LONGEST_RECORD, ...TOO_LONG }
      while (skipLine(window, form) === 'sought') yield undefined
      line += 1
      continue
    }
    const plain = withoutReturn(text.slice(at, end))
    const isTold = isFirst && toldDelimiter(plain) !== undefined
    const isBlank = plain.trim() === ''
    isFirst &&= isBlank
    const record = isTold || isBlank ? SKIPPED : readRecord(text, at, plain, form)
    const { cells, fault, lines = 1, next = end + 1, looked = next - at } = record
    window.at = next
    if (record !== SKIPPED) yield { line, cells, looked, ...(fault === undefined ? {} : { fault }) }
    else if (++blank % BLANK_SLICE === 0) yield undefined
    line += lines
  }
}

const SKIPPED: Read = { cells: [] }

/** The part of a text that is being read: it holds more than the longest record, or all that is left. */
type Window = {
  readonly pieces: readonly string[]
  /** Pieces that were put into it. */
  taken: number
  text: string
  /** Up to where it was read. */
  at: number
}

/** False: there is nothing left. */
function fill(window: Window): boolean {
  while (window.text.length - window.at <= LONGEST_RECORD + 1 && window.taken < window.pieces.length) {
    window.text = window.text.slice(window.at) + (window.pieces[window.taken] ?? '')
    window.at = 0
    window.taken += 1
  }
  return window.at < window.text.length
}

/** Goes behind the next line end, a piece of the text at a time. */
function skipLine(window: Window, { lineEnd }: Form): 'done' | 'sought' {
  const end = window.text.indexOf(lineEnd, window.at)
  window.at = end === -1 ? window.text.length : end + 1
  return end === -1 && fill(window) ? 'sought' : 'done'
}

/** Index of the end of the line that is to be read; undefined: it is longer than a record. */
function lineEndIn({ text, at, taken, pieces }: Window, { lineEnd }: Form): number | undefined {
  const found = text.indexOf(lineEnd, at)
  const end = found === -1 && taken === pieces.length ? text.length : found
  return end === -1 || end - at > LONGEST_RECORD ? undefined : end
}

/** What spreadsheets put, or want to see, in front of a table. */
function toldDelimiter(line: string): string | undefined {
  return /^\s*"?sep=([,;\t])"?\s*$/i.exec(line)?.[1]
}
