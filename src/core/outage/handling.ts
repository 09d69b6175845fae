import type { Instant } from '../time.ts'

/** Who did something and when. */
export type Signature = { readonly by: string; readonly at: Instant }

/** `resolution` null: the time that was expected before is withdrawn, a new one is being determined. */
export type ExpectedResolution = Signature & { readonly resolution: Instant | null; readonly note: string }

/** What people did about an outage. It rides on the outage through the fold, which looks at `cancelled` alone. */
export type Handling = {
  readonly expected: ExpectedResolution | null
  /** The newest message to the recipients. */
  readonly message: (Signature & { readonly text: string }) | null
  /** A label: somebody knows that the outage is real. */
  readonly confirmed: Signature | null
  readonly cancelled: (Signature & { readonly reason: string }) | null
  /** An operator ordered the letter before the clock made it due. */
  readonly ordered: Signature | null
}

export const UNHANDLED: Handling = {
  expected: null,
  message: null,
  confirmed: null,
  cancelled: null,
  ordered: null,
}

/** The series of letters of an outage after the first one. */
export type Bulletins = {
  /** Updates written so far: the sequence of the newest. */
  readonly updates: number
  /** When the newest letter of the series (initial or update) was written; null before the first. */
  readonly at: Instant | null
  /** When the next update is to be written unless something new comes first; null before the first letter. */
  readonly nextAt: Instant | null
}

export const NO_BULLETINS: Bulletins = { updates: 0, at: null, nextAt: null }

/** What an operator can do about an outage. */
export type OutageAction =
  | { readonly kind: 'expected-resolution'; readonly resolution: Instant | null; readonly note: string }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'cancel'; readonly reason: string }
  | { readonly kind: 'send-letter' }

/** Why an action is not possible; the HTTP side says it in words. */
export type ActionRefusal = 'closed' | 'cancelled' | 'past' | 'already-written' | 'already-confirmed'
