import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { actorOf } from '../actor.ts'
import { MEBIBYTE, readBody } from '../body.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { problem, problems } from '../problem.ts'

/** 10,000 rows with long names and addresses. */
export const RECIPIENTS_LIMIT_BYTES = 8 * MEBIBYTE

const ReportJson = z
  .object({
    created: z.number().int(),
    updated: z.number().int(),
    rejected: z.array(z.object({ line: z.number().int(), reason: z.string() })),
  })
  .openapi('RecipientImport')

const route = createRoute({
  method: 'post',
  path: '/api/v1/recipients/import',
  summary: 'Add and update recipients from CSV (email,name,language), all rows or none',
  request: { body: { content: { 'text/csv': { schema: z.string() } } } },
  responses: {
    200: { description: 'Imported', content: { 'application/json': { schema: ReportJson } } },
    ...problems(400, 413, 422),
  },
})

/** Import of recipients. It reads its body itself, because it takes larger ones than the other routes. */
export function addRecipientImport(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'recipients'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  app.openapi(route, async (c) => {
    const body = await readBody(c.req.raw, RECIPIENTS_LIMIT_BYTES)
    switch (body.kind) {
      case 'too-large':
        return problem(c, 413, 'At most 8 MiB; split the file.')
      case 'unreadable':
        return problem(c, 400, body.reason)
      case 'read': {
        const { created, updated, rejected } = await deps.recipients.importCsv(
          body.bytes,
          actorOf(c, options),
        )
        const report = { created, updated, rejected: rejected.map(({ line, reason }) => ({ line, reason })) }
        if (rejected.length === 0) return c.json(report, 200)
        return problem(c, 422, 'Nothing was imported; correct the rejected rows and send the file again.', {
          members: report,
        })
      }
    }
  })
}
