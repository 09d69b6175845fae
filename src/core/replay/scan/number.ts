import { DIGIT_0, DIGIT_9, LETTER_E, LETTER_UPPER_E, MINUS, POINT } from './ascii.ts'
import type { Cursor } from './cursor.ts'

/**
 * Reads numbers of at most 15 digits without an exponent: their digits and the power of ten are exact, so that the
 * quotient is the nearest number, as JSON.parse gives it (Clinger, "How to read floating point numbers accurately").
 */
export function createNumberReader({ bytes, place, unusual }: Cursor): () => number | undefined {
  return () => {
    const isNegative = bytes[place.at] === MINUS
    let at = isNegative ? place.at + 1 : place.at
    const first = at
    let value = 0
    let code = bytes[at] ?? 0
    for (; code >= DIGIT_0 && code <= DIGIT_9 && at - first < 16; code = bytes[++at] ?? 0) {
      value = value * 10 + (code - DIGIT_0)
    }
    const whole = at - first
    // JSON knows neither an empty whole part nor leading zeros.
    if (whole === 0 || whole > 15 || (whole > 1 && bytes[first] === DIGIT_0)) return unusual()
    if (code === POINT) {
      const point = ++at
      code = bytes[at] ?? 0
      for (; code >= DIGIT_0 && code <= DIGIT_9 && at - point < 16; code = bytes[++at] ?? 0) {
        value = value * 10 + (code - DIGIT_0)
      }
      const places = at - point
      if (places === 0 || whole + places > 15) return unusual()
      value /= POWERS[places] ?? 1
    }
    if (code === LETTER_E || code === LETTER_UPPER_E) return unusual()
    place.at = at
    return isNegative ? -value : value
  }
}

const POWERS: readonly number[] = Array.from({ length: 16 }, (_, index) => 10 ** index)
