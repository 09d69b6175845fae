/** What came of asking the service about one terminal now. */
export type AskOutcome =
  /** What it said has been taken in. */
  | { readonly kind: 'answered' }
  /** `reason` is for people: nothing polls it, the service fails, or what it said of this vehicle. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Our own limit of questions. */
  | { readonly kind: 'too-often'; readonly retryAfterMs: number }
