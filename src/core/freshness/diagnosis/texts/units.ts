import type { Language } from '../../../letters/letter.ts'
import { durationWords } from '../../../letters/words.ts'
import { DAY, HOUR, MINUTE } from '../../../time.ts'

/** A duration as exact as people need it: to the second under a minute, to the minute under a day, else to the hour. */
export function span(ms: number, language: Language): string {
  const unit = ms < MINUTE ? 1 : ms < DAY ? MINUTE : HOUR
  return durationWords(Math.floor(ms / unit) * unit, language)
}

/** With one decimal, and the decimal sign of the language. */
export function decimal(value: number, language: Language): string {
  const text = value.toFixed(1)
  return language === 'ru' ? text.replace('.', ',') : text
}
