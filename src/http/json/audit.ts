import { z } from '@hono/zod-openapi'
import type { AuditEntry, AuditValue } from '../../core/audit.ts'
import { InstantJson, iso } from './instant.ts'

const Values = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))
  .nullable()

/** One action on an outage in an answer. */
export const ActionJson = z
  .object({
    at: InstantJson,
    by: z.string(),
    via: z.enum(['session', 'token', 'system', 'command']),
    address: z.string().openapi({ description: 'Network address of the caller' }),
    action: z.string().openapi({ example: 'outage.cancel' }),
    before: Values.openapi({ description: 'What the action changed, as it was' }),
    after: Values,
  })
  .openapi('Action')

/** An entry of the audit trail in an answer. */
export const AuditJson = ActionJson.extend({
  number: z.number().int(),
  subject: z.string().openapi({ description: 'Id of what it was done to' }),
}).openapi('AuditEntry')

/** An action as the contract writes it; what it was done to stands around it. */
export function actionJson({ at, actor, action, before, after }: AuditEntry): z.infer<typeof ActionJson> {
  const { name, via, address } = actor
  return { at: iso(at), by: name, via, address, action, before: valuesJson(before), after: valuesJson(after) }
}

/** An entry with what it was done to. */
export function auditJson(entry: AuditEntry & { readonly number: number }): z.infer<typeof AuditJson> {
  return { ...actionJson(entry), number: entry.number, subject: entry.subject }
}

function valuesJson(values: AuditValue | null): z.infer<typeof Values> {
  if (values === null) return null
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' && value ? [...value] : value,
    ]),
  )
}
