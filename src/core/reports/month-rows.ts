import type { Language } from '../letters/letter.ts'
import { durationWords } from '../letters/words.ts'
import type { Outage } from '../outage/outage.ts'
import type { Span } from '../outage/planned-work.ts'
import { type Totals, uptimeOf } from '../outage/uptime.ts'

/** What is reported of the service or of one of its components. */
export type ReportedPart = {
  readonly name: string
  readonly totals: Totals
  /** Outages that went on in the month and, of a component, in which it failed. */
  readonly outages: number
}

/** One line: `web: 99.95 %, 99.8 % of the time observed, down for 22 min for certain, outages: 1`. */
export function monthRow({ name, totals, outages }: ReportedPart, language: Language): string {
  const words = WORDS[language]
  const { ratio, lower, upper, coverage } = uptimeOf(totals)
  const share =
    ratio === null
      ? words.between(percent(lower, language), percentUp(upper, language))
      : percent(ratio, language)
  const down = totals.down === 0 ? words.neverDown : words.down(durationWords(totals.down, language))
  return `${name}: ${share}, ${words.observed(percent(coverage, language))}, ${down}, ${words.outages}: ${outages}`
}

/** How many outages went on in a month; those that were cancelled as false are none. `component`: in which it failed. */
export function outagesWithin(outages: readonly Outage[], month: Span, component?: string): number {
  return outages.filter(
    ({ state, start, end, failed }) =>
      state !== 'cancelled' &&
      start < month.to &&
      (end === null || end > month.from) &&
      (component === undefined || failed.includes(component)),
  ).length
}

const WORDS = {
  ru: {
    between: (lower: string, upper: string) => `от ${lower} до ${upper}`,
    observed: (share: string) => `под наблюдением ${share} времени`,
    down: (duration: string) => `достоверно недоступно ${duration}`,
    neverDown: 'достоверной недоступности не выявлено',
    outages: 'сбоев',
  },
  en: {
    between: (lower: string, upper: string) => `between ${lower} and ${upper}`,
    observed: (share: string) => `${share} of the time observed`,
    down: (duration: string) => `down for ${duration} for certain`,
    neverDown: 'no proven downtime',
    outages: 'outages',
  },
} as const

const HUNDREDTHS = 10_000

/** To hundredths, rounded down: 99.999 % is not 100 %. */
function percent(share: number, language: Language): string {
  return inWords(Math.floor(share * HUNDREDTHS + ROUNDING), language)
}

/** An upper bound, so rounded up. */
function percentUp(share: number, language: Language): string {
  return inWords(Math.ceil(share * HUNDREDTHS - ROUNDING), language)
}

/** More than the error of the division, less than anything that a month can show. */
const ROUNDING = 1e-7

function inWords(hundredths: number, language: Language): string {
  const text = (hundredths / 100).toFixed(2).replace(/\.?0+$/, '')
  return `${language === 'ru' ? text.replace('.', ',') : text} %`
}
