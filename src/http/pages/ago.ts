import type { Language } from '../../core/letters/letter.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../core/time.ts'

const UNITS = [
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
  ['second', SECOND],
] as const

const FORMATS: Readonly<Record<Language, Intl.RelativeTimeFormat>> = {
  ru: new Intl.RelativeTimeFormat('ru'),
  en: new Intl.RelativeTimeFormat('en-GB'),
}

/** `12 minutes ago` in words; two of a unit at least, so that nearly two hours are not told as one. */
export function ago(ms: number, language: Language): string {
  const length = Math.abs(ms)
  const [unit, size] = UNITS.find(([, size]) => length >= 2 * size) ?? ['second', SECOND]
  return FORMATS[language].format(-Math.trunc(ms / size), unit)
}
