import { z } from '@hono/zod-openapi'
import type { Letter } from '../../core/letters/letter.ts'
import { InstantJson, iso } from './instant.ts'

/** States of a letter, as a filter and in answers. */
export const LetterStateJson = z.enum([
  'pending',
  'sending',
  'sent',
  'retry',
  'ambiguous',
  'dead',
  'superseded',
  'filed',
])

/** A letter in an answer. */
export const LetterJson = z
  .object({
    id: z.string(),
    outageId: z.string().nullable().openapi({ description: 'Null: no outage caused it' }),
    kind: z.string(),
    recipient: z.string(),
    state: LetterStateJson,
    dueAt: InstantJson,
    nextAt: InstantJson.nullable(),
    sentAt: InstantJson.nullable(),
    messageId: z.string(),
    attempts: z.array(z.object({ at: InstantJson, result: z.string(), reply: z.string() })),
  })
  .openapi('Letter')

/** A letter as the contract writes it. */
export function letterJson(letter: Letter): z.infer<typeof LetterJson> {
  return {
    id: letter.id,
    outageId: isOutageId(letter.subject) ? letter.subject : null,
    kind: letter.kind,
    recipient: letter.recipient,
    state: letter.state,
    dueAt: iso(letter.dueAt),
    nextAt: iso(letter.nextAt),
    sentAt: iso(letter.sentAt),
    messageId: letter.messageId,
    attempts: letter.attempts.map(({ at, result, reply }) => ({ at: iso(at), result, reply })),
  }
}

/** Outage ids are made from the start (`20261123T081500Z`); other subjects are words. */
function isOutageId(subject: string): boolean {
  return /^\d{8}T\d{6}/.test(subject)
}
