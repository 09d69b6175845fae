import type { IncomingHttpHeaders } from 'node:http'
import type { Clock, HttpAnswer, HttpCall, HttpRequest } from '../../ports.ts'
import { type Attempt, runAttempt, type Step } from './attempt.ts'
import { readBody } from './body.ts'
import { type ExchangeDeps, exchange } from './exchange.ts'

export type HttpCallDeps = ExchangeDeps & { readonly clock: Pick<Clock, 'monotonic' | 'after'> }

type Answered = Omit<Extract<HttpAnswer, { kind: 'answered' }>, 'kind' | 'latencyMs'>

/** HTTP for those who judge the answer themselves: every status is an answer, and a body is read to its end. */
export function createHttpCall(deps: HttpCallDeps): HttpCall {
  return async (request, timeoutMs) => {
    const end = await runAttempt(deps.clock, timeoutMs, (attempt) => make(attempt, deps, request))
    switch (end.kind) {
      case 'done':
        return { kind: 'answered', ...end.value, latencyMs: end.latencyMs }
      case 'failed':
        return end
      case 'unusable':
      case 'own-fault':
        return { kind: 'own-fault', reason: end.reason }
    }
  }
}

async function make(attempt: Attempt, deps: ExchangeDeps, request: HttpRequest): Promise<Step<Answered>> {
  const { method, headers, body } = request
  const answer = await exchange(attempt, deps, new URL(request.url), { method, headers, body })
  if (answer.kind !== 'done') return answer
  const status = answer.value.statusCode ?? 0
  const read = await readBody(attempt, answer.value, request.maxBytes)
  if (read.kind === 'failed') return { ...read, status }
  if (read.kind !== 'done') return read
  const { text, cut } = read.value
  const answered = { status, headers: flat(answer.value.headers), body: text }
  return { kind: 'done', value: cut ? { ...answered, cut } : answered }
}

function flat(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  )
}
