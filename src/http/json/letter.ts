import { z } from '@hono/zod-openapi'
import type { Letter, LetterKind, LetterState } from '../../core/letters/letter.ts'
import type { PreviewKind } from '../../core/letters/preview.ts'
import { InstantJson, iso } from './instant.ts'

/** Every state of a letter, in the order of its life. */
export const LETTER_STATES = [
  'pending',
  'sending',
  'sent',
  'retry',
  'ambiguous',
  'dead',
  'superseded',
  'filed',
] as const satisfies readonly LetterState[]

/** Every kind of letter. */
export const LETTER_KINDS = [
  'initial',
  'update',
  'recovery',
  'combined',
  'correction',
  'announcement',
  'operator',
  'test',
] as const satisfies readonly LetterKind[]

/** Every kind of letter that has a text of its own. */
export const PREVIEW_KINDS = [
  ...LETTER_KINDS,
  'digest',
  'note',
  'incident',
  'incident-over',
] as const satisfies readonly PreviewKind[]

/** States and kinds of a letter, as filters and in answers. */
export const LetterStateJson = z.enum(LETTER_STATES)
export const LetterKindJson = z.enum(LETTER_KINDS)
export const PreviewKindJson = z.enum(PREVIEW_KINDS)

/** A letter in an answer. */
export const LetterJson = z
  .object({
    id: z.string(),
    outageId: z.string().nullable().openapi({ description: 'Null: no outage caused it' }),
    subject: z
      .string()
      .openapi({ description: 'The outage, the planned work, or what it is about and its day' }),
    kind: LetterKindJson,
    sequence: z.number().int().openapi({ description: 'Counts updates and reminders' }),
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
    subject: letter.subject,
    kind: letter.kind,
    sequence: letter.sequence,
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
export function isOutageId(subject: string): boolean {
  return /^\d{8}T\d{6}/.test(subject)
}
