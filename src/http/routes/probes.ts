import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Role } from '../../core/people/account.ts'
import { type Auth, bearerToken } from '../auth.ts'
import { isLocal } from '../client.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { mustChooseFirst } from '../guard.ts'
import { problem } from '../problem.ts'
import { matchesSecret } from '../session.ts'

/** `/healthz`, `/readyz` and `/metrics`: what machines ask. */
export function addProbes(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'troubles' | 'metrics'>,
  options: AppOptions,
  auth: Auth,
): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }))

  app.get('/readyz', async (c) => {
    const reasons = deps.troubles()
    const ready = reasons.length === 0
    const told = !ready && (isLocal(c) || (await isStaff(c, auth)))
    return c.json(
      { status: ready ? 'ready' : 'not-ready', ...(told ? { reasons: [...reasons] } : {}) },
      ready ? 200 : 503,
    )
  })

  app.get('/metrics', async (c) => {
    const isScraper = isLocal(c) || matchesSecret(bearerToken(c), options.metricsToken)
    const role = isScraper ? undefined : await roleOf(c, auth)
    if (!isScraper && role !== 'admin') return noMetrics(c, role)
    return c.body(await deps.metrics.text(), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    })
  })
}

function noMetrics(c: HttpContext, role: Role | undefined) {
  if (role !== undefined) return problem(c, 403, 'Of the accounts only administrators may read the metrics.')
  const headers = { 'WWW-Authenticate': 'Bearer realm="omnicomm-watch"' }
  return problem(c, 401, 'Send Authorization: Bearer with the http.metricsToken.', { headers })
}

/** Readiness is also asked when the store that holds the accounts does not work: then nobody is known. */
async function isStaff(c: HttpContext, auth: Auth): Promise<boolean> {
  const role = await roleOf(c, auth).catch(() => undefined)
  return role === 'admin' || role === 'operator'
}

/** None of somebody who must choose a password first. */
async function roleOf(c: HttpContext, auth: Auth): Promise<Role | undefined> {
  const identity = await auth.identify(c)
  return identity && !mustChooseFirst(identity) ? identity.role : undefined
}
