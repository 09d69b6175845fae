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
      /** It failed because nothing new had come for so long: that began so much earlier. */
      readonly stalled?: true
      /** A short text for people: what was expected and what came. At most 200 characters. */
      readonly evidence: string
    }
  /** Left out of the verdict: no account, refused credentials, blocked (429). `reason` says what to do next. */
  | { readonly kind: 'unusable'; readonly reason: string; readonly cause?: UnusableCause }
  /** This machine could not probe at all: no file handles, no memory. It says nothing about the component. */
  | { readonly kind: 'own-fault'; readonly reason: string }

/** Why a component cannot be watched; each has its next step for operators (core/letters/next-step.ts). */
export type UnusableCause =
  /** The configuration lacks what it needs: account, terminal. */
  | 'setup'
  /** Login, password or token are refused, or belong to the wrong sort of account. */
  | 'credentials'
  /** Too many calls (429); nothing is sent for a while. */
  | 'blocked'
  /** The account may not do this. */
  | 'rights'
  /** What we asked is wrong. */
  | 'request'
  /** It concerns the one vehicle that was asked about. */
  | 'vehicle'
  /** Our own limit of calls. */
  | 'budget'

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

/** What one control host said to the check that followed a failure. */
export type ControlAnswer =
  /** `byName`: a host name was resolved on the way. */
  { readonly kind: 'answered'; readonly byName: boolean } | { readonly kind: 'silent' }

export type Judgement = { readonly verdict: Verdict; readonly reason?: string }

/**
 * The verdict of a round (spec/outage-clock.md 1). `controls` were asked after the last failure; empty when nothing
 * failed. `faults` are our own (database, stalled process), in short texts. `failedInOutage`: components that
 * failed in the open outage, so that one that is left out meanwhile cannot end it.
 */
export function judgeRound(
  components: readonly ComponentReading[],
  controls: readonly ControlAnswer[],
  faults: readonly string[],
  failedInOutage: readonly string[],
): Judgement {
  const fault = faults[0]
  if (fault !== undefined) return unknown(fault)
  const counted = components.filter(({ counts }) => counts === 'outage')
  const phases = counted.flatMap(({ result }) => (result.kind === 'failed' ? [result.phase] : []))
  if (phases.length > 0) return judgeFailure(phases, controls)
  const own = counted.flatMap(({ result }) => (result.kind === 'own-fault' ? [result.reason] : []))
  if (own[0] !== undefined) return unknown(own[0])
  const lost = counted.find(({ id, result }) => result.kind === 'unusable' && failedInOutage.includes(id))
  if (lost !== undefined) return unknown(`${lost.id} failed in this outage and cannot be watched now`)
  if (counted.some(({ result }) => result.kind === 'ok')) return { verdict: 'ok' }
  return unknown('no component that counts can be watched')
}

/** Whether a known verdict comes with something wrong: a FAIL, a failed component or a slow one. */
export function isImpaired({ verdict, components }: Round): boolean {
  return (
    verdict === 'fail' ||
    components.some(({ result }) => result.kind === 'failed' || (result.kind === 'ok' && result.slow))
  )
}

function judgeFailure(phases: readonly FailurePhase[], controls: readonly ControlAnswer[]): Judgement {
  const answered = controls.filter((control) => control.kind === 'answered')
  if (answered.length === 0) return unknown('no control host answered: our own connection may be down')
  // Where only names fail, an answer from a bare address proves that the network works, not that names do.
  const namesOnly = phases.every((phase) => phase === 'dns')
  if (namesOnly && !answered.some(({ byName }) => byName)) {
    return unknown('name resolution is gone while addresses answer')
  }
  return { verdict: 'fail' }
}

function unknown(reason: string): Judgement {
  return { verdict: 'unknown', reason }
}
