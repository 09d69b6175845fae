import { z } from '@hono/zod-openapi'
import type { MaintenanceRule, MaintenanceWindow } from '../../core/outage/outage.ts'
import { formatDuration } from '../../core/time.ts'
import { InstantJson, iso } from './instant.ts'

/** A maintenance window in an answer. */
export const MaintenanceJson = z
  .object({
    id: z.string(),
    from: InstantJson,
    to: InstantJson,
    reason: z.string(),
    announced: z.boolean().openapi({ description: 'The recipients were told of it by letter' }),
    rule: z.string().nullable().openapi({ description: 'Id of the rule that planned it' }),
  })
  .openapi('MaintenanceWindow')

/** A rule of planned work in an answer. */
export const MaintenanceRuleJson = z
  .object({
    id: z.string(),
    cron: z.string(),
    duration: z.string().openapi({ example: '2h' }),
    reason: z.string(),
    announce: z.boolean(),
  })
  .openapi('MaintenanceRule')

/** A window as the contract writes it. */
export function maintenanceJson(window: MaintenanceWindow): z.infer<typeof MaintenanceJson> {
  return {
    id: window.id,
    from: iso(window.from),
    to: iso(window.to),
    reason: window.reason,
    announced: window.announced ?? false,
    rule: window.rule ?? null,
  }
}

/** A rule with its duration as people write it. */
export function ruleJson({ durationMs, ...rule }: MaintenanceRule): z.infer<typeof MaintenanceRuleJson> {
  const { id, cron, reason, announce } = rule
  return { id, cron, duration: formatDuration(durationMs), reason, announce }
}
