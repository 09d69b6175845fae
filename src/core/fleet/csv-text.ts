/** One record of a CSV text: where it begins (lines from 1) and its cells, or what is wrong with its quotes. */
export type CsvRecord = {
  readonly line: number
  readonly cells: readonly string[]
  readonly fault?: string
}

/** Texts, and the encoding that they were found to be in. */
export type DecodedText = { readonly text: string; readonly encoding: 'utf-8' | 'utf-16' | 'windows-1251' }

/** Decodes in one go, see `decodingText`. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const decoding = decodingText(bytes)
  for (;;) {
    const step = decoding.next()
    if (step.done === true) return step.value
  }
}

/**
 * Bytes of a file that people saved: UTF-8 if they are valid as such, UTF-16 if they begin with its mark (what
 * spreadsheets call "Unicode text"), else windows-1251. Byte order marks are dropped. It yields between its pieces.
 */
export function* decodingText(bytes: Uint8Array): Generator<number, DecodedText> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: yield* decoded(bytes, new TextDecoder('utf-16le')), encoding: 'utf-16' }
  }
  try {
    return { text: yield* decoded(bytes, new TextDecoder('utf-8', { fatal: true })), encoding: 'utf-8' }
  } catch {
    return { text: yield* decoded(bytes, new TextDecoder('windows-1251')), encoding: 'windows-1251' }
  }
}

const PIECE_BYTES = 1024 * 1024

type Decoder = { decode(bytes: Uint8Array, options: { readonly stream: boolean }): string }

function* decoded(bytes: Uint8Array, decoder: Decoder): Generator<number, string> {
  const pieces: string[] = []
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const piece = bytes.subarray(from, from + PIECE_BYTES)
    pieces.push(decoder.decode(piece, { stream: from + PIECE_BYTES < bytes.length }))
    if (from + PIECE_BYTES < bytes.length) yield 0
  }
  return pieces.join('')
}

const DELIMITERS = [',', ';', '\t'] as const

/** The delimiter that makes the most known columns of the first line with ink. */
export function delimiterOf(text: string, isColumn: (name: string) => boolean): string {
  const line = text.slice(0, 10_000).trimStart().split('\n', 1)[0] ?? ''
  const known = (delimiter: string): number =>
    line.split(delimiter).filter((name) => isColumn(name.replaceAll('"', ''))).length
  return DELIMITERS.reduce((best, delimiter) => (known(delimiter) > known(best) ? delimiter : best))
}

/**
 * The records of a CSV text (RFC 4180, with any delimiter and any line end), one after the other. Lines without
 * any ink are skipped. A quote that is not the first character of its cell is just a character, since people write
 * `ООО "Ромашка"` without quoting it.
 */
export function* csvRecords(text: string, delimiter: string): Generator<CsvRecord> {
  let line = 1
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline === -1 ? text.length : newline
    const plain = text.slice(at, text.charCodeAt(end - 1) === RETURN && end > at ? end - 1 : end)
    if (plain.trim() === '') {
      at = end + 1
      line += 1
    } else if (plain.includes('"')) {
      const quoted = readQuoted(text, at, delimiter)
      yield { line, cells: quoted.cells, ...(quoted.fault === undefined ? {} : { fault: quoted.fault }) }
      line += quoted.lines
      at = quoted.next
    } else {
      yield { line, cells: plain.split(delimiter) }
      at = end + 1
      line += 1
    }
  }
}

const RETURN = 0x0d
const LINE_FEED = 0x0a

type Quoted = {
  readonly cells: readonly string[]
  readonly fault: string | undefined
  /** Where the next record begins, and how many lines this one took. */
  readonly next: number
  readonly lines: number
}

/** A record that has quotes in it: cell by cell. */
function readQuoted(text: string, from: number, delimiter: string): Quoted {
  const cells: string[] = []
  let fault: string | undefined
  let lines = 1
  let at = from
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at, delimiter) : bareCell(text, at, delimiter)
    cells.push(cell.value)
    fault ??= cell.fault
    lines += cell.newlines
    at = cell.end + 1
    if (text[cell.end] !== delimiter) return { cells, fault, next: at, lines }
  }
}

type Cell = {
  readonly value: string
  /** Index of the delimiter or line feed behind it, or the length of the text. */
  readonly end: number
  readonly newlines: number
  readonly fault?: string
}

function bareCell(text: string, from: number, delimiter: string): Cell {
  const end = cellEnd(text, from, delimiter)
  return { value: withoutReturn(text.slice(from, end)), end, newlines: 0 }
}

function quotedCell(text: string, from: number, delimiter: string): Cell {
  let value = ''
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at)
    if (quote === -1) {
      return { value, end: text.length, newlines: 0, fault: 'a quoted cell begins here and is never closed' }
    }
    value += text.slice(at, quote)
    if (text[quote + 1] === '"') {
      value += '"'
      at = quote + 2
      continue
    }
    const end = cellEnd(text, quote + 1, delimiter)
    const newlines = value.includes('\n') ? value.split('\n').length - 1 : 0
    const behind = text.slice(quote + 1, end).trim()
    if (behind === '') return { value, end, newlines }
    return {
      value,
      end,
      newlines,
      fault: 'there is text behind the closing quote of a cell; double the quotes inside',
    }
  }
}

function cellEnd(text: string, from: number, delimiter: string): number {
  const wanted = delimiter.charCodeAt(0)
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === wanted || code === LINE_FEED) break
  }
  return at
}

function withoutReturn(value: string): string {
  return value.endsWith('\r') ? value.slice(0, -1) : value
}
