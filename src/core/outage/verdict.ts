import type { Instant } from '../time.ts'

export type Verdict = 'ok' | 'fail' | 'unknown'

/** Where a probe broke off. */
export type FailurePhase = 'dns' | 'tcp' | 'tls' | 'http' | 'login' | 'assert' | 'timeout'

/** What one component answered in a round, after its second try. */
export type ProbeResult =
  | { readonly kind: 'ok'; readonly latencyMs: number; readonly slow: boolean; readonly status?: number }
  | {
      readonly kind: 'failed'
      readonly phase: FailurePhase
      readonly latencyMs: number
      readonly status?: number
      /** A short text for people: what was expected and what came. At most 200 characters. */
      readonly evidence: string
    }
  /** Left out of the verdict: no account, refused credentials, blocked (429). `reason` says what to do next. */
  | { readonly kind: 'unusable'; readonly reason: string }

export type ComponentKind = 'http' | 'tcp' | 'tls' | 'dns' | `omnicomm-${string}`

export type ComponentReading = {
  readonly id: string
  readonly kind: ComponentKind
  readonly counts: 'outage' | 'degraded'
  /** When it was last probed: components with an `every` of their own keep their result between turns. */
  readonly checkedAt: Instant
  readonly result: ProbeResult
}

/** One probe round as it is stored, before anything is decided from it. */
export type Round = {
  readonly kind: 'round'
  /** Start of the round: the issue time of its verdict. */
  readonly at: Instant
  readonly completedAt: Instant
  /** `interval` and `timeout` it was made under. */
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly verdict: Verdict
  /** Why the verdict is `unknown`, in short. */
  readonly reason?: string
  readonly components: readonly ComponentReading[]
}

/** The wall clock was stepped by `deltaMs` (negative: back) against the monotonic one; `at` is the time after it. */
export type ClockStep = { readonly kind: 'step'; readonly at: Instant; readonly deltaMs: number }
