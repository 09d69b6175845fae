import type { UnusableCause } from '../outage/verdict.ts'
import type { RequestStep } from '../request/overdue.ts'

/**
 * Something that an operator has to look at and that no outage causes. Each becomes at most one letter per identity and
 * day to every operator, and a line in the log.
 */
export type Notice =
  /** A component cannot be watched: refused credentials, missing rights, blocked. `cause` has its next step. */
  | {
      readonly topic: 'component-unusable'
      readonly key: string
      readonly reason: string
      readonly cause?: UnusableCause
    }
  /**
   * The account of a polled source is refused, lacks rights or is blocked. `key` is its id, `cause` has its next step,
   * `part` is for what it lacks rights.
   */
  | {
      readonly topic: 'account-unusable'
      readonly key: string
      readonly reason: string
      readonly cause?: UnusableCause
      readonly part?: string
    }
  /** A control host is silent while another answers. `key` is its URL. */
  | { readonly topic: 'control-silent'; readonly key: string; readonly reason: string }
  /** The relay refuses letters for good. `key` is `relay`, `code` that of its reply (5xx). */
  | {
      readonly topic: 'relay-refuses'
      readonly key: string
      readonly reason: string
      readonly code?: number
    }
  /** A letter was given up. `key` is its id, `reason` names recipient and reply. */
  | { readonly topic: 'letter-dead'; readonly key: string; readonly reason: string }
  /** The auditor found a due letter without its proof. `key` is the outage's id. */
  | { readonly topic: 'audit-failed'; readonly key: string; readonly reason: string }
  /** A request to support is overdue. `key` is its id, `reason` its subject, `step` what has not come. */
  | {
      readonly topic: 'request-overdue'
      readonly key: string
      readonly reason: string
      readonly step?: RequestStep['kind']
    }

/**
 * What makes two notices the same one: the thing and why. A new cause is news, and asks for another step; `reason` is
 * no part of it, for its times and counts change while the cause lasts.
 */
export function noticeIdentity(notice: Notice): string {
  return JSON.stringify([notice.topic, notice.key, causeOf(notice)])
}

function causeOf(notice: Notice): string | number | undefined {
  switch (notice.topic) {
    case 'component-unusable':
      return notice.cause
    case 'account-unusable':
      return notice.part === undefined ? notice.cause : `${notice.cause} ${notice.part}`
    case 'relay-refuses':
      return notice.code
    case 'request-overdue':
      return notice.step
    case 'control-silent':
    case 'letter-dead':
    case 'audit-failed':
      return undefined
  }
}
