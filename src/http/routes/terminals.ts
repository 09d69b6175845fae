import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { TerminalQuery } from '../../core/fleet/view.ts'
import { STATES } from '../../core/freshness/state.ts'
import { DAY } from '../../core/time.ts'
import { csvFile, wantsCsv } from '../csv-file.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { instantInput } from '../json/instant.ts'
import { blankAsAbsent, listOf, PageQuery, slice } from '../json/list.ts'
import { TerminalJson, TransitionJson, terminalJson, transitionJson } from '../json/terminal.ts'
import { problem, problems } from '../problem.ts'
import { terminalsCsv } from '../terminal-csv.ts'

const HISTORY_DAYS = 30

/** Filters and order of the terminal list, as the API and the page read them. */
export const TerminalFilter = z.object({
  state: blankAsAbsent(z.enum(STATES).optional()),
  client: blankAsAbsent(z.string().max(500).optional()),
  noclient: blankAsAbsent(z.literal('1').optional()).openapi({ description: 'Those without a client' }),
  dealer: blankAsAbsent(z.string().max(500).optional()),
  group: blankAsAbsent(z.string().max(1000).optional()),
  q: blankAsAbsent(z.string().max(200).optional()).openapi({
    description: 'Part of name, id, IMEI, SIM or uuid; any case',
  }),
  sort: blankAsAbsent(z.enum(['name', '-name', 'dataAt', '-dataAt', 'stateSince']).optional()).openapi({
    description: 'name when absent',
  }),
})

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/terminals',
  summary: 'Terminals; with Accept: text/csv (or format=csv) all that match as CSV',
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
    ...problems(401, 422),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/terminals/{id}',
  summary: 'One terminal',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { description: 'The terminal', content: { 'application/json': { schema: TerminalJson } } },
    ...problems(401, 404),
  },
})

function historyRoute(zone: string) {
  return createRoute({
    method: 'get',
    path: '/api/v1/terminals/{id}/history',
    summary: 'Changes of state, newest first; the last 30 days when no range is given',
    request: {
      params: z.object({ id: z.string() }),
      query: PageQuery.extend({
        from: blankAsAbsent(instantInput(zone).optional()),
        to: blankAsAbsent(instantInput(zone).optional()),
      }),
    },
    responses: {
      200: { description: 'A page', content: { 'application/json': { schema: listOf(TransitionJson) } } },
      ...problems(401, 404, 422),
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
    if (format === 'csv' || (format === undefined && wantsCsv(c))) {
      return csvFile(c, 'terminals.csv', terminalsCsv(deps.fleet.all(query, query.sort)))
    }
    const page = await deps.fleet.list(query)
    if (page === 'bad-cursor') return badCursor(c)
    return c.json(
      { items: page.items.map((view) => terminalJson(view, language)), next: page.next, total: page.total },
      200,
    )
  })

  app.openapi(oneRoute, (c) => {
    const view = deps.fleet.get(c.req.valid('param').id)
    return view ? c.json(terminalJson(view, language), 200) : unknownTerminal(c)
  })

  app.openapi(historyRoute(timezone), async (c) => {
    const { id } = c.req.valid('param')
    const { from, to = deps.clock.now(), ...page } = c.req.valid('query')
    const view = deps.fleet.get(id)
    if (!view) return unknownTerminal(c)
    const start = from ?? to - HISTORY_DAYS * DAY
    if (start > to) return badRange(c)
    const transitions = await deps.fleet.history(view.id, start, to)
    const list = slice(transitions, page)
    return list ? c.json({ ...list, items: list.items.map(transitionJson) }, 200) : badCursor(c)
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
