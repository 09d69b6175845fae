import { z } from '@hono/zod-openapi'
import type { ListedRecipient } from '../deps/letters.ts'

/** A recipient in an answer. */
export const RecipientJson = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    language: z.enum(['ru', 'en']),
    origin: z.enum(['file', 'page']).openapi({
      description: 'file: from the configuration, read-only; page: entered on the page or by API',
    }),
  })
  .openapi('Recipient')

/** A recipient as the contract writes it. */
export function recipientJson(recipient: ListedRecipient): z.infer<typeof RecipientJson> {
  const { id, email, name, language, origin } = recipient
  return { id, email, name, language, origin }
}
