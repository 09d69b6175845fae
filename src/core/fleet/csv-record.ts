/** More cells in a row are no table that people made. */
export const MOST_CELLS = 200
/** A longer row is none; also keeps a quote that is never closed from swallowing a whole file. */
export const LONGEST_RECORD = 100_000

export type Form = { readonly delimiter: string; readonly lineEnd: string }

/** What is wrong with the quotes or the length of a record; csv-words.ts says it to people. */
export type CsvFault = 'long' | 'columns' | 'behind-quote' | 'open-quote' | 'long-quote'

/** What was read of one record. */
export type Read = {
  readonly cells: readonly string[]
  readonly fault?: CsvFault | undefined
  /** Where the next record begins and how many lines this one took; absent: it is the line alone. */
  readonly next?: number
  readonly lines?: number
  /** Characters that were looked at; absent: those of the line. */
  readonly looked?: number
}

export const TOO_LONG = { cells: [], fault: 'long' } as const satisfies Read

/** The record that begins at `from`; `plain`: its first line. */
export function readRecord(text: string, from: number, plain: string, form: Form): Read {
  if (plain.includes('"')) return readQuoted(text, from, form)
  return bounded(plain.split(form.delimiter, MOST_CELLS + 1))
}

function bounded(cells: readonly string[]): Read {
  return cells.length > MOST_CELLS ? { cells, fault: 'columns' } : { cells }
}

/** A record that has quotes in it: cell by cell. One that has no end is its first line alone. */
function readQuoted(text: string, from: number, form: Form): Read {
  const cells: string[] = []
  let fault: CsvFault | undefined
  let lines = 1
  let at = from
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at, form) : bareCell(text, at, form)
    cells.push(cell.value)
    const looked = cell.isOpen ? LONGEST_RECORD : Math.min(cell.end - from, LONGEST_RECORD + 1)
    if (cells.length > MOST_CELLS) return { ...bounded(cells), looked }
    if (cell.isOpen) return { cells, fault: cell.fault, looked }
    if (looked > LONGEST_RECORD) return { ...TOO_LONG, looked }
    fault ??= cell.fault
    lines += cell.newlines
    at = cell.end + 1
    if (text[cell.end] !== form.delimiter) return { cells, fault, next: at, lines }
  }
}

type Cell = {
  readonly value: string
  /** Index of the delimiter or line end behind it, or the length of the text. */
  readonly end: number
  readonly newlines: number
  readonly fault?: CsvFault
  /** It has no end. */
  readonly isOpen?: true
}

function bareCell(text: string, from: number, form: Form): Cell {
  const end = cellEnd(text, from, form)
  return { value: withoutReturn(text.slice(from, end)), end, newlines: 0 }
}

function quotedCell(text: string, from: number, form: Form): Cell {
  let value = ''
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at)
    if (quote === -1 || quote - from > LONGEST_RECORD) return openCell(text.length - from)
    value += text.slice(at, quote)
    if (text[quote + 1] === '"') {
      value += '"'
      at = quote + 2
      continue
    }
    const end = cellEnd(text, quote + 1, form)
    const newlines = value.includes(form.lineEnd) ? value.split(form.lineEnd).length - 1 : 0
    const behind = text.slice(quote + 1, end).trim()
    if (behind === '') return { value, end, newlines }
    return { value, end, newlines, fault: 'behind-quote' }
  }
}

function openCell(charactersLeft: number): Cell {
  const fault = charactersLeft > LONGEST_RECORD ? 'long-quote' : 'open-quote'
  return { value: '', end: 0, newlines: 0, isOpen: true, fault }
}

function cellEnd(text: string, from: number, { delimiter, lineEnd }: Form): number {
  const wanted = delimiter.charCodeAt(0)
  const ends = lineEnd.charCodeAt(0)
  const last = Math.min(text.length, from + LONGEST_RECORD + 1)
  let at = from
  for (; at < last; at += 1) {
    const code = text.charCodeAt(at)
    if (code === wanted || code === ends) break
  }
  return at
}

export function withoutReturn(value: string): string {
  return value.endsWith('\r') ? value.slice(0, -1) : value
}
