import { rehearsedFlags } from '../flagging/rehearsed-flags.ts'
import type { Proven } from '../outage/proven.ts'
import { HOUR, type Instant, MINUTE } from '../time.ts'
import type { ComposedLetter } from './compose.ts'
import type { LetterTemplates, TemplateName } from './fields.ts'
import type { Language, LetterKind } from './letter.ts'
import { type LetterMatter, textsOf, writeLetter } from './matter.ts'
import type { Notice } from './notice.ts'
import { inventedOutage, PREVIEW_NAME, previewMatter } from './preview.ts'
import type { LetterSetting } from './setting.ts'

export type Rehearsed = {
  readonly subject: TemplateName
  readonly body: TemplateName
  /** Which letter it is, in words. */
  readonly about: string
  readonly letter: ComposedLetter
}

const AT: Instant = 1_767_225_600_000

const SETTING: LetterSetting = {
  serviceName: 'Service',
  baseUrl: 'https://service.example',
  publicUrl: '',
  timezone: 'UTC',
  language: 'en',
  contact: 'watch@service.example',
  updateEveryMs: HOUR,
  noticeAfterMs: HOUR,
  plannedWork: () => [],
}

/** Every letter there is, of an invented outage and with as little known as possible: none of them may be empty. */
export function rehearse(templates: LetterTemplates, language: Language): readonly Rehearsed[] {
  const recipient = { email: 'someone@service.example', name: PREVIEW_NAME[language], language }
  return matters(language).map(({ about, matter }) => ({
    ...textsOf(matter),
    about,
    letter: writeLetter(matter, { recipient, at: AT }, SETTING, templates),
  }))
}

const PROVEN: readonly Proven[] = [
  { kind: 'unavailable' },
  { kind: 'answers-again', since: AT - MINUTE },
  { kind: 'not-observable', since: AT - MINUTE },
]

const TOPICS: readonly Notice['topic'][] = [
  'component-unusable',
  'account-unusable',
  'control-silent',
  'relay-refuses',
  'letter-dead',
  'audit-failed',
  'request-overdue',
]

function matters(language: Language): readonly { readonly about: string; readonly matter: LetterMatter }[] {
  const outage = inventedOutage(language, SETTING, AT)
  const preview = (kind: LetterKind): LetterMatter => previewMatter({ kind, language }, SETTING, AT)
  const window = { id: 'm0', from: AT, to: AT + HOUR, reason: 'work' }
  return [
    ...PROVEN.flatMap((proven) => [
      { about: `an initial letter (${proven.kind})`, matter: { kind: 'initial', outage, proven } as const },
      {
        about: `an update (${proven.kind})`,
        matter: { kind: 'update', outage, proven, newSince: AT } as const,
      },
    ]),
    { about: 'a recovery letter', matter: preview('recovery') },
    { about: 'a combined letter', matter: preview('combined') },
    { about: 'a correction', matter: preview('correction') },
    { about: 'an announcement', matter: { kind: 'announcement', window, withdrawn: false } },
    { about: 'a withdrawn announcement', matter: { kind: 'announcement', window, withdrawn: true } },
    ...(['warning', 'alarm', 'intermittent'] as const).map((kind) => ({
      about: `the operators' letter ${kind}`,
      matter: { kind: 'operator', letter: { kind, outage } } as const,
    })),
    {
      about: "the operators' reminder",
      matter: { kind: 'operator', letter: { kind: 'reminder', outage, sequence: 1 } },
    },
    ...TOPICS.map((topic) => ({
      about: `the operators' notice ${topic}`,
      matter: {
        kind: 'operator',
        letter: { kind: 'notice', notices: [{ topic, key: 'key', reason: 'reason' }] },
      } as const,
    })),
    {
      about: "the operators' report",
      matter: {
        kind: 'operator',
        letter: { kind: 'report', report: { month: AT, rows: ['row'], sequence: 1 } },
      },
    },
    ...rehearsedFlags(AT).map(({ about, letter }) => ({ about, matter: { kind: 'flag', letter } as const })),
    { about: 'the test letter', matter: preview('test') },
  ]
}
