import { z } from '@hono/zod-openapi'
import {
  LONGEST_MESSAGE,
  LONGEST_SUBJECT,
  LONGEST_TEXT,
  MOST_TERMINALS,
} from '../core/request/support-request.ts'
import { DAY, type Instant } from '../core/time.ts'
import { instantInput } from './json/instant.ts'
import { textInput } from './text-input.ts'

/** Characters. */
export const MAX_TICKET = 64
export const MAX_PROMISE_NOTE = 500
export const MAX_PROBLEM = 64
const MAX_TERMINAL = 200

/** A slip in the year would never be overdue. */
const FARTHEST_MS = 3653 * DAY

const message = (min: 0 | 1) => textInput({ min, max: LONGEST_MESSAGE, lines: true })

/** A new request. `anyway`: although one about the same problem of one of the terminals is open. */
export const RequestInput = z.strictObject({
  terminals: z
    .array(textInput({ min: 1, max: MAX_TERMINAL }))
    .max(MOST_TERMINALS, `must be at most ${MOST_TERMINALS}`)
    .default([]),
  problem: textInput({ min: 1, max: MAX_PROBLEM }),
  template: z
    .strictObject({ version: z.number().int().min(0).max(1_000_000), draft: z.boolean() })
    .default({ version: 0, draft: true })
    .openapi({ description: 'Of which the text was made; version 0: written by hand' }),
  subject: textInput({ min: 1, max: LONGEST_SUBJECT }),
  text: textInput({ min: 1, max: LONGEST_TEXT, lines: true }),
  anyway: z.boolean().default(false),
})

/** `{"messageId"?}`: that of the letter, when the mail program gave it one of its own. */
export const SentInput = z.strictObject({
  messageId: z
    .string()
    .trim()
    .max(250)
    .regex(/^<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.[\]:-]+>$/, 'must be a Message-ID such as <abc@example.org>')
    .optional(),
})

/** `{"number"}` */
export const TicketInput = z.strictObject({ number: textInput({ min: 1, max: MAX_TICKET }) })

/** `{"text"}`: what was asked, answered, said. */
export const SaidInput = z.strictObject({ text: message(1) })

/** `{"text"?}` */
export const MaySayInput = z.strictObject({ text: message(0).default('') })

/** `{"text","result"?}`: a recommended step, with what came of it when it was done already. */
export const StepInput = z.strictObject({ text: message(1), result: message(0).default('') })

/** `{"step","result"}`: what came of a recommended step, counted from 1. */
export const StepDoneInput = z.strictObject({
  step: z.coerce.number().int().min(1).max(1000),
  result: message(1),
})

/** `{"at","note","approximate"}`: until when support promised something; null takes it back. */
export function promisedInput(zone: string, now: () => Instant) {
  const at = instantInput(zone)
    .refine((instant) => instant > now(), 'must be in the future')
    .refine((instant) => instant <= now() + FARTHEST_MS, 'must be within ten years')
  return z.strictObject({
    at: at.nullable().openapi({ description: 'Null: the promise is taken back' }),
    note: textInput({ min: 0, max: MAX_PROMISE_NOTE }).default(''),
    approximate: z.boolean().default(false).openapi({ description: 'Of loading an archive, for example' }),
  })
}
