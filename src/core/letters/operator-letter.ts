import type { Outage } from '../outage/outage.ts'
import { type Instant, toIso, zoneOffsetMs } from '../time.ts'
import type { FieldsOf } from './fields.ts'
import type { Language } from './letter.ts'
import { textHash } from './letter-id.ts'
import { overdueWords, unusableWords } from './next-step.ts'
import { type Notice, noticeIdentity } from './notice.ts'
import { operatorOutageFields, outageSubjectFields } from './outage-fields.ts'
import { commonFields, type LetterSetting, linkTo, type Occasion } from './setting.ts'
import type { TemplateValues } from './template.ts'
import { monthWords } from './words.ts'

/** Uptime of a month in words: a line for the service and one for each component. */
export type MonthlyReport = {
  /** An instant inside the month. */
  readonly month: Instant
  readonly rows: readonly string[]
  /** Counts from 1: a further one takes the place of what was written before the month was over. */
  readonly sequence: number
}

/** What operators are written about. Each has a subject of its own, by which it is written once. */
export type OperatorLetter =
  | { readonly kind: 'warning' | 'alarm' | 'intermittent'; readonly outage: Outage }
  | { readonly kind: 'reminder'; readonly outage: Outage; readonly sequence: number }
  /** Notices of one topic. */
  | { readonly kind: 'notice'; readonly notices: readonly [Notice, ...Notice[]] }
  | { readonly kind: 'report'; readonly report: MonthlyReport }

/** Key of the letter in the outbox: subject and sequence are unique per operator. */
export function operatorSubject(
  letter: OperatorLetter,
  at: Instant,
  timezone: string,
): { readonly subject: string; readonly sequence: number } {
  switch (letter.kind) {
    case 'warning':
    case 'alarm':
    case 'intermittent':
      return { subject: `${letter.kind}-${letter.outage.id}`, sequence: 1 }
    case 'reminder':
      return { subject: `reminder-${letter.outage.id}`, sequence: letter.sequence }
    case 'notice': {
      const hash = textHash(letter.notices.map(noticeIdentity).sort().join('\n'))
      return { subject: `notice-${letter.notices[0].topic}-${hash}-${dayOf(at, timezone)}`, sequence: 1 }
    }
    case 'report': {
      const { month, sequence } = letter.report
      return { subject: reportSubject(dayOf(month, timezone).slice(0, 6)), sequence }
    }
  }
}

/** `month`: as `202611`. */
export function reportSubject(month: string): string {
  return `report-${month}`
}

/** Values of subject line and text. */
export function operatorFields(
  letter: OperatorLetter,
  occasion: Occasion,
  setting: LetterSetting,
): { readonly subject: TemplateValues; readonly body: TemplateValues } {
  const line: FieldsOf<'operator-subject'> = { ...NO_SUBJECT, service: setting.serviceName }
  switch (letter.kind) {
    case 'warning':
    case 'alarm':
    case 'intermittent':
    case 'reminder': {
      const outage = outageSubjectFields(letter.outage, occasion, setting)
      return {
        subject: { ...line, ...outage, [letter.kind]: 'yes' },
        body: operatorOutageFields(letter.outage, occasion, setting),
      }
    }
    case 'notice':
      return {
        subject: { ...line, notice: 'yes' },
        body: noticeFields(letter.notices, occasion, setting),
      }
    case 'report': {
      const body = reportFields(letter.report, occasion, setting)
      return { subject: { ...line, report: 'yes', month: body.month }, body }
    }
  }
}

const NO_SUBJECT: FieldsOf<'operator-subject'> = {
  service: '',
  outage: '',
  startDate: '',
  month: '',
  warning: '',
  alarm: '',
  intermittent: '',
  reminder: '',
  notice: '',
  report: '',
}

/** A long list is of no use in a letter: the pages have it. */
const MAX_REASONS = 50
const MAX_REASON = 500

function noticeFields(
  notices: readonly [Notice, ...Notice[]],
  occasion: Occasion,
  setting: LetterSetting,
): FieldsOf<'operator-notice'> {
  const [{ topic }] = notices
  const about = (wanted: Notice['topic']): string => (topic === wanted ? 'yes' : '')
  const { language } = occasion.recipient
  const shown = notices
    .slice(0, MAX_REASONS)
    .map((notice) => `${notice.key}: ${reasonWords(notice, language)}`.slice(0, MAX_REASON))
  return {
    ...commonFields(occasion, setting),
    componentUnusable: about('component-unusable'),
    accountUnusable: about('account-unusable'),
    controlSilent: about('control-silent'),
    relayRefuses: about('relay-refuses'),
    letterDead: about('letter-dead'),
    auditFailed: about('audit-failed'),
    requestOverdue: about('request-overdue'),
    reasons: notices.length > MAX_REASONS ? [...shown, `(+${notices.length - MAX_REASONS})`] : shown,
    link: linkTo(PAGE_OF[topic], setting),
  }
}

function reasonWords(notice: Notice, language: Language): string {
  switch (notice.topic) {
    case 'component-unusable':
    case 'account-unusable':
      return unusableWords(notice, language)
    case 'request-overdue':
      return overdueWords(notice, language)
    case 'control-silent':
    case 'relay-refuses':
    case 'letter-dead':
    case 'audit-failed':
      return notice.reason
  }
}

/** Where an operator sees more and acts. */
const PAGE_OF: Readonly<Record<Notice['topic'], string>> = {
  'component-unusable': '/service',
  'account-unusable': '/',
  'control-silent': '/service',
  'relay-refuses': '/letters',
  'letter-dead': '/letters',
  'audit-failed': '/letters',
  'request-overdue': '/requests?state=overdue',
}

function reportFields(
  { month, rows }: MonthlyReport,
  occasion: Occasion,
  setting: LetterSetting,
): FieldsOf<'operator-report'> & { readonly month: string } {
  return {
    ...commonFields(occasion, setting),
    month: monthWords(month, setting.timezone, occasion.recipient.language),
    rows,
    link: linkTo('/service', setting),
  }
}

/** Calendar day in a zone: `20261123`. */
export function dayOf(at: Instant, zone: string): string {
  return toIso(at + zoneOffsetMs(at, zone))
    .slice(0, 10)
    .replaceAll('-', '')
}
