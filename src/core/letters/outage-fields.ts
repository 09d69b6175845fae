import { promisedBy } from '../outage/bulletins.ts'
import type { Signature } from '../outage/handling.ts'
import type { Outage } from '../outage/outage.ts'
import { mergeWindows } from '../outage/planned-work.ts'
import type { Proven } from '../outage/proven.ts'
import { type Instant, SECOND } from '../time.ts'
import { expectedFields, flag, linesOf, messageFields, provenFields, timeOf } from './field-groups.ts'
import type { FieldsOf } from './fields.ts'
import type { Language } from './letter.ts'
import { commonFields, type LetterSetting, linkTo, type Occasion } from './setting.ts'
import {
  boundedMomentWords,
  dateWords,
  durationWords,
  momentWords,
  namedMomentWords,
  spanWords,
} from './words.ts'

/** Values of the subject of an outage: nothing in them changes while it lasts. */
export function outageSubjectFields(
  outage: Outage,
  { recipient }: Occasion,
  setting: LetterSetting,
): FieldsOf<'subject'> {
  return {
    service: setting.serviceName,
    outage: outage.id,
    startDate: dateWords(outage.start, setting.timezone, recipient.language),
  }
}

/** Values about the outage itself. Times are said in the configured zone. */
export function outageFields(
  outage: Outage,
  occasion: Occasion,
  setting: LetterSetting,
): FieldsOf<'recovery'> {
  const { language } = occasion.recipient
  const moment = (instant: Instant): string => momentWords(instant, setting.timezone, language)
  return {
    ...commonFields(occasion, setting),
    ...outageSubjectFields(outage, occasion, setting),
    components: outage.failed.join(', '),
    since: boundedMomentWords(outage.start, outage.notBefore, setting.timezone, language),
    certain: durationWords(outage.downMs, language),
    ...possibleFields(outage, language),
    plannedWork: plannedWorkWords(outage, occasion, setting),
    lastFail: moment(outage.latestFailAt),
    intermittent: outage.intermittent ? 'yes' : '',
    end: outage.end === null ? '' : moment(outage.end),
    ...messageFields(outage, occasion, setting),
  }
}

/** Values of a letter about an outage that goes on. */
export function openFields(
  outage: Outage,
  proven: Proven,
  occasion: Occasion,
  setting: LetterSetting,
): FieldsOf<'initial'> {
  const { recipient, at } = occasion
  // A promise of before the clock was set back or the service was away would lie in the past.
  const nextAt = Math.max(outage.bulletins.nextAt ?? at + setting.updateEveryMs, at)
  return {
    ...outageFields(outage, occasion, setting),
    ...provenFields(proven, outage, occasion, setting),
    ...expectedFields(outage, occasion, setting),
    nextLetterBy: namedMomentWords(promisedBy(nextAt), setting.timezone, recipient.language),
  }
}

/** Values of an update; `newSince` is when its reader got the letter before it. */
export function updateFields(
  outage: Outage,
  proven: Proven,
  newSince: Instant,
  occasion: Occasion,
  setting: LetterSetting,
): FieldsOf<'update'> {
  const { handling, bulletins } = outage
  const issuedAt = (bulletins.nextAt ?? occasion.at) - setting.updateEveryMs
  // After the wall clock was set back even news looks older than the letter before: then the time of issue tells.
  const isNew = (signed: Signature | null): boolean =>
    signed !== null && (signed.at > newSince || signed.at >= issuedAt - SECOND)
  const expectedIsNew = isNew(handling.expected)
  const messageIsNew = isNew(handling.message)
  return {
    ...openFields(outage, proven, occasion, setting),
    update: String(bulletins.updates),
    expectedIsNew: flag(expectedIsNew),
    messageIsNew: flag(messageIsNew),
    nothingNew: flag(!expectedIsNew && !messageIsNew),
  }
}

/** Values of the letter that says that an outage was none. */
export function correctionFields(
  outage: Outage,
  occasion: Occasion,
  setting: LetterSetting,
): FieldsOf<'correction'> {
  const { cancelled } = outage.handling
  return {
    ...outageFields(outage, occasion, setting),
    reason: cancelled === null ? '' : linesOf(cancelled.reason),
    cancelledBy: cancelled?.by ?? '',
    cancelledAt: cancelled === null ? '' : timeOf(cancelled.at, occasion, setting),
  }
}

/** Values of the letters to operators about an outage. */
export function operatorOutageFields(
  outage: Outage,
  occasion: Occasion,
  setting: LetterSetting,
): FieldsOf<'operator-reminder'> {
  return {
    ...correctionFields(outage, occasion, setting),
    ...expectedFields(outage, occasion, setting),
    noticeAfter: durationWords(setting.noticeAfterMs, occasion.recipient.language),
    link: linkTo(`/outages/${outage.id}`, setting),
  }
}

/**
 * Both durations end with the latest FAIL, as those of the clock do: the texts say so, for the outage may have lasted
 * longer. `possible` is an upper bound, so rounded up; empty where the two differ by less than a letter shows. Both
 * printed durations and `unproven` add up.
 */
function possibleFields({ downMs, possibleMs }: Outage, language: Language) {
  if (possibleMs - downMs < SECOND) return { possible: '', unproven: '' }
  const possible = Math.ceil(possibleMs / SECOND) * SECOND
  const certain = Math.floor(downMs / SECOND) * SECOND
  return {
    possible: durationWords(possible, language),
    unproven: durationWords(possible - certain, language),
  }
}

/** Planned work inside the outage: its time is in no duration. */
function plannedWorkWords(
  outage: Outage,
  { recipient, at }: Occasion,
  setting: LetterSetting,
): readonly string[] {
  const end = outage.end ?? at
  return mergeWindows(setting.plannedWork())
    .map(({ from, to }) => ({ from: Math.max(from, outage.start), to: Math.min(to, end) }))
    .filter(({ from, to }) => from < to)
    .map(({ from, to }) => spanWords(from, to, setting.timezone, recipient.language))
}
