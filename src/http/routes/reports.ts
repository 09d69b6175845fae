import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { csvFile, wantsCsv } from '../csv-file.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { instantInput } from '../json/instant.ts'
import { blankAsAbsent, listOf, PageQuery, slice } from '../json/list.ts'
import { UptimeReportJson, uptimeJson } from '../json/service.ts'
import { problem, problems } from '../problem.ts'
import { reportsCsv } from '../report-csv.ts'
import { isTooLong, PeriodJson, reportRange } from '../report-range.ts'
import { badCursor, badRange } from './terminals.ts'

function uptimeRoute(zone: string) {
  return createRoute({
    method: 'get',
    path: '/api/v1/reports/uptime',
    summary:
      'Uptime by day, week or month of the configured zone, newest first; with Accept: text/csv as CSV',
    request: {
      query: PageQuery.extend({
        period: blankAsAbsent(PeriodJson.default('month')),
        from: blankAsAbsent(instantInput(zone).optional()),
        to: blankAsAbsent(instantInput(zone).optional()),
        format: z.enum(['json', 'csv']).optional(),
      }),
    },
    responses: {
      200: {
        description:
          'The periods that the range touches; about two weeks, a quarter or a year when none is given',
        content: {
          'application/json': { schema: listOf(UptimeReportJson) },
          'text/csv': { schema: z.string() },
        },
      },
      ...problems(422),
    },
  })
}

/** Uptime reports of the service and its components. */
export function addReports(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'clock' | 'service' | 'reports'>,
  options: Pick<AppOptions, 'timezone'>,
): void {
  app.openapi(uptimeRoute(options.timezone), async (c) => {
    const { period, format, from: wished, to: until, ...page } = c.req.valid('query')
    const { from, to } = reportRange(period, deps.clock.now(), { from: wished, to: until })
    if (from >= to) return badRange(c)
    if (isTooLong(period, from, to)) return tooLong(c)
    const reports = await deps.reports.uptime(period, from, to)
    if (format === 'csv' || (format === undefined && wantsCsv(c))) {
      return csvFile(c, `uptime-${period}.csv`, reportsCsv(deps.service.name, reports))
    }
    const list = slice(reports, page)
    return list ? c.json({ ...list, items: list.items.map(uptimeJson) }, 200) : badCursor(c)
  })
}

function tooLong(c: HttpContext) {
  const errors = [{ path: 'query.from', message: 'lies too far back for this period' }]
  return problem(c, 422, 'Give a shorter range, or longer periods: at most 1000 at once.', { errors })
}
