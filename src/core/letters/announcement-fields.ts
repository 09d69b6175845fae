import type { MaintenanceWindow } from '../outage/outage.ts'
import { flag, linesOf } from './field-groups.ts'
import type { FieldsOf } from './fields.ts'
import { commonFields, type LetterSetting, type Occasion } from './setting.ts'
import { dateWords, durationWords, namedMomentWords } from './words.ts'

/** Values of the subject of planned work: the same when it is announced and when it is withdrawn. */
export function announcementSubjectFields(
  window: MaintenanceWindow,
  { recipient }: Occasion,
  setting: LetterSetting,
): FieldsOf<'announcement-subject'> {
  return {
    service: setting.serviceName,
    date: dateWords(window.from, setting.timezone, recipient.language),
  }
}

/** Values of the letter about planned work; `withdrawn`: it does not take place. */
export function announcementFields(
  window: MaintenanceWindow,
  withdrawn: boolean,
  occasion: Occasion,
  setting: LetterSetting,
): FieldsOf<'announcement'> {
  const { language } = occasion.recipient
  return {
    ...commonFields(occasion, setting),
    work: linesOf(window.reason),
    from: namedMomentWords(window.from, setting.timezone, language),
    to: namedMomentWords(window.to, setting.timezone, language),
    duration: durationWords(window.to - window.from, language),
    announced: flag(!withdrawn),
    withdrawn: flag(withdrawn),
  }
}
