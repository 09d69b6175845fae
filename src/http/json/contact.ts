import { z } from '@hono/zod-openapi'
import { type DealerContact, isPersonalMail } from '../../core/people/dealer-contact.ts'

/** A contact in an answer. */
export const ContactJson = z
  .object({
    dealer: z.string().openapi({ description: 'Empty: of everybody who has none of his own' }),
    name: z.string(),
    phone: z.string(),
    email: z.string(),
    hours: z.string(),
    warnings: z
      .array(z.enum(['personal-mail']))
      .openapi({ description: 'personal-mail: the address is of a service for private people' }),
  })
  .openapi('Contact')

/** A contact as the contract writes it. */
export function contactJson({ id, name, phone, email, hours }: DealerContact): z.infer<typeof ContactJson> {
  return { dealer: id, name, phone, email, hours, warnings: isPersonalMail(email) ? ['personal-mail'] : [] }
}
