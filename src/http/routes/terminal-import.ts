import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { ImportReport } from '../../core/fleet/inventory.ts'
import { actorOf } from '../actor.ts'
import { MEBIBYTE, readBody } from '../body.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { problem, problems } from '../problem.ts'

/** 100,000 rows with long names take about 30 MiB. */
export const IMPORT_LIMIT_BYTES = 64 * MEBIBYTE
/** Rows of one answer; nobody corrects more of them by hand. */
const MOST_LISTED = 10_000

const ImportReportJson = z
  .object({
    created: z.number().int(),
    updated: z.number().int(),
    merged: z
      .number()
      .int()
      .openapi({ description: 'Discovered terminals that turned out to be of the file' }),
    replaced: z.array(z.object({ vehicle: z.string(), from: z.string(), to: z.string() })),
    rejected: z
      .array(z.object({ line: z.number().int(), reason: z.string() }))
      .openapi({ description: 'The first 10,000 of them' }),
    rejectedTotal: z
      .number()
      .int()
      .openapi({ description: 'All of them; with one of them nothing is imported' }),
    warnings: z.array(z.string()),
  })
  .openapi('ImportReport')

const importRoute = createRoute({
  method: 'post',
  path: '/api/v1/terminals/import',
  summary: 'Import the inventory from CSV, all rows or none',
  request: { body: { content: { 'text/csv': { schema: z.string() } } } },
  responses: {
    200: { description: 'Imported', content: { 'application/json': { schema: ImportReportJson } } },
    ...problems(400, 413, 422, 503),
  },
})

/** Import of the inventory. It reads its body itself, because it takes larger ones than the other routes. */
export function addTerminalImport(
  app: OpenAPIHono<HttpEnv>,
  { editor }: Pick<AppDeps, 'editor'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  app.openapi(importRoute, async (c) => {
    const body = await readBody(c.req.raw, IMPORT_LIMIT_BYTES)
    switch (body.kind) {
      case 'too-large':
        return problem(c, 413, 'At most 64 MiB; split the file.')
      case 'unreadable':
        return problem(c, 400, body.reason)
      case 'read': {
        const report = reportJson(await editor.importCsv(body.bytes, { actor: actorOf(c, options) }))
        return report.rejectedTotal === 0 ? c.json(report, 200) : refused(c, report)
      }
    }
  })
}

function refused(c: HttpContext, report: z.infer<typeof ImportReportJson>) {
  return problem(c, 422, 'Nothing was imported; correct the rejected rows and send the file again.', {
    members: report,
  })
}

function reportJson(report: ImportReport): z.infer<typeof ImportReportJson> {
  return {
    created: report.created,
    updated: report.updated,
    merged: report.merged,
    replaced: report.replaced.map(({ vehicle, from, to }) => ({ vehicle, from, to })),
    rejected: report.rejected.slice(0, MOST_LISTED).map(({ line, reason }) => ({ line, reason })),
    rejectedTotal: report.rejectedTotal,
    warnings: [...report.warnings],
  }
}
