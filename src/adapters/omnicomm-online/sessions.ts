import { decodeTokens, freshLifetimeMs, readClaims } from '../../core/online/tokens.ts'
import { MINUTE } from '../../core/time.ts'
import type { Log } from '../../ports.ts'
import type { OnlineAccount } from './account.ts'
import type { Caller, CallResult } from './caller.ts'
import type { Effort, Timer } from './effort.ts'
import { named, type OnlineEnd, outOfBudget } from './ends.ts'
import { configuredSession, type Session, timed } from './session.ts'

/** `no-way`: an account of tokens has no password to log in with. */
export type Renewal =
  | {
      readonly kind: 'renewed'
      readonly session: Session
      readonly by: How
      readonly status: number
      readonly latencyMs: number
    }
  | { readonly kind: 'no-way' }
  | OnlineEnd

/** A refresh where there is a token for it, else a login; or a login alone. */
export type How = 'refresh' | 'login'

export type Sessions = {
  /** A session that should hold for a call; `by`: how it was made for this very call, null if it was there. */
  current(
    effort: Effort,
  ): Promise<{ readonly kind: 'session'; readonly session: Session; readonly by: How | null } | OnlineEnd>
  /** Another session than `stale`. */
  renew(stale: Session, how: How, effort: Effort): Promise<Renewal>
  /** A login (a refresh for an account of tokens) that begins now. */
  prove(effort: Effort): Promise<Renewal>
  /** It was refused although it was fresh: the next call begins with another one. */
  drop(session: Session): void
  /** The account is refused: nothing is sent for it from now on. */
  stop(reason: string): OnlineEnd
}

type SessionDeps = { readonly clock: Timer; readonly log: Log; readonly caller: Caller }
type Running = { readonly effort: Effort; readonly end: Promise<Renewal> }

const LOGIN_PATH = '/auth/login?jwt=1'
const REFRESH_PATH = '/auth/refresh'
const ANSWER_LIMIT_BYTES = 256 * 1024
/** A login that is not taken for what is wrong with the request may count as a refused one. */
const REQUEST_PAUSE_MS = 10 * MINUTE

/**
 * The session of an account. At most one login or refresh is under way; all who need one wait for it. Credentials
 * that are refused stop all further attempts for good: a changed account is a new one.
 */
