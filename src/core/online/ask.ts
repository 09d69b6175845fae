import type { UnusableCause } from './judge.ts'

/** Why the service tells nothing of a terminal. */
export type AskRefusal =
  /** No polled source has the terminal. */
  | 'not-polled'
  /** Its source has had no answer yet, or is being closed. */
  | 'not-yet'
  | 'closing'
  /** The source may ask no questions: statesPerMinute is 0. */
  | 'switched-off'
  /** It has no data of the terminal. */
  | 'no-data'
  /** The service fails, or its answers are empty or too small. */
  | 'failed'
  | 'incomplete'
  /** This machine could not ask. */
  | 'own-fault'
  | UnusableCause

/** What came of asking the service about one terminal now. */
export type AskOutcome =
  /** What it said has been taken in. */
  | { readonly kind: 'answered' }
  /** `reason` says it in English and in detail, for the API and the log. */
  | { readonly kind: 'refused'; readonly why: AskRefusal; readonly reason: string }
  /** Our own limit of questions. */
  | { readonly kind: 'too-often'; readonly retryAfterMs: number }
