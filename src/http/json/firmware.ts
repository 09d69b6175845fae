import { z } from '@hono/zod-openapi'
import { FIRMWARE_REASONS, FIRMWARE_STATUSES, type FirmwareView } from '../../core/request/firmware.ts'
import type { FirmwareModel } from '../../core/request/firmware-model.ts'
import { InstantJson, iso } from './instant.ts'

/** An entry of the firmware catalogue in an answer. */
export const FirmwareModelJson = z
  .object({
    model: z.string(),
    latest: z.number().int(),
    critical_min: z.number().int().openapi({ description: 'Older ones lack a critical release; 0: none' }),
    broken: z.array(z.number().int()),
    released: z.string().openapi({ description: 'Day of the latest release, or empty' }),
    note: z.string(),
  })
  .openapi('FirmwareModel')

/** An entry as the catalogue's files write it. */
export function firmwareModelJson(model: FirmwareModel): z.infer<typeof FirmwareModelJson> {
  const { id, latest, criticalMin, broken, released, note } = model
  return { model: id, latest, critical_min: criticalMin, broken: [...broken], released, note }
}

/** The firmware of a terminal in an answer. */
export const FirmwareJson = z.object({
  version: z.string(),
  status: z.enum(FIRMWARE_STATUSES),
  at: InstantJson.nullable().openapi({ description: 'When it was told; null: it stands in the inventory' }),
  latest: z.number().int().optional(),
  reason: z.enum(FIRMWARE_REASONS).optional().openapi({ description: 'Why the status is unknown' }),
})

/** The firmware of a terminal as the contract writes it. */
export function firmwareJson({
  version,
  status,
  at,
  latest,
  reason,
}: FirmwareView): z.infer<typeof FirmwareJson> {
  return {
    version,
    status,
    at: iso(at),
    ...(latest === undefined ? {} : { latest }),
    ...(reason === undefined ? {} : { reason }),
  }
}
