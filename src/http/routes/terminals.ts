import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { NEEDS } from '../../core/fleet/need.ts'
import type { TerminalQuery } from '../../core/fleet/view.ts'
import { CAUSE_CODES } from '../../core/freshness/diagnosis/codes.ts'
import { STATES } from '../../core/freshness/state.ts'
import { DAY } from '../../core/time.ts'
import { csvFile, wantsCsv, wantsPage } from '../csv-file.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { instantInput } from '../json/instant.ts'
import { blankAsAbsent, listOf, PageQuery, slice } from '../json/list.ts'
import { TerminalJson, TransitionJson, terminalJson, transitionJson } from '../json/terminal.ts'
import { problem, problems } from '../problem.ts'
import { seenFleet } from '../seen.ts'
import { historyCsv, terminalsCsv, terminalsCsvStream } from '../terminal-csv.ts'

const HISTORY_DAYS = 30

/** Filters and order of the terminal list, as the API and the page read them. */
export const TerminalFilter = z.object({
  state: blankAsAbsent(z.enum(STATES).optional()),
  client: blankAsAbsent(z.string().max(500).optional()),
  noclient: blankAsAbsent(z.literal('1').optional()).openapi({ description: 'Those without a client' }),
  dealer: blankAsAbsent(z.string().max(500).optional()),
  group: blankAsAbsent(z.string().max(1000).optional()),
  q: blankAsAbsent(z.string().max(200).optional()).openapi({
    description:
      'Part of name, id, IMEI, SIM or uuid; any case; spaces do not count, nor whether letters are Latin or Cyrillic ones that look alike',
  }),
  needs: blankAsAbsent(z.enum(NEEDS).optional()).openapi({
    description:
      'In a concerning state, and: nobody knows why, an open incident explains it, people know of it',
  }),
  cause: blankAsAbsent(z.enum(CAUSE_CODES).optional()).openapi({
    description: 'Why they are probably silent',
  }),
  sort: blankAsAbsent(
    z.enum(['name', '-name', 'dataAt', '-dataAt', 'stateSince', 'client']).optional(),
  ).openapi({
    description: 'name when absent; client: clients with most of them first, then the longest in its state',
  }),
})

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/terminals',
  summary:
    'Terminals; with Accept: text/csv (or format=csv) as CSV: all that match, with limit or cursor a page, and the next one in Link',
  request: {
    query: PageQuery.extend(TerminalFilter.shape).extend({ format: z.enum(['json', 'csv']).optional() }),
  },
  responses: {
    200: {
      description: 'A page of terminals, or the CSV',
      content: {
        'application/json': { schema: listOf(TerminalJson) },
        'text/csv': { schema: z.string() },
      },
    },
    ...problems(422),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/terminals/{id}',
  summary: 'One terminal',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { description: 'The terminal', content: { 'application/json': { schema: TerminalJson } } },
    ...problems(404),
  },
})

function historyRoute(zone: string) {
  return createRoute({
    method: 'get',
    path: '/api/v1/terminals/{id}/history',
    summary:
      'Changes of state, newest first; the last 30 days when no range is given; as CSV with format=csv: all, with limit or cursor a page, and the next one in Link',
    request: {
      params: z.object({ id: z.string() }),
      query: PageQuery.extend({
        from: blankAsAbsent(instantInput(zone).optional()),
        to: blankAsAbsent(instantInput(zone).optional()),
        format: z.enum(['json', 'csv']).optional(),
      }),
    },
    responses: {
      200: {
        description: 'A page, or the CSV',
        content: {
          'application/json': { schema: listOf(TransitionJson) },
          'text/csv': { schema: z.string() },
        },
      },
      ...problems(404, 422),
    },
  })
}

/** Terminals: list, one, history. */
export function addTerminals(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'clock' | 'fleet'>,
  { language, timezone }: Pick<AppOptions, 'language' | 'timezone'>,
): void {
  app.openapi(listRoute, async (c) => {
    const { format, ...rest } = c.req.valid('query')
    const query = terminalQuery(rest)
    const fleet = seenFleet(c, deps)
    const isCsv = format === 'csv' || (format === undefined && wantsCsv(c))
    if (isCsv && !wantsPage(c)) {
      return csvFile(c, 'terminals.csv', terminalsCsvStream(fleet.all(query, query.sort)))
    }
    const page = await fleet.list(query)
    if (page === 'bad-cursor') return badCursor(c)
    if (isCsv) return csvFile(c, 'terminals.csv', terminalsCsv(page.items), page.next)
    return c.json(
      { items: page.items.map((view) => terminalJson(view, language)), next: page.next, total: page.total },
      200,
    )
  })

  app.openapi(oneRoute, (c) => {
    const view = seenFleet(c, deps).get(c.req.valid('param').id)
    return view ? c.json(terminalJson(view, language), 200) : unknownTerminal(c)
  })

  app.openapi(historyRoute(timezone), async (c) => {
    const { id } = c.req.valid('param')
    const { from, to = deps.clock.now(), format, ...page } = c.req.valid('query')
    const fleet = seenFleet(c, deps)
    const view = fleet.get(id)
    if (!view) return unknownTerminal(c)
    const start = from ?? to - HISTORY_DAYS * DAY
    if (start > to) return badRange(c)
    const transitions = await fleet.history(view.id, start, to)
    const isCsv = format === 'csv' || (format === undefined && wantsCsv(c))
    if (isCsv && !wantsPage(c)) return csvFile(c, 'history.csv', historyCsv(transitions))
    const list = slice(transitions, page)
    if (!list) return badCursor(c)
    if (isCsv) return csvFile(c, 'history.csv', historyCsv(list.items), list.next)
    return c.json({ ...list, items: list.items.map(transitionJson) }, 200)
  })
}

/** Answers for an id that no terminal has, or none that the account may see. */
export function unknownTerminal(c: HttpContext) {
  return problem(c, 404, 'There is no terminal with this id.')
}

/** Answers for a cursor that the list did not give. */
export function badCursor(c: HttpContext) {
  const errors = [{ path: 'query.cursor', message: 'is not a cursor of this list' }]
  return problem(c, 422, 'Take the cursor from "next" of the page before, with the same filters.', { errors })
}

/** Answers for a range that ends before it begins. */
export function badRange(c: HttpContext) {
  const errors = [{ path: 'query.to', message: 'must be later than from' }]
  return problem(c, 422, 'Give a range that begins before it ends.', { errors })
}

/** The fleet's query from checked parameters. */
export function terminalQuery(
  input: z.infer<typeof TerminalFilter> & { readonly limit: number; readonly cursor?: string | undefined },
): TerminalQuery {
  const { sort, limit, noclient, ...filters } = input
  const given = Object.entries(filters).filter(([, value]) => value !== undefined)
  const client = noclient === undefined ? {} : { client: '' }
  return { ...Object.fromEntries(given), ...client, sort: sort ?? 'name', limit }
}
