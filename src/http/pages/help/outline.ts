import { CAUSE_CODES, type CauseCode } from '../../../core/freshness/diagnosis/codes.ts'
import { STATES, type State } from '../../../core/freshness/state.ts'
import type { LetterState } from '../../../core/letters/letter.ts'
import type { ComponentStatus, SegmentClass, ServiceStatus } from '../../../core/outage/status.ts'
import { ROLES, type Role } from '../../../core/people/account.ts'
import { VERDICTS, type Verdict } from '../../../core/request/check.ts'

/** The sections of the guide by the part for its readers, in the order in which they are read. */
export const HELP_PARTS = {
  start: ['about', 'pages', 'morning'],
  technician: [
    'client-calls',
    'states',
    'times',
    'thresholds',
    'parked',
    'backlog',
    'blind',
    'incidents',
    'causes',
    'check',
    'sms',
    'firmware',
    'visit',
    'requests',
    'ticket',
    'acknowledge',
    'vehicle-work',
    'digests',
  ],
  operator: [
    'outage-first',
    'service-states',
    'outage-clock',
    'letter-due',
    'expected-time',
    'confirm-cancel',
    'send-now',
    'planned-work',
    'recipients',
    'letters',
    'timeline',
    'grafana',
  ],
  administrator: [
    'login',
    'accounts',
    'tokens',
    'sources',
    'inventory',
    'smtp',
    'backup',
    'configuration',
    'monitoring',
  ],
} as const

export type HelpPart = keyof typeof HELP_PARTS
export type HelpSection = (typeof HELP_PARTS)[HelpPart][number]

/** Words of the program that the guide explains one by one. */
export type HelpWords = {
  readonly state: Readonly<Record<State, string>>
  readonly cause: Readonly<Record<CauseCode, string>>
  readonly verdict: Readonly<Record<Verdict, string>>
  readonly service: Readonly<Record<ServiceStatus['state'], string>>
  readonly component: Readonly<Record<ComponentStatus['state'], string>>
  readonly segment: Readonly<Record<SegmentClass, string>>
  readonly letter: Readonly<Record<LetterState, string>>
  readonly role: Readonly<Record<Role, string>>
}

/** A set of words: where a block has it, each of its words is explained there. */
export type WordSet = keyof HelpWords

/** The words whose order is that of the code; the others come in the order of their texts. */
export const WORD_ORDER = { state: STATES, cause: CAUSE_CODES, verdict: VERDICTS, role: ROLES } as const

/** A piece of a section. Texts may hold `**strong**`, `` `code` `` and `[links](/page)` (inline.ts). */
export type HelpBlock =
  | string
  | { readonly list: readonly string[] }
  | { readonly steps: readonly string[] }
  | { readonly code: string }
  | { readonly note: string }
  | { readonly words: WordSet }

export type HelpText = { readonly title: string; readonly blocks: readonly HelpBlock[] }

/** The guide in one language. */
export type HelpTexts = {
  readonly title: string
  readonly lead: string
  /** What to do first in the cases in which nobody has time to read; stands before the contents. */
  readonly hurry: HelpText
  readonly contents: string
  /** Before the title of a section, in the name of a link that shows only a question mark. */
  readonly about: string
  readonly parts: Readonly<Record<HelpPart, string>>
  readonly sections: Readonly<Record<HelpSection, HelpText>>
  readonly words: HelpWords
  readonly glossaryTitle: string
  /** Term and meaning. */
  readonly glossary: readonly (readonly [string, string])[]
}

/** The sections of one part in one language. */
export type PartTexts<Part extends HelpPart> = Readonly<Record<(typeof HELP_PARTS)[Part][number], HelpText>>
