/*
 * The oracle: spec/outage-clock.md and spec/letters.md once more, written from the texts alone, slow and plain. It
 * imports nothing of the program (a test holds that), so that an error has to be made twice to stay unseen.
 */

/** Milliseconds. */
export type Ms = number

export type Verdict = 'ok' | 'fail' | 'unknown'

export type Span = { readonly from: Ms; readonly to: Ms }

/** What happened, in the order in which it was stored. */
export type TraceEvent =
  /** `at`: wall time of the start of the round. */
  | {
      readonly kind: 'round'
      readonly at: Ms
      readonly verdict: Verdict
      /** What is watched answered, whatever the verdict made of it. */
      readonly well: boolean
      readonly intervalMs: Ms
      readonly timeoutMs: Ms
    }
  /** The wall clock was stepped by `deltaMs`; `at` is the time after it. */
  | { readonly kind: 'step'; readonly at: Ms; readonly deltaMs: Ms }
  /** An operator cancelled the open outage. */
  | { readonly kind: 'cancel' }

export type Policy = {
  readonly noticeAfterMs: Ms
  readonly warnAfterMs: Ms
  readonly recoveryPeriodMs: Ms
  readonly maintenancePauses: boolean
}

export type LetterPolicy = Policy & {
  readonly updateEveryMs: Ms
  /** Addresses of the operators. */
  readonly operators: readonly string[]
}
