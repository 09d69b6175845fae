import type { UnusableCause } from '../../core/online/judge.ts'
import { REFUSED_PER_MINUTE } from '../../core/online/rate.ts'
import type { FailurePhase } from '../../core/outage/verdict.ts'
import { type Instant, SECOND, toIso } from '../../core/time.ts'
import type { OnlineAccount } from './account.ts'

/** An end that is no good answer. */
export type OnlineEnd =
  | {
      readonly kind: 'failed'
      readonly phase: FailurePhase
      readonly latencyMs: number
      readonly status?: number
      readonly evidence: string
    }
  | Unusable
  | { readonly kind: 'own-fault'; readonly reason: string }

/** `reason` begins with the next step for people. */
export type Unusable = { readonly kind: 'unusable'; readonly cause: UnusableCause; readonly reason: string }

/** What our own side or the account is at fault for, told with the account's name. */
export function named(end: Unusable, { id }: OnlineAccount): Unusable {
  return { ...end, reason: `account ${id}: ${end.reason}` }
}

/** No token came in time: our own limit of calls. */
export function outOfBudget(): Unusable {
  return {
    kind: 'unusable',
    cause: 'budget',
    reason:
      'our own limit of calls is used up: ask less often (a longer every of the omnicomm-* components, or interval)',
  }
}

/** Too many logins or tokens were refused, over all accounts. */
export function refusedTooOften(): Unusable {
  const reason = `see the credentials of all accounts: ${REFUSED_PER_MINUTE} logins or tokens were refused within a minute, nothing is sent until it is over`
  return { kind: 'unusable', cause: 'budget', reason }
}

/** Nothing is sent before `until`, because the server says that it was too much. */
export function blockedEnd(until: Instant): Unusable {
  const at = toIso(Math.ceil(until / SECOND) * SECOND).replace('.000Z', 'Z')
  const reason = `blocked for too many calls (429): nothing is asked until ${at}. Ask less often (a longer every or interval) and see what else uses this login`
  return { kind: 'unusable', cause: 'blocked', reason }
}

/** More than is read; `path` without its query. */
export function tooLong(path: string, maxBytes: number): Unusable {
  const reason = `the answer of ${path} is longer than ${maxBytes} bytes, more than is read here`
  return { kind: 'unusable', cause: 'request', reason }
}
