import { z } from '@hono/zod-openapi'
import { DAY, type Instant } from '../core/time.ts'
import { instantInput } from './json/instant.ts'
import { textInput } from './text-input.ts'

export const MAX_NOTE = 500
export const MAX_MESSAGE = 1000
export const MAX_REASON = 500

/** A slip in the year must not go out by letter. */
const FARTHEST_MS = 3653 * DAY

/** `{"at","note"}`: when the service is expected to work again; null withdraws what was said before. */
export function expectedInput(zone: string, now: () => Instant) {
  const at = instantInput(zone)
    .refine((instant) => instant > now(), 'must be in the future')
    .refine((instant) => instant <= now() + FARTHEST_MS, 'must be within ten years')
  return z.strictObject({
    at: at.nullable().openapi({ description: 'Null: a new time is being determined' }),
    note: textInput({ min: 0, max: MAX_NOTE }).default(''),
  })
}

/** `{"text"}`: what an operator tells the recipients. */
export const MessageInput = z.strictObject({ text: textInput({ min: 1, max: MAX_MESSAGE, lines: true }) })

/** `{"reason"}`: why an outage was none. The recipients read it. */
export const CancelInput = z.strictObject({ reason: textInput({ min: 1, max: MAX_REASON }) })

/** `{}` */
export const NothingInput = z.strictObject({})
