import type { Language } from '../../core/letters/letter.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND, toIso } from '../../core/time.ts'
import type { Texts } from './texts.ts'

/** Numbers, times and durations as people of one language read them in one time zone. */
export type Format = {
  /** `10:20` today, `15 Jan, 10:20` on another day. */
  moment(at: Instant): string
  /** With date and seconds: `15 Jan 2026, 10:20:30`. */
  precise(at: Instant): string
  /** `15 Jan 2026`. */
  date(at: Instant): string
  /** `15 Jan`. */
  day(at: Instant): string
  /** `January 2026`. */
  month(at: Instant): string
  /** The two largest units: `3 h 12 min`. */
  duration(ms: number): string
  number(value: number): string
  /** Per cent with two digits, rounded to the side that promises less or more. */
  percent(share: number, side: 'down' | 'up'): string
}

/** Times are shown in `zone` relative to `now`. */
export function createFormat(language: Language, texts: Texts, zone: string, now: Instant): Format {
  const formats = formatsOf(language, zone)
  const today = formats.day.format(now)
  return {
    moment: (at) => (formats.day.format(at) === today ? formats.time : formats.short).format(at),
    precise: (at) => formats.precise.format(at),
    date: (at) => formats.date.format(at),
    day: (at) => formats.dayOnly.format(at),
    month: (at) => formats.month.format(at),
    duration: (ms) => duration(ms, texts),
    number: (value) => formats.number.format(value),
    percent: (share, side) => {
      const rounded = (side === 'down' ? Math.floor : Math.ceil)(Number((share * 10_000).toFixed(6)))
      return formats.percent.format(rounded / 10_000)
    },
  }
}

type Formats = Readonly<
  Record<'day' | 'time' | 'short' | 'precise' | 'date' | 'dayOnly' | 'month', Intl.DateTimeFormat> &
    Record<'number' | 'percent', Intl.NumberFormat>
>

const cache = new Map<string, Formats>()

/** Making these takes longer than a whole page. */
function formatsOf(language: Language, zone: string): Formats {
  const key = `${language} ${zone}`
  const made = cache.get(key) ?? makeFormats(language, zone)
  cache.set(key, made)
  return made
}

function makeFormats(language: Language, timeZone: string): Formats {
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB'
  const time = { hour: '2-digit', minute: '2-digit' } as const
  const date = { day: 'numeric', month: 'short' } as const
  const make = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options })
  return {
    day: make({ dateStyle: 'short' }),
    time: make(time),
    short: make({ ...date, ...time }),
    precise: make({ ...date, year: 'numeric', ...time, second: '2-digit' }),
    date: make({ ...date, year: 'numeric' }),
    dayOnly: make(date),
    month: make({ month: 'long', year: 'numeric' }),
    number: new Intl.NumberFormat(locale),
    percent: new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 2 }),
  }
}

const NO_BREAK = '\u00a0'

function duration(ms: number, texts: Texts): string {
  const units: readonly [number, string][] = [
    [DAY, texts.day],
    [HOUR, texts.hour],
    [MINUTE, texts.minute],
    [SECOND, texts.second],
  ]
  const first = units.findIndex(([size]) => ms >= size)
  if (Math.round(ms) <= 0) return `0${NO_BREAK}${texts.second}`
  if (first === -1) return `${Math.round(ms)}${NO_BREAK}${texts.millisecond}`
  let rest = ms
  const parts = []
  for (const [size, unit] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count}${NO_BREAK}${unit}`)
  }
  return parts.join(NO_BREAK)
}

/** `datetime` attribute of a time element. */
export function machineTime(at: Instant): string {
  return toIso(at)
}
