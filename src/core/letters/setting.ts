import type { Span } from '../outage/planned-work.ts'
import type { Instant } from '../time.ts'
import type { FieldsOf } from './fields.ts'
import type { Language, Recipient } from './letter.ts'
import { momentWords } from './words.ts'

/** What stands in letters beside what they are about. */
export type LetterSetting = {
  readonly serviceName: string
  /** Address of the watched service; its host is named in the letters. */
  readonly baseUrl: string
  /** Address of the pages, for links; empty: letters have none. */
  readonly publicUrl: string
  /** IANA name. */
  readonly timezone: string
  /** Language of the letters to operators. */
  readonly language: Language
  /** Whom to ask, such as the sender's address. */
  readonly contact: string
  readonly updateEveryMs: number
  readonly noticeAfterMs: number
  /** Planned work that pauses the clock of an outage. */
  readonly plannedWork: () => readonly Span[]
}

/** Whom a letter speaks to and when. */
export type Occasion = { readonly recipient: Recipient; readonly at: Instant }

/** Values that are the same whatever a letter is about. */
export function commonFields({ recipient, at }: Occasion, setting: LetterSetting) {
  return {
    name: recipient.name,
    service: setting.serviceName,
    host: hostOf(setting.baseUrl),
    contact: setting.contact,
    writtenAt: momentWords(at, setting.timezone, recipient.language),
  }
}

/** Values of the test letter. */
export function testFields(
  { recipient, at }: Occasion,
  setting: Pick<LetterSetting, 'serviceName' | 'timezone' | 'contact'>,
): FieldsOf<'test'> {
  return {
    name: recipient.name,
    service: setting.serviceName,
    sentAt: momentWords(at, setting.timezone, recipient.language),
    contact: setting.contact,
  }
}

/** Address of a page; empty without `publicUrl`. */
export function linkTo(path: string, { publicUrl }: Pick<LetterSetting, 'publicUrl'>): string {
  return publicUrl === '' ? '' : `${publicUrl.replace(/\/+$/, '')}${path}`
}

function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url
}
