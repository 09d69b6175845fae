import type { Outage } from '../outage/outage.ts'
import { type Instant, SECOND } from '../time.ts'
import type { Language, Recipient } from './letter.ts'
import type { Template } from './template.ts'
import { boundedMomentWords, dateWords, durationWords, momentWords } from './words.ts'

const SUBJECT = ['service', 'outage', 'startDate'] as const
const OUTAGE = [
  'name',
  'service',
  'host',
  'outage',
  'components',
  'since',
  'startDate',
  'certain',
  'possible',
  'lastFail',
  'intermittent',
  'contact',
] as const
const TEST = ['name', 'service', 'sentAt', 'contact'] as const

/** What each text may name. `subject` holds only what never changes during an outage: mail programs thread by it. */
export const TEMPLATE_FIELDS = {
  subject: SUBJECT,
  initial: [...OUTAGE, 'nextLetterBy'],
  recovery: [...OUTAGE, 'end'],
  combined: [...OUTAGE, 'end'],
  'test-subject': ['service'],
  test: TEST,
} as const satisfies Readonly<Record<string, readonly string[]>>

export type TemplateName = keyof typeof TEMPLATE_FIELDS
export const TEMPLATE_NAMES = Object.keys(TEMPLATE_FIELDS).filter(isTemplateName)

/** Parsed texts of one language by name. */
export type LanguageTemplates = Readonly<Record<TemplateName, Template>>
export type LetterTemplates = Readonly<Record<Language, LanguageTemplates>>

/** What stands in letters beside the outage itself. */
export type LetterSetting = {
  readonly serviceName: string
  /** Address of the watched service; its host is named in the letters. */
  readonly baseUrl: string
  /** IANA name. */
  readonly timezone: string
  /** Whom to ask, such as the sender's address. */
  readonly contact: string
  readonly updateEveryMs: number
}

type OutageField = (typeof OUTAGE)[number] | 'nextLetterBy' | 'end'

/** Values of every field of the outage letters, for a letter written at `at`. Times are said in the configured zone. */
export function outageFields(
  outage: Outage,
  recipient: Recipient,
  setting: LetterSetting,
  at: Instant,
): Readonly<Record<OutageField, string>> {
  const { language } = recipient
  const moment = (instant: Instant): string => momentWords(instant, setting.timezone, language)
  return {
    name: recipient.name,
    service: setting.serviceName,
    host: hostOf(setting.baseUrl),
    outage: outage.id,
    components: outage.failed.join(', '),
    since: boundedMomentWords(outage.start, outage.notBefore, setting.timezone, language),
    startDate: dateWords(outage.start, setting.timezone, language),
    certain: durationWords(outage.downMs, language),
    possible: possibleWords(outage, language),
    lastFail: moment(outage.latestFailAt),
    intermittent: outage.intermittent ? 'yes' : '',
    contact: setting.contact,
    nextLetterBy: moment(at + setting.updateEveryMs),
    end: outage.end === null ? '' : moment(outage.end),
  }
}

/** Values of the test letter. */
export function testFields(
  recipient: Recipient,
  setting: Pick<LetterSetting, 'serviceName' | 'timezone' | 'contact'>,
  at: Instant,
): Readonly<Record<(typeof TEST)[number], string>> {
  return {
    name: recipient.name,
    service: setting.serviceName,
    sentAt: momentWords(at, setting.timezone, recipient.language),
    contact: setting.contact,
  }
}

/** An upper bound, so rounded up; empty where the two durations differ by less than a letter shows. */
function possibleWords({ downMs, possibleMs }: Outage, language: Language): string {
  if (possibleMs - downMs < SECOND) return ''
  return durationWords(Math.ceil(possibleMs / SECOND) * SECOND, language)
}

function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url
}

function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATE_FIELDS, name)
}
