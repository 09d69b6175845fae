import type { Language } from './letter.ts'
import type { Template, TemplateValue } from './template.ts'

/** What every letter about something that happens may name. */
const COMMON = ['name', 'service', 'host', 'contact', 'writtenAt'] as const

const OUTAGE = [
  ...COMMON,
  'outage',
  'components',
  'since',
  'startDate',
  'certain',
  'possible',
  'unproven',
  'plannedWork',
  'lastFail',
  'intermittent',
  'end',
] as const

/** What is proven about now: one of the first two, or both of the others. */
const PROVEN = ['unavailable', 'answersSince', 'confirmedAt', 'unobservableSince'] as const

/** Exactly one of the first four is not empty: what is known of the time of resolution. */
const EXPECTED = [
  'expected',
  'expectedPassed',
  'expectedWithdrawn',
  'expectedUnknown',
  'expectedBy',
  'expectedAt',
  'expectedNote',
] as const

const MESSAGE = ['message', 'messageBy', 'messageAt'] as const
const CANCELLED = ['reason', 'cancelledBy', 'cancelledAt'] as const
const OPEN = [...OUTAGE, ...PROVEN, ...EXPECTED, ...MESSAGE, 'nextLetterBy'] as const
const OPERATOR = [...OUTAGE, ...EXPECTED, 'noticeAfter', 'link'] as const

const NOTE_COUNTS = ['scope', 'silentCount', 'unstableCount'] as const
const INCIDENT = [
  ...COMMON,
  'group',
  'also',
  'since',
  'silent',
  'expected',
  'members',
  'theirs',
  'cause',
  'ours',
  'notOurs',
  'end',
  'duration',
  'stillSilent',
  'allBack',
  'link',
] as const

/** What each text may name. `subject` holds only what never changes during an outage: mail programs thread by it. */
export const TEMPLATE_FIELDS = {
  subject: ['service', 'outage', 'startDate'],
  initial: OPEN,
  update: [...OPEN, 'update', 'expectedIsNew', 'messageIsNew', 'nothingNew'],
  recovery: [...OUTAGE, ...MESSAGE],
  combined: [...OUTAGE, ...MESSAGE],
  correction: [...OUTAGE, ...CANCELLED],
  'announcement-subject': ['service', 'date'],
  announcement: [...COMMON, 'work', 'from', 'to', 'duration', 'announced', 'withdrawn'],
  'operator-subject': [
    'service',
    'outage',
    'startDate',
    'month',
    'warning',
    'alarm',
    'intermittent',
    'reminder',
    'notice',
    'report',
  ],
  'operator-warning': OPERATOR,
  'operator-alarm': OPERATOR,
  'operator-intermittent': OPERATOR,
  'operator-reminder': [...OPERATOR, ...CANCELLED],
  'operator-notice': [
    ...COMMON,
    'componentUnusable',
    'accountUnusable',
    'controlSilent',
    'relayRefuses',
    'letterDead',
    'auditFailed',
    'requestOverdue',
    'reasons',
    'link',
  ],
  'operator-report': [...COMMON, 'month', 'rows', 'link'],
  'digest-subject': ['scope', 'headline'],
  digest: [
    ...COMMON,
    'scope',
    'headline',
    'since',
    'incidents',
    'silent',
    'steps',
    'never',
    'unstable',
    'back',
    'brief',
    'total',
    'silentNow',
    'allTalk',
    'known',
    'knownUntil',
    'link',
  ],
  'note-subject': NOTE_COUNTS,
  note: [...COMMON, ...NOTE_COUNTS, 'silent', 'steps', 'unstable', 'link'],
  'incident-subject': ['group', 'startDate'],
  incident: INCIDENT,
  'incident-over': INCIDENT,
  'test-subject': ['service'],
  test: ['name', 'service', 'sentAt', 'contact'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type TemplateName = keyof typeof TEMPLATE_FIELDS
export const TEMPLATE_NAMES = Object.keys(TEMPLATE_FIELDS).filter(isTemplateName)

/** Texts that stand in the subject line and are one line. `operator-subject` has a line for each letter, `note-subject` for each case. */
export const ONE_LINE: readonly TemplateName[] = [
  'subject',
  'announcement-subject',
  'digest-subject',
  'incident-subject',
  'test-subject',
]

/** A value for every field that a text may name. */
export type FieldsOf<Name extends TemplateName> = Readonly<
  Record<(typeof TEMPLATE_FIELDS)[Name][number], TemplateValue>
>

/** Parsed texts of one language by name. */
export type LanguageTemplates = Readonly<Record<TemplateName, Template>>
export type LetterTemplates = Readonly<Record<Language, LanguageTemplates>>

function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATE_FIELDS, name)
}
