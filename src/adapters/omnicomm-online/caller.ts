import { type CallKind, judgeAnswer } from '../../core/online/judge.ts'
import { type Reply, readReply } from '../../core/online/reply.ts'
import { type Instant, SECOND } from '../../core/time.ts'
import type { HttpAnswer, HttpCall, Log } from '../../ports.ts'
import { addressOf, type OnlineAccount, userKey, withoutSecrets } from './account.ts'
import type { Effort, Timer } from './effort.ts'
import { blockedEnd, type OnlineEnd, outOfBudget, refusedTooOften, tooLong } from './ends.ts'
import type { Budget, Limits } from './limits.ts'

export type CallRequest = {
  readonly call: CallKind
  readonly path: string
  /** Access token, or refresh token for a refresh. */
  readonly token?: string
  readonly body?: string
  readonly maxBytes: number
}

export type CallResult =
  | { readonly kind: 'good'; readonly value: unknown; readonly status: number; readonly latencyMs: number }
  | { readonly kind: 'session-over'; readonly reason: string; readonly latencyMs: number }
  | OnlineEnd

/** One request under all limits, judged. */
export type Caller = {
  call(request: CallRequest, effort: Effort): Promise<CallResult>
  /** Whether this path had a good answer before, in this run. */
  workedBefore(path: string): boolean
}

export type CallerDeps = {
  readonly clock: Timer
  readonly log: Log
  readonly call: HttpCall
  readonly limits: Limits
}

type Answered = Extract<HttpAnswer, { kind: 'answered' }>

/** Paths that are remembered as having worked: those of single vehicles come and go. */
const MOST_PATHS = 1000

export function createCaller(account: OnlineAccount, deps: CallerDeps): Caller {
  const { clock, log, limits } = deps
  const user = limits.user(userKey(account))
  const good = new Set<string>()

  function remember(path: string): void {
    good.delete(path)
    good.add(path)
    const [oldest] = good
    if (good.size > MOST_PATHS && oldest !== undefined) good.delete(oldest)
  }

  /** A block of logins is one of this machine's address, that of other calls one of the user. */
  function blocked(call: CallKind): OnlineEnd | null {
    const until = user.blockedUntil() ?? (call === 'login' ? limits.unauthorised.blockedUntil() : null)
    return until === null ? null : blockedEnd(until)
  }

  async function admitted(call: CallKind, budget: Budget, effort: Effort): Promise<OnlineEnd | null> {
    if (call !== 'login' && limits.refusals.isFull()) return refusedTooOften()
    if (!(await budget.take(effort))) return blocked(call) ?? outOfBudget()
    // The block may have come while this call waited.
    return blocked(call)
  }

  async function send(request: CallRequest, effort: Effort): Promise<CallResult> {
    const budget = request.call === 'login' ? limits.unauthorised : user
    const refusal = blocked(request.call) ?? (await admitted(request.call, budget, effort))
    if (refusal !== null) return refusal
    const leftMs = effort.remainingMs()
    if (leftMs <= 0) return effort.hasWaited() ? outOfBudget() : effort.expired('before the call')
    const sentMs = clock.monotonic()
    const answer = await deps.call(httpRequest(account, request), leftMs)
    switch (answer.kind) {
      case 'own-fault':
        return answer
      case 'failed':
        // Less time than was meant for it, because of our own limit: that proves nothing.
        return effort.hasWaited() && answer.latencyMs >= Math.floor(leftMs) ? outOfBudget() : answer
      case 'answered':
        return take(request, answer, budget, sentMs)
    }
  }

  function take(request: CallRequest, answer: Answered, budget: Budget, sentMs: number): CallResult {
    const { call, path, token } = request
    const { status, latencyMs } = answer
    if (answer.cut) return tooLong(bare(path), request.maxBytes)
    const reply = cleaned(readReply(answer.body), (text) => withoutSecrets(text, account, token))
    const judgement = judgeAnswer({ call, path: bare(path), status, reply, workedBefore: good.has(path) })
    switch (judgement.kind) {
      case 'good':
        remember(path)
        budget.worked()
        return { kind: 'good', value: judgement.value, status, latencyMs }
      case 'session-over':
        limits.refusals.note(sentMs)
        return { kind: 'session-over', reason: judgement.reason, latencyMs }
      case 'failed':
        return { ...judgement, status, latencyMs }
      case 'unusable':
        return judgement.cause === 'blocked' ? block(request, answer) : judgement
    }
  }

  function block({ call }: CallRequest, { headers }: Answered): OnlineEnd {
    const retryAfterMs = readRetryAfter(headers['retry-after'], clock.now())
    const wasBlocked = blocked(call) !== null
    const until = user.block(retryAfterMs)
    if (call === 'login') limits.unauthorised.block(retryAfterMs)
    const end = blockedEnd(until)
    if (!wasBlocked) log.warn('Omnicomm Online has blocked an account', { account: account.id, ...end })
    return end
  }

  return {
    async call(request, effort) {
      if (request.call !== 'login') return send(request, effort)
      if (!(await limits.refusals.enter(effort))) return refusedTooOften()
      let wasRefused = true
      try {
        const result = await send(request, effort)
        wasRefused = mayBeRefusal(result)
        return result
      } finally {
        limits.refusals.leave(wasRefused)
      }
    },
    workedBefore: (path) => good.has(path),
  }
}

/** Whatever the server may count as an unsuccessful login; that it failed by itself is none. */
function mayBeRefusal(result: CallResult): boolean {
  if (result.kind === 'unusable') return result.cause === 'credentials' || result.cause === 'request'
  return result.kind === 'failed' && result.status !== undefined && result.status < 500
}

/** A path without its query. */
function bare(path: string): string {
  return path.split('?')[0] ?? ''
}

function httpRequest(account: OnlineAccount, { call, path, token, body, maxBytes }: CallRequest) {
  return {
    method: call === 'data' ? 'GET' : 'POST',
    url: addressOf(account, path),
    headers: {
      Accept: 'application/json',
      ...(token === undefined ? {} : { Authorization: `JWT ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
    maxBytes,
  } as const
}

function cleaned(reply: Reply, clean: (text: string) => string): Reply {
  return reply.kind === 'json'
    ? { ...reply, message: clean(reply.message) }
    : { ...reply, looks: clean(reply.looks) }
}

/** Seconds, or a date (RFC 9110, 10.2.3); null: it does not say. */
function readRetryAfter(text: string | undefined, now: Instant): number | null {
  if (text === undefined) return null
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * SECOND
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
