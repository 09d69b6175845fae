/** Characters of one part, unless a single element is longer: much less than a slice takes to parse. */
const PART_LENGTH = 16 * 1024

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

const BLANK = /^[ \t\n\r]*$/

/**
 * The text of a JSON array as texts of arrays of some of its elements each, in order, so that a long one can be parsed
 * piece by piece. Its text is JSON exactly when each of them is; undefined stands for what can be none. The text begins
 * with `[`, perhaps after blanks.
 */
export function* arrayParts(text: string, length: number = PART_LENGTH): Generator<string | undefined> {
  const begin = text.indexOf('[') + 1
  let start = begin
  let depth = 0
  for (let at = begin; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = stringEnd(text, at)
    } else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
      if (depth === 0) return yield lastPart(text, start, at, start === begin)
      depth -= 1
    } else if (code === COMMA && depth === 0 && at - start >= length) {
      yield part(text, start, at)
      start = at + 1
    }
  }
  yield undefined
}

/** Place of the quote that ends the string which begins at `from`; the end of the text where none does. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    at = text.indexOf('"', at)
    if (at === -1) return text.length
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return at
  }
}

/** `isOnly`: an array without elements is one, but nothing may follow a comma. */
function lastPart(text: string, start: number, end: number, isOnly: boolean): string | undefined {
  if (text.charCodeAt(end) !== CLOSE_BRACKET || !BLANK.test(text.slice(end + 1))) return undefined
  return isOnly ? `[${text.slice(start, end)}]` : part(text, start, end)
}

/** Of one element at least. */
function part(text: string, start: number, end: number): string | undefined {
  const elements = text.slice(start, end)
  return BLANK.test(elements) ? undefined : `[${elements}]`
}
