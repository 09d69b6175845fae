import { loadLetterTemplates } from '../../src/config/letter-templates.ts'
import type { LetterTemplates } from '../../src/core/letters/fields.ts'
import type { Letter, NewLetter, Recipient } from '../../src/core/letters/letter.ts'
import { letterId, messageIdOf } from '../../src/core/letters/letter-id.ts'
import type { Owing } from '../../src/core/letters/owing.ts'
import type { LetterSetting } from '../../src/core/letters/setting.ts'
import { NO_BULLETINS, UNHANDLED } from '../../src/core/outage/handling.ts'
import type { Outage } from '../../src/core/outage/outage.ts'
import { HOUR, type Instant, SECOND } from '../../src/core/time.ts'

/** 2026-11-23T08:04:10Z, 11:04:10 in Moscow. */
export const OUTAGE_START: Instant = 1_795_421_050_000

/** An open outage whose letter is due. */
export function exampleOutage(change: Partial<Outage> = {}): Outage {
  return {
    id: '20261123T080410Z',
    state: 'open',
    start: OUTAGE_START,
    notBefore: OUTAGE_START - 58 * SECOND,
    end: null,
    downMs: HOUR + 2 * SECOND,
    possibleMs: HOUR + 60 * SECOND,
    latestFailAt: OUTAGE_START + HOUR + 2 * SECOND,
    letterDueAt: OUTAGE_START + HOUR + 2 * SECOND,
    operatorAlarmAt: null,
    warnedAt: null,
    intermittent: false,
    failed: ['web', 'api'],
    handling: UNHANDLED,
    bulletins: NO_BULLETINS,
    ...change,
  }
}

/** The same as the prober hands it over: with fresh evidence. */
export function owing(outage: Outage, change: Partial<Owing> = {}): Owing {
  return { outage, proven: { kind: 'unavailable' }, mayStart: true, ...change }
}

/** The same, over. */
export function closedOutage(change: Partial<Outage> = {}): Outage {
  return exampleOutage({ state: 'closed', end: OUTAGE_START + 2 * HOUR, ...change })
}

export const ANNA: Recipient = { email: 'anna@example.org', name: 'Анна', language: 'ru' }
export const BOB: Recipient = { email: 'bob@example.org', name: 'Bob', language: 'en' }

/** What the letters of the tests say beside what they are about. */
export const LETTER_SETTING: LetterSetting = {
  serviceName: 'Omnicomm Online',
  baseUrl: 'https://online.omnicomm.ru',
  publicUrl: 'https://watch.example.org',
  timezone: 'Europe/Moscow',
  language: 'ru',
  contact: 'watch@example.org',
  updateEveryMs: HOUR,
  noticeAfterMs: HOUR,
  plannedWork: () => [],
}

/** A row of the outbox that has waited since `dueAt`. */
export function exampleLetter(change: Partial<Letter> = {}): Letter {
  const key = {
    subject: '20261123T080410Z',
    kind: 'initial' as const,
    sequence: 1,
    recipient: ANNA.email,
    ...change,
  }
  const id = letterId(key)
  return {
    id,
    ...key,
    messageId: messageIdOf(id, 'example.org'),
    state: 'pending',
    dueAt: OUTAGE_START + HOUR,
    nextAt: null,
    sentAt: null,
    bodyHandedOver: false,
    attempts: [],
    ...change,
  }
}

/** A letter to be added, whose bytes name its id. */
export function newLetter(change: Partial<NewLetter> = {}): NewLetter {
  const { id, subject, kind, sequence, recipient, messageId, dueAt } = exampleLetter(change)
  const mime = Buffer.from(`Message-ID: ${messageId}\r\nSubject: ${id}\r\n\r\n.body of ${id}\r\n`)
  return {
    id,
    subject,
    kind,
    sequence,
    recipient,
    messageId,
    dueAt,
    envelopeFrom: 'watch@example.org',
    mime,
    ...change,
  }
}

/** The texts that come with the program. */
export function shippedTemplates(): LetterTemplates {
  const result = loadLetterTemplates(new URL('../../config/letters', import.meta.url).pathname)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.templates
}
