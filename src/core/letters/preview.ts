import type { FlagLetter } from '../flagging/flag-letter.ts'
import { inventedFlag } from '../flagging/invented-flags.ts'
import { startBulletins } from '../outage/bulletins.ts'
import { UNHANDLED } from '../outage/handling.ts'
import type { MaintenanceWindow, Outage } from '../outage/outage.ts'
import type { Proven } from '../outage/proven.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../time.ts'
import type { Language, LetterKind } from './letter.ts'
import type { LetterMatter } from './matter.ts'
import type { LetterSetting } from './setting.ts'

/** Letters about silent terminals go under the kind `operator` in the outbox; each has a text of its own. */
export type PreviewKind = LetterKind | FlagLetter['kind']

export type PreviewQuery = {
  readonly kind: PreviewKind
  readonly language: Language
  /** The outage that the letter is about, if it is about one; an invented one when not given. */
  readonly outage?: Outage
  /** What is known about now; for an outage that goes on "not available" when not given. */
  readonly proven?: Proven
}

/**
 * What a letter of that kind would be about if it were written now. What has not happened to the outage (its end, its
 * cancellation) is invented; the letter to operators is the early warning.
 */
export function previewMatter(
  { kind, language, outage, proven = { kind: 'unavailable' } }: PreviewQuery,
  setting: Pick<LetterSetting, 'updateEveryMs' | 'noticeAfterMs' | 'timezone'>,
  now: Instant,
): LetterMatter {
  const shown = outage ?? inventedOutage(language, setting, now)
  switch (kind) {
    case 'initial':
      return { kind, outage: shown, proven }
    case 'update':
      return { kind, outage: shown, proven, newSince: now - setting.updateEveryMs }
    case 'recovery':
    case 'combined':
      return { kind, outage: { ...shown, state: 'closed', end: shown.end ?? now } }
    case 'correction':
      return { kind, outage: cancelled(shown, language, now) }
    case 'announcement':
      return { kind, window: inventedWindow(language, now), withdrawn: false }
    case 'operator':
      return { kind, letter: { kind: 'warning', outage: shown } }
    case 'test':
      return { kind }
    case 'digest':
    case 'note':
    case 'incident':
    case 'incident-over':
      return { kind: 'flag', letter: inventedFlag(kind, language, setting.timezone, now) }
  }
}

/** Name that stands in previews and that no real person has. */
export const PREVIEW_NAME: Readonly<Record<Language, string>> = { ru: 'Имя получателя', en: 'Recipient Name' }

const TEXTS = {
  ru: {
    by: 'Дежурный',
    note: 'пример комментария',
    message: 'Пример сообщения оператора.',
    reason: 'пример причины',
    work: 'Пример описания плановых работ.',
  },
  en: {
    by: 'Operator on duty',
    note: 'an example of a note',
    message: 'An example of a message.',
    reason: 'an example of a reason',
    work: 'An example of what is planned.',
  },
} as const

const INVENTED_PART_MS = 10 * MINUTE

/** An outage that crossed the limit a moment ago, with everything that a letter can say. */
export function inventedOutage(
  language: Language,
  { updateEveryMs, noticeAfterMs }: Pick<LetterSetting, 'updateEveryMs' | 'noticeAfterMs'>,
  now: Instant,
): Outage {
  const text = TEXTS[language]
  const start = now - noticeAfterMs - INVENTED_PART_MS
  const said = { by: text.by, at: now - MINUTE }
  return {
    id: '20000101T000000Z',
    state: 'open',
    start,
    notBefore: start - MINUTE + SECOND,
    end: null,
    downMs: noticeAfterMs + SECOND,
    possibleMs: noticeAfterMs + INVENTED_PART_MS,
    latestFailAt: now - SECOND,
    letterDueAt: now - SECOND,
    operatorAlarmAt: null,
    warnedAt: now - noticeAfterMs / 4,
    intermittent: true,
    failed: ['web', 'api'],
    handling: {
      ...UNHANDLED,
      expected: { ...said, resolution: now + 2 * HOUR, note: text.note },
      message: { ...said, text: text.message },
    },
    bulletins: { ...startBulletins(now, updateEveryMs), updates: 1 },
  }
}

function cancelled(outage: Outage, language: Language, now: Instant): Outage {
  const { by, reason } = TEXTS[language]
  const made = { by, at: now, reason }
  return {
    ...outage,
    state: 'cancelled',
    handling: { ...outage.handling, cancelled: outage.handling.cancelled ?? made },
  }
}

function inventedWindow(language: Language, now: Instant): MaintenanceWindow {
  const from = Math.ceil((now + DAY) / HOUR) * HOUR
  return { id: 'm0', from, to: from + 2 * HOUR, reason: TEXTS[language].work }
}
