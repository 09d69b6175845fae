import type { Instant } from '../time.ts'
import type { Addressee } from './addressee.ts'

/** Most terminals that one request can be about. */
export const MOST_TERMINALS = 50
/** Characters. */
export const LONGEST_SUBJECT = 200
/** Characters of the text that opens the thread. */
export const LONGEST_TEXT = 20_000
/** Characters of what is said later, in one go. */
export const LONGEST_MESSAGE = 5000
/** Entries of a request's history. */
export const MOST_EVENTS = 500

/** What happened to a request, as its history tells it. */
export type RequestEvent = {
  readonly at: Instant
  readonly by: string
  readonly kind:
    | 'created'
    | 'sent'
    | 'ticket'
    | 'asked'
    | 'answered'
    | 'promised'
    | 'official-asked'
    | 'official-answered'
    | 'follow-up'
    | 'step'
    | 'step-done'
    | 'note'
    | 'closed'
    | 'reopened'
  readonly text: string
  /** The time that was promised; null: a promise was taken back. */
  readonly promised?: Instant | null
}

/** Something that support recommended (regulation, point 17), and what came of it. */
export type RecommendedStep = {
  readonly at: Instant
  readonly text: string
  /** Empty: it was not done yet. */
  readonly result: string
  readonly doneAt: Instant | null
}

/**
 * A question to technical support: one problem, one thread (regulation, point 10). `sent` without a ticket number is
 * not registered there (point 9). Questions of money and warranty go to their department (point 8).
 */
export type SupportRequest = {
  /** `R-2026-0001`: year of the zone, then counted. */
  readonly id: string
  readonly createdAt: Instant
  readonly createdBy: string
  /** Those that it is about, the first one leading; none: it is about the service. */
  readonly terminals: readonly string[]
  /** What all its terminals have in common when it is made; empty: nothing. */
  readonly client: string
  readonly dealer: string
  readonly group: string
  readonly addressee: Addressee
  /** The kind of problem: id of the template. */
  readonly problem: string
  readonly template: { readonly version: number; readonly draft: boolean }
  readonly subject: string
  readonly text: string
  /** Of the first letter of the thread, with angle brackets. */
  readonly messageId: string
  readonly sentAt: Instant | null
  /** Number that support gave it; empty: none came yet. */
  readonly ticket: string
  readonly ticketAt: Instant | null
  /** Since when a question of support waits for our answer (point 13); null: none does. */
  readonly questionAt: Instant | null
  /** What support promised (point 16). `approximate`: of loading an archive, for example. */
  readonly promised: { readonly at: Instant; readonly note: string; readonly approximate: boolean } | null
  /** When an official answer was asked for; it is due in three working days (point 14). */
  readonly officialAskedAt: Instant | null
  readonly officialAnsweredAt: Instant | null
  readonly steps: readonly RecommendedStep[]
  readonly closedAt: Instant | null
  readonly events: readonly RequestEvent[]
}
