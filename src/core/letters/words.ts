import { DAY, HOUR, type Instant, MINUTE, SECOND, zoneOffsetMs } from '../time.ts'
import type { Language } from './letter.ts'

const UNITS = {
  ru: { day: 'д', hour: 'ч', minute: 'мин', second: 'с' },
  en: { day: 'd', hour: 'h', minute: 'min', second: 's' },
} as const

const NOT_BEFORE = { ru: 'не раньше', en: 'not before' } as const
const LOCALES = { ru: 'ru-RU', en: 'en-GB' } as const

/** `1 ч 2 мин`, `1 h 2 min`: exact to the second, rounded down, so that what is said to be certain is. */
export function durationWords(ms: number, language: Language): string {
  const unit = UNITS[language]
  const parts = [
    [Math.floor(ms / DAY), unit.day],
    [Math.floor((ms % DAY) / HOUR), unit.hour],
    [Math.floor((ms % HOUR) / MINUTE), unit.minute],
    [Math.floor((ms % MINUTE) / SECOND), unit.second],
  ] as const
  const words = parts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`)
  return words.length > 0 ? words.join(' ') : `0 ${unit.second}`
}

/** `23 ноября 2026 г., 11:04:10 (Europe/Moscow, UTC+03:00)`. */
export function momentWords(at: Instant, zone: string, language: Language): string {
  return `${dateWords(at, zone, language)}, ${clockWords(at, zone)} (${zone}, ${offsetWords(at, zone)})`
}

/**
 * A moment with the earliest time at which it may have been: `23 November 2026, 10:04:10, not before 10:03:12
 * (Europe/Moscow, UTC+03:00)`. Without a bound just the moment.
 */
export function boundedMomentWords(
  at: Instant,
  notBefore: Instant | null,
  zone: string,
  language: Language,
): string {
  if (notBefore === null) return momentWords(at, zone, language)
  const bound = isSameDay(at, notBefore, zone)
    ? clockWords(notBefore, zone)
    : `${dateWords(notBefore, zone, language)}, ${clockWords(notBefore, zone)}`
  const phrase = `${NOT_BEFORE[language]} ${bound}`
  // The clocks were changed in between: each time carries its own offset.
  if (offsetWords(at, zone) !== offsetWords(notBefore, zone)) {
    return `${momentWords(at, zone, language)}, ${phrase} (${offsetWords(notBefore, zone)})`
  }
  return `${dateWords(at, zone, language)}, ${clockWords(at, zone)}, ${phrase} (${zone}, ${offsetWords(at, zone)})`
}

/**
 * A time of day as a reader of `now` understands it: `12:30`, on another day `12:30 on 22 November 2026` and
 * `22 ноября 2026 г., 12:30`, with the offset when the clocks were changed in between. Seconds stand only where there are
 * any.
 */
export function timeWords(at: Instant, now: Instant, zone: string, language: Language): string {
  const time = isSameDay(at, now, zone) ? shortClock(at, zone) : dayAndTime(at, zone, language)
  return offsetWords(at, zone) === offsetWords(now, zone) ? time : `${time} (${offsetWords(at, zone)})`
}

/** A moment that people name or are promised: `23 ноября 2026 г., 12:30 (Europe/Moscow, UTC+03:00)`. */
export function namedMomentWords(at: Instant, zone: string, language: Language): string {
  return `${dateWords(at, zone, language)}, ${shortClock(at, zone)} (${zone}, ${offsetWords(at, zone)})`
}

/** A stretch of time: `23 November 2026, 12:30 – 13:30 (Europe/Moscow, UTC+03:00)`. */
export function spanWords(from: Instant, to: Instant, zone: string, language: Language): string {
  const sameOffset = offsetWords(from, zone) === offsetWords(to, zone)
  const full = (at: Instant): string => `${dateWords(at, zone, language)}, ${shortClock(at, zone)}`
  const begin = sameOffset ? full(from) : `${full(from)} (${offsetWords(from, zone)})`
  const end = sameOffset && isSameDay(from, to, zone) ? shortClock(to, zone) : full(to)
  return `${begin} – ${end} (${zone}, ${offsetWords(to, zone)})`
}

/** `ноябрь 2026 г.`, `November 2026`: the month of an instant. */
export function monthWords(at: Instant, zone: string, language: Language): string {
  return plain(format(LOCALES[language], zone, { month: 'long', year: 'numeric' }).format(at))
}

/** `23 ноября 2026 г.`, `23 November 2026`. */
export function dateWords(at: Instant, zone: string, language: Language): string {
  return plain(format(LOCALES[language], zone, { dateStyle: 'long' }).format(at))
}

/** So that it can stand behind "at" and "since". */
function dayAndTime(at: Instant, zone: string, language: Language): string {
  const [date, time] = [dateWords(at, zone, language), shortClock(at, zone)]
  return language === 'ru' ? `${date}, ${time}` : `${time} on ${date}`
}

function isSameDay(a: Instant, b: Instant, zone: string): boolean {
  return dateWords(a, zone, 'en') === dateWords(b, zone, 'en')
}

function clockWords(at: Instant, zone: string): string {
  return plain(format('en-GB', zone, { timeStyle: 'medium', hourCycle: 'h23' }).format(at))
}

function shortClock(at: Instant, zone: string): string {
  return clockWords(at, zone).replace(/:00$/, '')
}

function offsetWords(at: Instant, zone: string): string {
  const ms = zoneOffsetMs(at, zone)
  const minutes = Math.round(Math.abs(ms) / MINUTE)
  const pad = (n: number): string => String(n).padStart(2, '0')
  return `UTC${ms < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(locale: string, zone: string, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${style.dateStyle} ${style.timeStyle} ${style.month}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { ...style, timeZone: zone })
  formats.set(key, made)
  return made
}

/** Intl uses no-break spaces, which some mail programs show as strange characters in plain text. */
function plain(text: string): string {
  return text.replace(/\s/g, ' ')
}
