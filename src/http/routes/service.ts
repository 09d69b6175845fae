import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { STATES } from '../../core/freshness/state.ts'
import { DAY } from '../../core/time.ts'
import type { FleetReader } from '../deps/fleet.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { InstantJson, instantInput, iso } from '../json/instant.ts'
import { blankAsAbsent, listOf, PageQuery, slice } from '../json/list.ts'
import { ServiceJson, serviceJson, UptimeReportJson, uptimeJson } from '../json/service.ts'
import { problems } from '../problem.ts'
import { seenFleet } from '../seen.ts'
import { badCursor, badRange } from './terminals.ts'

const Counts = z.record(z.enum(STATES), z.number().int())

const SummaryJson = z
  .object({
    total: z.number().int(),
    states: Counts,
    clients: z.array(z.object({ client: z.string(), total: z.number().int(), states: Counts })),
    dealers: z.array(z.object({ dealer: z.string(), total: z.number().int(), states: Counts })),
  })
  .openapi('Summary')

const summaryRoute = createRoute({
  method: 'get',
  path: '/api/v1/summary',
  summary: 'The fleet in numbers: by state, client and dealer',
  responses: {
    200: { description: 'The numbers', content: { 'application/json': { schema: SummaryJson } } },
  },
})

const serviceRoute = createRoute({
  method: 'get',
  path: '/api/v1/service',
  summary: 'State of the watched service',
  responses: {
    200: { description: 'The state', content: { 'application/json': { schema: ServiceJson } } },
  },
})

function uptimeRoute(zone: string) {
  return createRoute({
    method: 'get',
    path: '/api/v1/uptime',
    summary: 'Uptime with what is known about it; the last 24 hours when no range is given',
    request: {
      query: z.object({
        from: blankAsAbsent(instantInput(zone).optional()),
        to: blankAsAbsent(instantInput(zone).optional()),
      }),
    },
    responses: {
      200: { description: 'The report', content: { 'application/json': { schema: UptimeReportJson } } },
      ...problems(422),
    },
  })
}

const SourceJson = z
  .object({
    id: z.string(),
    connected: z.boolean(),
    blind: z.boolean().openapi({ description: 'Its terminals are not judged now' }),
    blindSince: InstantJson.nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('Source')

const sourcesRoute = createRoute({
  method: 'get',
  path: '/api/v1/sources',
  summary: 'Where data comes from, and whether it does',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(SourceJson) } } },
    ...problems(422),
  },
})

/** Summary of the fleet, the watched service, its uptime, the sources. */
export function addService(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'clock' | 'fleet' | 'service'>,
  options: Pick<AppOptions, 'timezone'>,
): void {
  app.openapi(summaryRoute, async (c) => {
    const { total, states, clients, dealers } = await seenFleet(c, deps).summary()
    return c.json({ total, states, clients: clients.map(clientCounts), dealers: [...dealers] }, 200)
  })

  app.openapi(serviceRoute, (c) => c.json(serviceJson(deps.service.name, deps.service.status()), 200))

  app.openapi(uptimeRoute(options.timezone), async (c) => {
    const { from, to = deps.clock.now() } = c.req.valid('query')
    const start = from ?? to - DAY
    if (start >= to) return badRange(c)
    return c.json(uptimeJson(await deps.service.uptime(start, to)), 200)
  })

  app.openapi(sourcesRoute, (c) => {
    const list = slice(deps.fleet.sources(), c.req.valid('query'))
    return list ? c.json({ ...list, items: list.items.map(sourceJson) }, 200) : badCursor(c)
  })
}

type Source = ReturnType<AppDeps['fleet']['sources']>[number]

function sourceJson({ id, connected, blindSince, detail }: Source): z.infer<typeof SourceJson> {
  return {
    id,
    connected,
    blind: blindSince !== null,
    blindSince: iso(blindSince),
    detail: detailJson(detail),
  }
}

/** Times have names that end in `At`. */
function detailJson(detail: Source['detail']): Record<string, unknown> {
  const entries = Object.entries(detail).map(([name, value]) => [
    name,
    name.endsWith('At') && typeof value === 'number' ? iso(value) : value,
  ])
  return Object.fromEntries(entries)
}

type ClientCounts = Awaited<ReturnType<FleetReader['summary']>>['clients'][number]

function clientCounts({ client, total, states }: ClientCounts) {
  return { client, total, states }
}
