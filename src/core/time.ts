/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** `6h30m` to milliseconds; undefined unless it is one or more number-unit pairs with a positive sum. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined
  let total = 0
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(number) * (UNIT_MS[unit ?? ''] ?? 0)
  }
  return total > 0 && Number.isSafeInteger(Math.round(total)) ? Math.max(1, Math.round(total)) : undefined
}

/** The shortest exact form that `parseDuration` reads back: 23_400_000 is `6h30m`. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms)
  let text = ''
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text || '0ms'
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?$/

/**
 * ISO 8601 date and time to an instant; undefined if it is none. A text without an offset is read in
 * `zone` (an IANA name), and refused when no zone is given.
 */
export function parseIso(text: string, zone?: string): Instant | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match
  const y = Number(year)
  const mo = Number(month)
  const d = Number(day)
  const h = Number(hour)
  const mi = Number(minute)
  const s = Number(second)
  if (mo < 1 || mo > 12 || d < 1 || d > daysInMonth(y, mo) || h > 23 || mi > 59 || s > 60) return undefined
  const ms = fraction === '' ? 0 : Math.floor(Number(`0.${fraction}`) * 1000)
  const local = utcMs(y, mo, d) + h * HOUR + mi * MINUTE + s * SECOND + ms
  if (offset !== undefined) return local - offsetMs(offset)
  return zone === undefined ? undefined : fromLocal(local, zone)
}

/** `2026-01-15T10:20:30.000Z`. */
export function toIso(at: Instant): string {
  const days = Math.floor(at / DAY)
  const rest = at - days * DAY
  const { year, month, day } = civil(days)
  const time = [
    Math.floor(rest / HOUR),
    Math.floor((rest % HOUR) / MINUTE),
    Math.floor((rest % MINUTE) / SECOND),
  ]
  const clock = time.map((n) => pad(n, 2)).join(':')
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}.${pad(Math.floor(rest % SECOND), 3)}Z`
}

/** How far the zone's local time is ahead of UTC at that instant, in ms. */
export function zoneOffsetMs(at: Instant, zone: string): number {
  const parts: Record<string, string> = {}
  for (const { type, value } of zoneFormat(zone).formatToParts(at)) parts[type] = value
  const number = (name: string): number => Number(parts[name])
  const local =
    utcMs(number('year'), number('month'), number('day')) +
    (number('hour') % 24) * HOUR +
    number('minute') * MINUTE +
    number('second') * SECOND
  return local - Math.floor(at / SECOND) * SECOND
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>()

function zoneFormat(zone: string): Intl.DateTimeFormat {
  let format = zoneFormats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    zoneFormats.set(zone, format)
  }
  return format
}

/** Local wall time in a zone to an instant. In a repeated hour the earlier one is taken. */
function fromLocal(localMs: number, zone: string): Instant {
  const first = localMs - zoneOffsetMs(localMs - DAY / 2, zone)
  const second = localMs - zoneOffsetMs(first, zone)
  return second
}

function offsetMs(text: string): number {
  if (text === 'Z' || text === 'z') return 0
  const digits = text.slice(1).replace(':', '').padEnd(4, '0')
  const ms = Number(digits.slice(0, 2)) * HOUR + Number(digits.slice(2)) * MINUTE
  return text.startsWith('-') ? -ms : ms
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Midnight UTC of a proleptic Gregorian date (the "days from civil" algorithm: years that begin in March). */
function utcMs(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * DAY
}

function civil(daysSince1970: number): { year: number; month: number; day: number } {
  const z = daysSince1970 + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return { year, month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 }
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
