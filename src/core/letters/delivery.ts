import type { Instant } from '../time.ts'
import type { Attempt, LetterState } from './letter.ts'

/** What the transport saw of one attempt. */
export type Delivery =
  | { readonly kind: 'accepted'; readonly reply: string }
  | {
      readonly kind: 'refused'
      /** Stage at which an SMTP reply refused it. */
      readonly stage: 'greeting' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body'
      readonly code: number
      /** Enhanced status code (RFC 3463), such as `5.1.1`. */
      readonly enhanced?: string
      readonly reply: string
    }
  /** No reply: refused connection, time-out, drop. */
  | { readonly kind: 'broken'; readonly bodyHandedOver: boolean; readonly reason: string }
  /** Stored as a file because no SMTP is configured. */
  | { readonly kind: 'filed'; readonly path: string }

/** The end of an attempt as it is stored. */
export type Settlement = {
  readonly state: Exclude<LetterState, 'pending' | 'sending'>
  readonly nextAt: Instant | null
  readonly sentAt: Instant | null
  readonly bodyHandedOver: boolean
  readonly attempt: Attempt
}
