import type { ExpectedProven } from './proven.ts'
import type { Ms, TraceEvent } from './trace.ts'

/** What makes a letter one and the same. `subject`: the outage's id, or what an operators' letter is about. */
export type LetterKey = {
  readonly subject: string
  readonly kind: string
  readonly sequence: number
  readonly recipient: string
}

/** What an operator did about an outage; `value` is what was entered. */
export type Deed = {
  readonly action: 'expected-resolution' | 'message' | 'confirm' | 'cancel' | 'send-letter'
  readonly outage: string
  readonly value: string
}

export type Outcome = 'accepted' | 'not-handed-over' | 'lost' | 'refused-for-good'

/** Everything that happened around the program, in the order in which it happened. `at` is wall time. */
export type JournalEntry =
  /** The program began to run; it ended or was killed. */
  | { readonly kind: 'started'; readonly at: Ms }
  | { readonly kind: 'killed'; readonly at: Ms }
  /** A row of the trace became durable. */
  | { readonly kind: 'stored'; readonly at: Ms; readonly row: TraceEvent }
  /** One transaction: what was done, which letters were written, which were superseded. */
  | {
      readonly kind: 'commit'
      readonly at: Ms
      readonly deed: Deed | null
      readonly written: readonly LetterKey[]
      readonly superseded: readonly LetterKey[]
    }
  /** Letters of this outage were planned with this said to be proven. */
  | { readonly kind: 'said'; readonly at: Ms; readonly outage: string; readonly proven: ExpectedProven }
  | { readonly kind: 'recipient'; readonly at: Ms; readonly address: string; readonly present: boolean }
  | { readonly kind: 'claimed'; readonly at: Ms; readonly letter: LetterKey }
  /** A connection to the relay was opened for it. */
  | { readonly kind: 'opened'; readonly at: Ms; readonly letter: LetterKey }
  /** The relay was offered the letter; `copy` stands for its bytes. */
  | {
      readonly kind: 'offered'
      readonly at: Ms
      readonly letter: LetterKey
      readonly outcome: Outcome
      readonly copy: string
    }
  | { readonly kind: 'settled'; readonly at: Ms; readonly letter: LetterKey; readonly state: string }
  /** Nothing is under way: what had to follow from all of this has followed. */
  | { readonly kind: 'calm'; readonly at: Ms }

/** What is known at a place of the journal. */
export type Moment = {
  readonly at: Ms
  /** Number of the entry in the journal. */
  readonly entry: number
  /** Rows of the trace so far. */
  readonly place: number
  /** Row of the trace with which the running program began; null while none runs. */
  readonly runSince: number | null
  readonly present: ReadonlySet<string>
}

export function nameOf({ subject, kind, sequence, recipient }: LetterKey): string {
  return `${subject} ${kind} ${sequence} ${recipient}`
}

/** An outage's id from its start: `20261123T081500Z`, with milliseconds when there are some. */
export function outageId(start: Ms): string {
  return new Date(start).toISOString().replace('.000', '').replaceAll(/[-:.]/g, '')
}
