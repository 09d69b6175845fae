import { isIP } from 'node:net'
import type { Clock, ControlCheck, ControlResult } from '../../ports.ts'
import { type Attempt, runAttempt, type Step } from './attempt.ts'
import { openTcp } from './connection.ts'
import { bareHost, type ExchangeDeps, exchange } from './exchange.ts'

export type ControlCheckDeps = ExchangeDeps & { readonly clock: Pick<Clock, 'monotonic' | 'after'> }

type Control = {
  readonly url: string
  readonly byName: boolean
  readonly ask: (attempt: Attempt) => Promise<Step<unknown>>
}

/**
 * Asks control hosts, all at once (spec/outage-clock.md 1): `http(s)://` has answered with any HTTP status, where
 * a certificate that does not hold is silence, since whoever intercepts the connection proves nothing;
 * `tcp://host:port` with an accepted connection. Throws at once for a URL that is neither.
 */
export function createControlCheck(urls: readonly string[], deps: ControlCheckDeps): ControlCheck {
  const controls = urls.map((url) => parseControl(url, deps))
  return (timeoutMs) => Promise.all(controls.map((control) => check(control, deps.clock, timeoutMs)))
}

async function check(
  { url, byName, ask }: Control,
  clock: ControlCheckDeps['clock'],
  timeoutMs: number,
): Promise<ControlResult> {
  const result = await runAttempt(clock, timeoutMs, ask)
  switch (result.kind) {
    case 'done':
      return { url, kind: 'answered', byName }
    case 'failed':
      return { url, kind: 'silent', reason: result.evidence }
    case 'unusable':
    case 'own-fault':
      return { url, kind: 'silent', reason: result.reason }
  }
}

function parseControl(text: string, deps: ControlCheckDeps): Control {
  const tcp = /^tcp:\/\/([^/@\s?#]+):(\d{1,5})\/?$/i.exec(text)
  // Only URLs of a known scheme get their host brought into one form (brackets, letters beyond ASCII).
  const url = URL.parse(tcp ? `http://${tcp[1]}` : text)
  const port = Number(tcp?.[2] ?? 1)
  if (!url || !/^https?:$/.test(url.protocol) || port < 1 || port > 65_535) {
    throw new Error(`A control host must be http(s)://host or tcp://host:port, not ${text}`)
  }
  const host = bareHost(url)
  const ask: Control['ask'] = tcp
    ? (attempt) => openTcp(attempt, deps.resolveName, { host, port })
    : (attempt) => exchange(attempt, deps, url)
  return { url: text, byName: isIP(host) === 0, ask }
}
