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

/** Stands for an element whose text is too long to be parsed. */
export const OVERLONG = Symbol('overlong element')

/** Undefined: what can be no JSON. */
export type ArrayPart = string | typeof OVERLONG | undefined

export type PartsOptions = {
  /** Characters of a part. */
  readonly length?: number
  /** Characters of an element that is still worth parsing. */
  readonly longest?: number
  /** What must follow the array; otherwise the text is no JSON. */
  readonly behind?: RegExp
}

/**
 * The text of a JSON array as texts of arrays of some of its elements each, in order, so that a long one can be parsed
 * piece by piece. Its text is JSON exactly when each of them is; an overlong element is not looked into. The text
 * begins with `[`, perhaps after blanks.
 */
export function* arrayParts(
  text: string,
  { length = PART_LENGTH, longest = Number.POSITIVE_INFINITY, behind = BLANK }: PartsOptions = {},
): Generator<ArrayPart> {
  const begin = text.indexOf('[') + 1
  let start = begin
  for (let element = begin; ; ) {
    const end = elementEnd(text, element)
    const isLast = text.charCodeAt(end) !== COMMA
    if (isLast && !(text.charCodeAt(end) === CLOSE_BRACKET && behind.test(text.slice(end + 1)))) {
      return yield undefined
    }
    if (end - element > longest) {
      if (element > start) yield part(text, start, element - 1)
      yield OVERLONG
      start = end + 1
    } else if (isLast) {
      // An array without elements is one, but nothing may follow a comma.
      yield start === begin ? `[${text.slice(start, end)}]` : part(text, start, end)
    } else if (end - start >= length) {
      yield part(text, start, end)
      start = end + 1
    }
    if (isLast) return
    element = end + 1
  }
}

/** Place of the comma or bracket behind the element that begins at `from`; the end of the text where there is none. */
function elementEnd(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = stringEnd(text, at)
    } else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
      if (depth === 0) return at
      depth -= 1
    } else if (code === COMMA && depth === 0) {
      return at
    }
  }
  return text.length
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

/** Of one element at least. */
function part(text: string, start: number, end: number): string | undefined {
  const elements = text.slice(start, end)
  return BLANK.test(elements) ? undefined : `[${elements}]`
}
