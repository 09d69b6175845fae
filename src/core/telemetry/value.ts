import type { Instant } from '../time.ts'
import { readIso } from './local-time.ts'

/** The last instant that four digits of a year can write; nothing later is a time. */
const LAST_INSTANT = 253_402_300_799_999
/** Year 1: before it `toIso` would have to write a sign. */
const FIRST_INSTANT = -62_135_596_800_000
const LONGEST_TIME = 64
const LONGEST_NUMBER = 32
const LONGEST_ID = 64

/**
 * A time in any of the forms that sources send. Numbers and numeric texts are told by magnitude: below 1e11
 * seconds (fractions allowed), below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds. Other texts
 * are ISO 8601, read in `zone` where they carry no offset. Undefined if it is none of these. A time that is
 * absurd for a terminal (1970, 2106) is returned all the same: `judge` knows what a lost clock looks like.
 */
export function readTime(value: unknown, zone: string | undefined): Instant | undefined {
  if (typeof value === 'number') return timeOfNumber(value)
  if (typeof value !== 'string' || value.length > LONGEST_TIME) return undefined
  const text = value.trim()
  const number = plainNumber(text)
  const at = number === undefined ? readIso(text, zone) : timeOfNumber(number)
  return at !== undefined && at <= LAST_INSTANT ? at : undefined
}

/** The unit in which a number is a Unix time, told by its magnitude. */
export function timeUnit(value: number): 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds' {
  const size = Math.abs(value)
  if (size < 1e11) return 'seconds'
  if (size < 1e14) return 'milliseconds'
  return size < 1e17 ? 'microseconds' : 'nanoseconds'
}

/** A finite number, or a text that is a plain decimal number; undefined for everything else. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'string' && value.length <= LONGEST_NUMBER ? plainNumber(value.trim()) : undefined
}

/** True or false in the forms that sources send: true, 1, `"on"`, `"yes"` and their opposites; else undefined. */
export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 1) return true
  if (value === 0) return false
  return typeof value === 'string' && value.length <= 5 ? WORDS.get(value.toLowerCase()) : undefined
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['off', false],
  ['no', false],
  ['0', false],
])

/**
 * The id by which a payload names a terminal: a name (`readName`) that is one terminal's own and that an address can
 * hold. Undefined for everything else.
 */
export function readId(value: unknown): string | undefined {
  const name = readName(value)
  return name === undefined || isNobody(name) || !fitsAddress(name) ? undefined : name
}

/** Zeros alone are nobody's id: devices send them until they are set up. */
export function isNobody(value: unknown): boolean {
  return value === 0 || (typeof value === 'string' && /^\s*0+\s*$/.test(value))
}

/** In an address `.` and `..` are steps, however they are written. */
export function fitsAddress(id: string): boolean {
  return id !== '.' && id !== '..'
}

/** Text of 1 to 64 printable characters, or an exact whole number as text; undefined for everything else. */
export function readName(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined
  const text = readText(value, LONGEST_ID)
  return text === undefined || INVISIBLE.test(text) ? undefined : text
}

/** Two ids that look the same would be two terminals: no width (zero-width, joiners) and no turning of the direction. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/

/** A trimmed text of 1 to `longest` characters without control characters or halves of characters. */
export function readText(value: unknown, longest: number): string | undefined {
  // Blanks around it are not worth reading a text that is many times too long.
  if (typeof value !== 'string' || value.length > 4 * longest) return undefined
  const text = value.trim()
  return text !== '' && text.length <= longest && isPrintable(text) ? text : undefined
}

/** No control characters (C0, DEL, C1, line and paragraph separators) and no halves of surrogate pairs. */
export function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029) return false
    if (code >= 0xd800 && code < 0xe000) return text.isWellFormed() && isPrintableAfter(text, i + 1)
  }
  return true
}

/** A value as it may stand in an error message: short, on one line, and told by its type where it is a structure. */
export function excerpt(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return String(value).slice(0, 40)
}

/** The rest of a text whose surrogate pairs are known to be whole. */
function isPrintableAfter(text: string, from: number): boolean {
  for (let i = from; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029) return false
  }
  return true
}

function timeOfNumber(value: number): Instant | undefined {
  const unit = timeUnit(value)
  const ms =
    unit === 'seconds'
      ? Math.round(value * 1000)
      : unit === 'milliseconds'
        ? Math.floor(value)
        : unit === 'microseconds'
          ? Math.floor(value / 1e3)
          : Math.floor(value / 1e6)
  // NaN and infinities fail these comparisons.
  return ms <= LAST_INSTANT && ms >= FIRST_INSTANT ? ms : undefined
}

/** `-12.5` to a number; undefined for exponents, signs alone, `0x10`, `Infinity` and the empty text. */
function plainNumber(text: string): number | undefined {
  const first = text.charCodeAt(0)
  let i = first === 0x2d || first === 0x2b ? 1 : 0
  let digits = 0
  let points = 0
  for (; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code >= 0x30 && code <= 0x39) digits += 1
    else if (code === 0x2e && points === 0 && digits > 0) points = 1
    else return undefined
  }
  return digits > 0 && text.charCodeAt(text.length - 1) !== 0x2e ? Number(text) : undefined
}
