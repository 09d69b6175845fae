import { parsePlainIso } from '../../telemetry/plain-iso.ts'
import { type Instant, SECOND } from '../../time.ts'
import { asciiText } from '../interning.ts'
import { COLON, DIGIT_0, LETTER_Z, POINT, QUOTE } from './ascii.ts'
import type { Cursor } from './cursor.ts'

const YEAR_2000: Instant = 946_684_800_000
const YEAR_2200: Instant = 7_258_118_400_000

/** Reads `"2026-01-15T10:20:30Z"` and `"2026-01-15T10:20:30.123Z"`. */
export function createInstantReader({ bytes, view, place, unusual }: Cursor) {
  /** The minute that was read last, as its 16 characters: most lines are of the same one. */
  let date0 = 0
  let date1 = 0
  let date2 = 0
  let date3 = 0
  let knownMinute: Instant = Number.NaN

  function readInstant(): Instant | undefined {
    if (bytes[place.at] !== QUOTE) return unusual()
    const from = place.at + 1
    const minute = minuteAt(from)
    if (minute === undefined || bytes[from + 16] !== COLON) return unusual()
    const tens = (bytes[from + 17] ?? 0) - DIGIT_0
    const ones = (bytes[from + 18] ?? 0) - DIGIT_0
    if (!(tens >= 0 && tens <= 5 && ones >= 0 && ones <= 9)) return unusual()
    const whole = minute + (tens * 10 + ones) * SECOND
    if (bytes[from + 19] !== POINT) return endInstant(from + 19, whole)
    const tenths = (bytes[from + 20] ?? 0) - DIGIT_0
    const hundredths = (bytes[from + 21] ?? 0) - DIGIT_0
    const thousandths = (bytes[from + 22] ?? 0) - DIGIT_0
    if (!(tenths >= 0 && tenths <= 9 && hundredths >= 0 && hundredths <= 9)) return unusual()
    if (!(thousandths >= 0 && thousandths <= 9)) return unusual()
    return endInstant(from + 23, whole + tenths * 100 + hundredths * 10 + thousandths)
  }

  function endInstant(zone: number, instant: Instant): Instant | undefined {
    if (bytes[zone] !== LETTER_Z || bytes[zone + 1] !== QUOTE) return unusual()
    place.at = zone + 2
    return instant
  }

  /** `2026-01-15T10:20` */
  function minuteAt(from: number): Instant | undefined {
    const word0 = view.getInt32(from, true)
    const word1 = view.getInt32(from + 4, true)
    const word2 = view.getInt32(from + 8, true)
    const word3 = view.getInt32(from + 12, true)
    if (word3 === date3 && word2 === date2 && word1 === date1 && word0 === date0) return knownMinute
    const text = asciiText(bytes, from, from + 16)
    const minute = parsePlainIso(`${text}:00Z`)
    if (minute === undefined) return undefined
    date0 = word0
    date1 = word1
    date2 = word2
    date3 = word3
    knownMinute = minute
    return minute
  }

  return {
    readInstant,
    /** The service's own clock is of these years; else replay-line.ts says what is wrong. */
    readReceivedAt(): Instant | undefined {
      const instant = readInstant()
      return instant !== undefined && instant >= YEAR_2000 && instant <= YEAR_2200 ? instant : unusual()
    },
  }
}
