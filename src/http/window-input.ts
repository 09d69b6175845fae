import { z } from '@hono/zod-openapi'
import { instantInput } from './json/instant.ts'

const MAX_REASON_CHARACTERS = 500

/** A stretch of planned work as it is sent: `{"from","to","reason"}`. Output: instants. */
export function windowInput(zone: string) {
  return z
    .strictObject({
      from: instantInput(zone),
      to: instantInput(zone),
      reason: z.string().trim().max(MAX_REASON_CHARACTERS).default(''),
    })
    .refine((window) => window.from < window.to, { path: ['to'], message: 'must be later than from' })
}
