import { type FlagLetter, flagFields } from '../flagging/flag-letter.ts'
import type { MaintenanceWindow, Outage } from '../outage/outage.ts'
import type { Proven } from '../outage/proven.ts'
import type { Instant } from '../time.ts'
import { announcementFields, announcementSubjectFields } from './announcement-fields.ts'
import { type ComposedLetter, composeLetter } from './compose.ts'
import type { LetterTemplates, TemplateName } from './fields.ts'
import { type OperatorLetter, operatorFields } from './operator-letter.ts'
import {
  correctionFields,
  openFields,
  outageFields,
  outageSubjectFields,
  updateFields,
} from './outage-fields.ts'
import { type LetterSetting, type Occasion, testFields } from './setting.ts'
import type { TemplateValues } from './template.ts'

/** What a letter is about. */
export type LetterMatter =
  | { readonly kind: 'initial'; readonly outage: Outage; readonly proven: Proven }
  | {
      readonly kind: 'update'
      readonly outage: Outage
      readonly proven: Proven
      /** When its reader got the letter before it. */
      readonly newSince: Instant
    }
  | { readonly kind: 'recovery' | 'combined' | 'correction'; readonly outage: Outage }
  | { readonly kind: 'announcement'; readonly window: MaintenanceWindow; readonly withdrawn: boolean }
  | { readonly kind: 'operator'; readonly letter: OperatorLetter }
  | { readonly kind: 'flag'; readonly letter: FlagLetter }
  | { readonly kind: 'test' }

/** Which texts a letter has. */
export function textsOf(matter: LetterMatter): {
  readonly subject: TemplateName
  readonly body: TemplateName
} {
  switch (matter.kind) {
    case 'announcement':
      return { subject: 'announcement-subject', body: 'announcement' }
    case 'operator':
      return { subject: 'operator-subject', body: `operator-${matter.letter.kind}` }
    case 'flag': {
      const { kind } = matter.letter
      return { subject: kind === 'incident-over' ? 'incident-subject' : `${kind}-subject`, body: kind }
    }
    case 'test':
      return { subject: 'test-subject', body: 'test' }
    case 'initial':
    case 'update':
    case 'recovery':
    case 'combined':
    case 'correction':
      return { subject: 'subject', body: matter.kind }
  }
}

/** The texts of a letter in the language of its recipient. */
export function writeLetter(
  matter: LetterMatter,
  occasion: Occasion,
  setting: LetterSetting,
  templates: LetterTemplates,
): ComposedLetter {
  const { language } = occasion.recipient
  const texts = templates[language]
  const { subject, body } = textsOf(matter)
  return composeLetter(
    { subject: texts[subject], body: texts[body] },
    valuesOf(matter, occasion, setting),
    language,
  )
}

type Values = { readonly subject: TemplateValues; readonly body: TemplateValues }

function valuesOf(matter: LetterMatter, occasion: Occasion, setting: LetterSetting): Values {
  switch (matter.kind) {
    case 'initial':
    case 'update':
    case 'recovery':
    case 'combined':
    case 'correction':
      return {
        subject: outageSubjectFields(matter.outage, occasion, setting),
        body: outageValues(matter, occasion, setting),
      }
    case 'announcement':
      return {
        subject: announcementSubjectFields(matter.window, occasion, setting),
        body: announcementFields(matter.window, matter.withdrawn, occasion, setting),
      }
    case 'operator':
      return operatorFields(matter.letter, occasion, setting)
    case 'flag':
      return flagFields(matter.letter, occasion, setting)
    case 'test': {
      const values = testFields(occasion, setting)
      return { subject: values, body: values }
    }
  }
}

function outageValues(
  matter: Extract<LetterMatter, { readonly outage: Outage }>,
  occasion: Occasion,
  setting: LetterSetting,
): TemplateValues {
  switch (matter.kind) {
    case 'initial':
      return openFields(matter.outage, matter.proven, occasion, setting)
    case 'update':
      return updateFields(matter.outage, matter.proven, matter.newSince, occasion, setting)
    case 'recovery':
    case 'combined':
      return outageFields(matter.outage, occasion, setting)
    case 'correction':
      return correctionFields(matter.outage, occasion, setting)
  }
}
