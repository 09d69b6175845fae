import { asciiText, type Interning } from '../interning.ts'
import { BACKSLASH, DELETE, DIGIT_0, DIGIT_9, QUOTE, SPACE } from './ascii.ts'
import type { Cursor } from './cursor.ts'

const LONGEST = 64

/** Reads texts of 1 to 64 characters that need no trimming, and tells the number of the newest one in `ids`. */
export function createTextReader({ bytes, place, unusual }: Cursor, ids: Interning) {
  let index = -1
  /** The source that was read last, and its text with the quotes. */
  let lastSource = ''
  let sourceBytes: Uint8Array = new Uint8Array(0)

  function readText(): string | undefined {
    const { at } = place
    if (bytes[at] !== QUOTE) return unusual()
    const from = at + 1
    let number = 0
    let to = from
    let code = bytes[to] ?? 0
    // Most ids are decimal numbers that a double holds exactly.
    for (; code >= DIGIT_0 && code <= DIGIT_9 && to - from < 15; code = bytes[++to] ?? 0) {
      number = number * 10 + (code - DIGIT_0)
    }
    if (code === QUOTE && to > from && bytes[from] !== DIGIT_0) {
      place.at = to + 1
      index = ids.ofNumber(number)
      return index < 0 ? String(number) : ids.text(index)
    }
    // Blanks, control characters and what is not ASCII.
    for (; code !== QUOTE; code = bytes[++to] ?? 0) {
      if (code <= SPACE || code >= DELETE || code === BACKSLASH || to - from > LONGEST) return unusual()
    }
    if (to === from || to - from > LONGEST) return unusual()
    place.at = to + 1
    index = ids.ofBytes(bytes, from, to)
    return index < 0 ? asciiText(bytes, from, to) : ids.text(index)
  }

  function isLastSource(from: number): boolean {
    for (let i = 0; i < sourceBytes.length; i++) if (bytes[from + i] !== sourceBytes[i]) return false
    return lastSource !== ''
  }

  return {
    readText,
    /** Number of the text that was read last; -1: it has none. */
    index: () => index,
    /** Nearly always that of the line before. */
    readSource(): string | undefined {
      const from = place.at
      if (isLastSource(from)) {
        place.at = from + sourceBytes.length
        return lastSource
      }
      const text = readText()
      if (text === undefined) return undefined
      lastSource = text
      sourceBytes = bytes.slice(from, place.at)
      return text
    },
  }
}
