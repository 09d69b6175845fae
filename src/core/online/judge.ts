import type { UnusableCause as ComponentCause, FailurePhase } from '../outage/verdict.ts'
import { isDocumented, meaningOf } from './codes.ts'
import type { Reply } from './reply.ts'
import { decodeTokens } from './tokens.ts'

/** `login` and `refresh` give tokens, `data` everything else. */
export type CallKind = 'login' | 'refresh' | 'data'

/** Why an answer says nothing about whether the service is available. */
export type UnusableCause = Exclude<ComponentCause, 'setup'>

export type Judgement =
  | { readonly kind: 'good'; readonly value: unknown }
  /** The token is over: renew it and ask again. */
  | { readonly kind: 'session-over'; readonly reason: string }
  | { readonly kind: 'unusable'; readonly cause: UnusableCause; readonly reason: string }
  | { readonly kind: 'failed'; readonly phase: FailurePhase; readonly evidence: string }

type UnusableOrFailed = Extract<Judgement, { kind: 'unusable' | 'failed' }>

export type Answered = {
  readonly call: CallKind
  /** What was asked, without its query. */
  readonly path: string
  readonly status: number
  readonly reply: Reply
  /** The same path had a good answer before, in this run. */
  readonly workedBefore: boolean
}

/**
 * What an answer means, by the tables of reference/omnicomm-online-api.md 8 and omnicomm-domain.md 8.2. A candidate
 * for an outage is `failed`; our credentials, rights, requests and limits never are. Texts begin with the next step,
 * because their end is cut off where they are long.
 */
export function judgeAnswer(answered: Answered): Judgement {
  const { call, status, reply } = answered
  if (status === 429) return unusable('blocked', 'too many calls (429)')
  if (status >= 500 || status < 200) return failed(answered)
  if (call === 'login' && (status === 401 || status === 403)) return refused(answered)
  const code = reply.kind === 'json' ? (reply.code ?? 0) : 0
  // In the body of a refusal many servers repeat the status, or have numbers of their own; and 401 is about the token.
  const isRefusal = status >= 300 && (status === 401 || !isDocumented(code))
  return code === 0 || isRefusal ? judgeStatus(answered) : judgeCode(answered, code)
}

/** What it means that a token which was given a moment ago is not accepted. */
export function judgeFreshTokenRefused(reason: string, workedBefore: boolean): UnusableOrFailed {
  if (workedBefore) return { kind: 'failed', phase: 'http', evidence: `a fresh token is refused: ${reason}` }
  return unusable(
    'rights',
    `ask Omnicomm support to enable REST for the account: a fresh token is refused, ${reason}`,
  )
}

function judgeStatus(answered: Answered): Judgement {
  const { call, status, workedBefore } = answered
  if (status < 300) return judgeGood(answered)
  if (status === 408) return failed(answered)
  if (status < 400 || status === 404) {
    // A path that has gone, or leads elsewhere, is news only where it had worked.
    return workedBefore ? failed(answered, ', which worked before') : mistaken(answered)
  }
  if (status === 401 || (status === 403 && call === 'refresh')) return sessionOver(answered)
  if (status === 403) {
    return unusable('rights', `ask Omnicomm support for the right to this call: ${seen(answered)}`)
  }
  return mistaken(answered)
}

function judgeGood(answered: Answered): Judgement {
  const { call, reply } = answered
  if (reply.kind === 'other') return failed(answered)
  if (call !== 'data' && decodeTokens(reply.value) === undefined) return failed(answered, ', no token in it')
  return { kind: 'good', value: reply.value }
}

/** Codes of reference/omnicomm-online-api.md 8.2. */
function judgeCode(answered: Answered, code: number): Judgement {
  switch (code) {
    case 1:
      return answered.call === 'refresh' ? sessionOver(answered) : refused(answered)
    case 2:
      return answered.call === 'login' ? mistaken(answered) : sessionOver(answered)
    case 3:
      return answered.call === 'login' || isAboutRequest(answered)
        ? mistaken(answered)
        : sessionOver(answered)
    case 5:
    case 7:
    case 9:
    case 10:
    case 11:
      return answered.call === 'data' ? aboutVehicle(answered) : refused(answered)
    case 6:
      return unusable('credentials', `use an ordinary account, not an administrator's: ${seen(answered)}`)
    case 14:
      return failed(answered)
    case 15:
      return answered.workedBefore && answered.call === 'data'
        ? failed(answered, ', which worked before')
        : mistaken(answered)
    default:
      return mistaken(answered)
  }
}

function refused(answered: Answered): Judgement {
  const next = 'correct login and password in accounts and reload (restart if they are right)'
  return unusable('credentials', `${next}: ${seen(answered)}`)
}

function sessionOver(answered: Answered): Judgement {
  return { kind: 'session-over', reason: seen(answered) }
}

function aboutVehicle(answered: Answered): Judgement {
  return unusable('vehicle', seen(answered))
}

function mistaken(answered: Answered): Judgement {
  const isElsewhere = answered.status === 404 || (answered.status >= 300 && answered.status < 400)
  const next = isElsewhere ? 'check baseUrl of the account' : 'report this'
  return unusable('request', `${next}: our request is not taken, ${seen(answered)}`)
}

function failed(answered: Answered, more = ''): Judgement {
  const { call, status } = answered
  const evidence = `${seen(answered)}${more}`
  if (call !== 'data') return { kind: 'failed', phase: 'login', evidence }
  return { kind: 'failed', phase: status >= 200 && status < 300 ? 'assert' : 'http', evidence }
}

function unusable(cause: UnusableCause, reason: string): Extract<Judgement, { kind: 'unusable' }> {
  return { kind: 'unusable', cause, reason }
}

/**
 * Reports have answered code 3, "dead session", with "timeBegin is required": a new login does not mend that.
 */
function isAboutRequest({ reply }: Answered): boolean {
  const message = reply.kind === 'json' ? reply.message : ''
  if (/session|token|auth|login|sign|сесси|токен|авториз|вход/i.test(message)) return false
  return /required|missing|must|param|format|обязател|параметр|формат|не указан/i.test(message)
}

/** `/ls/api/v2/tree/vehicle: status 200, code 9 (access denied): no rights`. */
function seen({ path, status, reply }: Answered): string {
  if (reply.kind === 'other') return `${path}: status ${status}, ${reply.looks}`
  const code =
    reply.code === null || reply.code === 0 ? '' : `, code ${reply.code} (${meaningOf(reply.code)})`
  return `${path}: status ${status}${code}${reply.message === '' ? '' : `: ${reply.message}`}`
}
