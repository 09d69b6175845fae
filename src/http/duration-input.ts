import { z } from '@hono/zod-openapi'
import { parseDuration } from '../core/time.ts'

/** A duration above zero as it is sent: `2h30m`. Output: ms. */
export function durationInput() {
  return z
    .string()
    .trim()
    .max(40)
    .transform((text, context) => {
      const ms = parseDuration(text)
      if (ms !== undefined) return ms
      context.addIssue({ code: 'custom', message: 'is no duration, such as 2h30m' })
      return z.NEVER
    })
    .openapi({ type: 'string', example: '2h' })
}