export function createSessions(account: OnlineAccount, { clock, log, caller }: SessionDeps): Sessions {
  const hasPassword = account.login !== undefined && account.password !== undefined
  let session = configuredSession(account, clock)
  let running: Running | null = null
  let stopped: OnlineEnd | null = null
  let pause: { readonly untilMs: number; readonly end: OnlineEnd } | null = null

  function stop(reason: string): OnlineEnd {
    if (stopped !== null) return stopped
    log.warn('Omnicomm Online refuses an account', { account: account.id, reason })
    stopped = named({ kind: 'unusable', cause: 'credentials', reason }, account)
    return stopped
  }

  function keep(by: How, { value, status, latencyMs }: Extract<CallResult, { kind: 'good' }>): Renewal {
    const tokens = decodeTokens(value)
    if (tokens === undefined) throw new Error('an answer without a token was judged good')
    const lifetimeMs = freshLifetimeMs(readClaims(tokens.access), clock.now())
    // One server was seen to give the refresh token only once.
    const refresh = tokens.refresh ?? session?.refresh ?? null
    session = timed({ access: tokens.access, refresh }, lifetimeMs, clock)
    return { kind: 'renewed', session, by, status, latencyMs }
  }

  async function refresh(token: string, effort: Effort): Promise<Renewal | 'refused'> {
    const request = { call: 'refresh', path: REFRESH_PATH, token, maxBytes: ANSWER_LIMIT_BYTES } as const
    const result = await caller.call(request, effort)
    if (result.kind === 'good') return keep('refresh', result)
    const isRefused = result.kind === 'unusable' && result.cause === 'credentials'
    return result.kind === 'session-over' || isRefused ? 'refused' : result
  }

  async function login(effort: Effort): Promise<Renewal> {
    if (pause !== null && clock.monotonic() < pause.untilMs) return pause.end
    const body = JSON.stringify({ login: account.login, password: account.password })
    const request = { call: 'login', path: LOGIN_PATH, body, maxBytes: ANSWER_LIMIT_BYTES } as const
    const result = await caller.call(request, effort)
    if (result.kind === 'good') return keep('login', result)
    if (result.kind === 'session-over') return stop(result.reason)
    if (result.kind !== 'unusable') return result
    if (result.cause === 'credentials') return stop(result.reason)
    if (result.cause === 'request') pause = { untilMs: clock.monotonic() + REQUEST_PAUSE_MS, end: result }
    return named(result, account)
  }

  async function run(how: How, effort: Effort): Promise<Renewal> {
    const token = session?.refresh ?? null
    if (how === 'refresh' && token !== null) {
      const renewal = await refresh(token, effort)
      if (renewal === 'refused') {
        if (!hasPassword)
          return stop('enter a new token and refresh in accounts: the refresh token is refused')
      } else if (!hasPassword || !isWorthLogin(renewal)) return renewal
    }
    if (hasPassword) return login(effort)
    if (how === 'login') return { kind: 'no-way' }
    return stop('enter a new token in accounts: this one is refused, and there is no refresh token')
  }

  function start(how: How, effort: Effort): Running {
    const started: Running = {
      effort,
      end: run(how, effort).finally(() => {
        if (running === started) running = null
      }),
    }
    running = started
    return started
  }

  /** The renewal that is under way, or one of its own. */
  async function join(how: How, effort: Effort): Promise<Renewal> {
    const joined = running ?? start(how, effort)
    const end = await effort.within(joined.end, joined.effort.hasWaited)
    const isHis = joined.effort !== effort && isShortOfTime(end)
    if (!isHis || effort.remainingMs() <= 0) return end
    // Somebody with less time had begun it; what he could not wait for says nothing to one who still can.
    const own = running ?? start(how, effort)
    return effort.within(own.end, own.effort.hasWaited)
  }

  return {
    stop,
    async current(effort) {
      if (stopped !== null) return stopped
      const old = session
      const cannotRenew = !hasPassword && old?.refresh === null
      if (old !== null && (clock.monotonic() < old.renewAtMs || cannotRenew)) return ready(old)
      const renewal = await join('refresh', effort)
      if (renewal.kind === 'renewed') return { kind: 'session', session: renewal.session, by: renewal.by }
      // It was renewed early: until it ends, a failure of that is no reason to give up.
      const holds = old !== null && stopped === null && clock.monotonic() < old.endsAtMs
      if (holds && effort.remainingMs() > 0) return ready(old)
      return renewal.kind === 'no-way' ? outOfBudget() : renewal
    },
    async renew(stale, how, effort) {
      if (stopped !== null) return stopped
      if (session !== null && session !== stale) {
        return { kind: 'renewed', session, by: how, status: 200, latencyMs: 0 }
      }
      return join(how, effort)
    },
    async prove(effort) {
      const earlier = running
      if (earlier !== null) {
        const end = await effort.within(earlier.end, earlier.effort.hasWaited)
        if (effort.remainingMs() <= 0) return end
      }
      return stopped ?? join(hasPassword ? 'login' : 'refresh', effort)
    },
    drop(refused) {
      if (session !== refused) return
      session = hasPassword ? null : { ...refused, renewAtMs: -Infinity, endsAtMs: -Infinity }
    },
  }
}

function ready(session: Session) {
  return { kind: 'session', session, by: null } as const
}

/** A refresh that fails says little where a login may still work; blocks and our own faults stop both. */
function isWorthLogin(renewal: Renewal): boolean {
  if (renewal.kind === 'failed') return renewal.phase !== 'timeout' && renewal.phase !== 'dns'
  return renewal.kind === 'unusable' && (renewal.cause === 'request' || renewal.cause === 'rights')
}

function isShortOfTime(renewal: Renewal): boolean {
  if (renewal.kind === 'failed') return renewal.phase === 'timeout' || renewal.phase === 'dns'
  return renewal.kind === 'unusable' && renewal.cause === 'budget'
}
