import { oneLine } from '../../core/one-line.ts'
import { judgeFreshTokenRefused } from '../../core/online/judge.ts'
import type { OnlineAccount } from './account.ts'
import { type CallerDeps, createCaller } from './caller.ts'
import { startEffort } from './effort.ts'
import { named, type OnlineEnd } from './ends.ts'
import type { Session } from './session.ts'
import { createSessions, type How } from './sessions.ts'

/** `value`: the parsed body. `latencyMs`: of the answer itself, without login and waiting. */
export type OnlineAnswer =
  | {
      readonly kind: 'answered'
      readonly value: unknown
      readonly status: number
      readonly latencyMs: number
    }
  | OnlineEnd

export type GetOptions = {
  /** For everything: waiting for a token of the budget, login, the call and its repetition. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** Omnicomm Online for one account. Nothing here throws, and every call ends within its time. */
export type OnlineClient = {
  readonly account: string
  /** Asks a path such as `/ls/api/v1/activity/vehicles`, with a session that is renewed once where it has ended. */
  get(path: string, options: GetOptions): Promise<OnlineAnswer>
  /** Signs in anew, as a test; later calls use what it gives. */
  login(timeoutMs: number): Promise<OnlineAnswer>
}

/** `deps.limits` is shared by all clients of the process. */
export function createOnlineClient(account: OnlineAccount, deps: CallerDeps): OnlineClient {
  const { clock, log } = deps
  const caller = createCaller(account, deps)
  const sessions = createSessions(account, { clock, log, caller })

  async function get(path: string, { timeoutMs, maxBytes }: GetOptions): Promise<OnlineAnswer> {
    const effort = startEffort(clock, timeoutMs)
    const ask = (session: Session) =>
      caller.call({ call: 'data', path, token: session.access, maxBytes }, effort)
    const first = await sessions.current(effort)
    if (first.kind !== 'session') return first
    let { session } = first
    let result = await ask(session)
    for (const how of waysAfter(first.by)) {
      if (result.kind !== 'session-over') break
      const renewal = await sessions.renew(session, how, effort)
      if (renewal.kind === 'no-way') break
      if (renewal.kind !== 'renewed') return renewal
      session = renewal.session
      result = await ask(session)
    }
    if (result.kind === 'good') return { ...result, kind: 'answered' }
    if (result.kind === 'unusable' && result.cause === 'credentials') return sessions.stop(result.reason)
    if (result.kind !== 'session-over') return result
    sessions.drop(session)
    const judgement = judgeFreshTokenRefused(result.reason, caller.workedBefore(path))
    return judgement.kind === 'failed'
      ? { ...judgement, latencyMs: result.latencyMs }
      : named(judgement, account)
  }

  async function login(timeoutMs: number): Promise<OnlineAnswer> {
    if (account.password === undefined && account.refresh === undefined) {
      return named({ kind: 'unusable', cause: 'credentials', reason: NO_LOGIN }, account)
    }
    const renewal = await sessions.prove(startEffort(clock, timeoutMs))
    if (renewal.kind === 'no-way') {
      return named({ kind: 'unusable', cause: 'credentials', reason: NO_LOGIN }, account)
    }
    if (renewal.kind !== 'renewed') return renewal
    return { kind: 'answered', value: null, status: renewal.status, latencyMs: renewal.latencyMs }
  }

  return {
    account: account.id,
    get: async (path, options) => shortened(await get(path, options)),
    login: async (timeoutMs) => shortened(await login(timeoutMs)),
  }
}

/** What may still be tried for a token that is refused: a refresh once, then a login once (API reference 8.1). */
function waysAfter(by: How | null): readonly How[] {
  switch (by) {
    case null:
      return ['refresh', 'login']
    case 'refresh':
      return ['login']
    case 'login':
      return []
  }
}

const NO_LOGIN = 'it has a token alone, so there is no login to watch: give login and password, or refresh'

/** People read these on pages and in letters. */
function shortened(answer: OnlineAnswer): OnlineAnswer {
  switch (answer.kind) {
    case 'answered':
      return answer
    case 'failed':
      return { ...answer, evidence: oneLine(answer.evidence) }
    case 'unusable':
    case 'own-fault':
      return { ...answer, reason: oneLine(answer.reason) }
  }
}
