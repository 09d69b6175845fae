import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { AuditQuery } from '../../ports.ts'
import type { AppDeps } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { AuditJson, auditJson } from '../json/audit.ts'
import { blankAsAbsent, listOf, PageQuery } from '../json/list.ts'
import { problems } from '../problem.ts'
import { badCursor } from './terminals.ts'

const route = createRoute({
  method: 'get',
  path: '/api/v1/audit',
  summary:
    'What was done by whom, newest first; nothing can change it, and only retention removes the oldest',
  request: {
    query: PageQuery.extend({
      subject: blankAsAbsent(z.string().trim().max(200).optional()).openapi({
        description: 'Id of an outage, a window, a rule, a recipient or a letter',
      }),
    }),
  },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(AuditJson) } } },
    ...problems(422),
  },
})

/** The audit trail. */
export function addAudit(app: OpenAPIHono<HttpEnv>, deps: Pick<AppDeps, 'audit'>): void {
  app.openapi(route, async (c) => {
    const { limit, cursor, subject } = c.req.valid('query')
    const page = await auditPage(deps, subject, limit, cursor)
    if (!page) return badCursor(c)
    const total = await deps.audit.count(subject)
    return c.json({ items: page.items.map(auditJson), next: page.next, total }, 200)
  })
}

/** A page of the trail, newest first; undefined: the cursor is none of this list. */
export async function auditPage(
  { audit }: Pick<AppDeps, 'audit'>,
  subject: string | undefined,
  limit: number,
  cursor?: string,
) {
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) return undefined
  const query: AuditQuery = {
    limit: limit + 1,
    ...(subject === undefined ? {} : { subject }),
    ...(cursor === undefined ? {} : { before: Number(cursor) }),
  }
  const found = await audit.list(query)
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? String(items.at(-1)?.number ?? 0) : null }
}
