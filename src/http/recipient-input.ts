import { z } from '@hono/zod-openapi'
import type { Language } from '../core/letters/letter.ts'
import { isAddress } from '../core/letters/mailbox.ts'
import { LONGEST_NAME } from '../core/letters/recipient-csv.ts'
import { textInput } from './text-input.ts'

export const MAX_NAME = LONGEST_NAME
export const MAX_ADDRESS = 254

/** `{"email","name","language"}`. `language`: that of a recipient of whom none is given. */
export function recipientInput(language: Language) {
  return z.strictObject({
    email: z
      .string()
      .trim()
      .refine(isAddress, 'is no e-mail address, such as anna@example.org')
      .openapi({ format: 'email', maxLength: MAX_ADDRESS }),
    name: textInput({ min: 0, max: MAX_NAME }).default(''),
    language: z.enum(['ru', 'en']).default(language),
  })
}
