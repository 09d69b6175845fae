import type { Outage } from '../outage/outage.ts'
import type { Proven } from '../outage/proven.ts'
import { type Instant, MINUTE } from '../time.ts'
import type { LetterSetting, Occasion } from './setting.ts'
import { namedMomentWords, timeWords } from './words.ts'

/** What is proven about now. */
export function provenFields(proven: Proven, outage: Outage, occasion: Occasion, setting: LetterSetting) {
  const since = proven.kind === 'unavailable' ? '' : timeOf(proven.since, occasion, setting)
  const unobservable = proven.kind === 'not-observable'
  return {
    unavailable: flag(proven.kind === 'unavailable'),
    answersSince: proven.kind === 'answers-again' ? since : '',
    confirmedAt: unobservable ? timeOf(outage.latestFailAt, occasion, setting) : '',
    unobservableSince: unobservable ? since : '',
  }
}

/** What is known of the time of resolution, and who said so. */
export function expectedFields(
  { handling: { expected } }: Outage,
  occasion: Occasion,
  setting: LetterSetting,
) {
  const { recipient, at } = occasion
  const resolution = expected?.resolution ?? null
  const words = resolution === null ? '' : namedMomentWords(resolution, setting.timezone, recipient.language)
  const signedAt = expected === null ? '' : timeOf(expected.at, occasion, setting)
  return {
    expected: resolution !== null && resolution > at ? words : '',
    expectedPassed: resolution !== null && resolution <= at ? words : '',
    expectedWithdrawn: expected !== null && resolution === null ? signedAt : '',
    expectedUnknown: flag(expected === null),
    expectedBy: expected?.by ?? '',
    expectedAt: signedAt,
    expectedNote: expected === null ? '' : linesOf(expected.note),
  }
}

/** The newest message to the recipients. */
export function messageFields({ handling: { message } }: Outage, occasion: Occasion, setting: LetterSetting) {
  return {
    message: message === null ? '' : linesOf(message.text),
    messageBy: message?.by ?? '',
    messageAt: message === null ? '' : timeOf(message.at, occasion, setting),
  }
}

/** A time of the day of a letter, in minutes. */
export function timeOf(instant: Instant, { recipient, at }: Occasion, { timezone }: LetterSetting): string {
  return timeWords(Math.floor(instant / MINUTE) * MINUTE, at, timezone, recipient.language)
}

/** People write paragraphs; each of their lines stays one. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/)
}

/** A field that is a condition: not empty when it holds. */
export function flag(holds: boolean): string {
  return holds ? 'yes' : ''
}
