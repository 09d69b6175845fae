import { z } from '@hono/zod-openapi'
import type { ServiceStatus, Uptime, UptimeReport } from '../../core/outage/status.ts'
import { InstantJson, iso } from './instant.ts'
import { OutageJson, outageJson } from './outage.ts'

/** State of the watched service in an answer. */
export const ServiceJson = z
  .object({
    name: z.string(),
    state: z.enum(['up', 'degraded', 'down', 'unknown', 'maintenance']),
    since: InstantJson.nullable(),
    components: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        state: z.enum(['up', 'degraded', 'down', 'unknown', 'not-watched']),
        latencyMs: z.number().nullable(),
        checkedAt: InstantJson.nullable(),
        reason: z.string().nullable(),
      }),
    ),
    outage: OutageJson.optional(),
  })
  .openapi('Service')

/** The service as the contract writes it. */
export function serviceJson(name: string, status: ServiceStatus): z.infer<typeof ServiceJson> {
  return {
    name,
    state: status.state,
    since: iso(status.since),
    components: status.components.map(({ id, kind, state, latencyMs, checkedAt, reason }) => ({
      id,
      kind,
      state,
      latencyMs,
      checkedAt: iso(checkedAt),
      reason,
    })),
    ...(status.outage ? { outage: outageJson(status.outage) } : {}),
  }
}

const UptimeJson = z.object({
  ratio: z.number().nullable().openapi({ description: 'Null: less than 90 % of the time was observed' }),
  coverage: z.number(),
  lower: z.number(),
  upper: z.number(),
})

/** Uptime of a range in an answer. */
export const UptimeReportJson = UptimeJson.extend({
  from: InstantJson,
  to: InstantJson,
  components: z.array(UptimeJson.extend({ id: z.string() })),
}).openapi('UptimeReport')

/** A report as the contract writes it. */
export function uptimeJson(report: UptimeReport): z.infer<typeof UptimeReportJson> {
  return {
    ...figures(report),
    from: iso(report.from),
    to: iso(report.to),
    components: report.components.map((component) => ({ id: component.id, ...figures(component) })),
  }
}

function figures({ ratio, coverage, lower, upper }: Uptime): z.infer<typeof UptimeJson> {
  return { ratio, coverage, lower, upper }
}
