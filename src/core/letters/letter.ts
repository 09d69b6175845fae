import type { Instant } from '../time.ts'

export type Language = 'ru' | 'en'

export type Recipient = { readonly email: string; readonly name: string; readonly language: Language }

/** `initial` to `announcement` go to recipients (spec/letters.md); `operator` and `test` share the outbox. */
export type LetterKind =
  | 'initial'
  | 'update'
  | 'recovery'
  | 'combined'
  | 'correction'
  | 'announcement'
  | 'operator'
  | 'test'

export type LetterState =
  | 'pending'
  | 'sending'
  | 'sent'
  | 'retry'
  | 'ambiguous'
  | 'dead'
  | 'superseded'
  /** Written as an .eml file because no SMTP is configured; never sent later. */
  | 'filed'

export type Attempt = { readonly at: Instant; readonly result: string; readonly reply: string }

/** A row of the outbox. (subject, kind, sequence, recipient) is unique and makes the id. */
export type Letter = {
  readonly id: string
  /** The outage's id; for letters without one their subject and day. First in, first out per (subject, recipient). */
  readonly subject: string
  readonly kind: LetterKind
  readonly sequence: number
  /** Address. */
  readonly recipient: string
  readonly messageId: string
  readonly state: LetterState
  /** When it became due: creation of the row. */
  readonly dueAt: Instant
  /** Earliest next attempt; null in a final state. */
  readonly nextAt: Instant | null
  readonly sentAt: Instant | null
  /** The body was handed to a relay at least once. */
  readonly bodyHandedOver: boolean
  readonly attempts: readonly Attempt[]
}

/** A letter with its finished MIME bytes, as it is stored. */
export type NewLetter = Omit<Letter, 'state' | 'nextAt' | 'sentAt' | 'bodyHandedOver' | 'attempts'> & {
  readonly envelopeFrom: string
  readonly mime: Uint8Array
}

/**
 * Changes of the outbox that ride in the transaction of the state change that causes them. A letter is superseded
 * only while it is `pending`, or `retry` with a body that was never handed over.
 */
export type LetterChange = { readonly add: readonly NewLetter[]; readonly supersede: readonly string[] }
