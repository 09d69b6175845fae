import { z } from '@hono/zod-openapi'
import { isAddress } from '../core/letters/mailbox.ts'
import { LONGEST_CONTACT_TEXT, namesMessenger } from '../core/people/dealer-contact.ts'
import { textInput } from './text-input.ts'

/** Most characters of a dealer's name. */
export const MAX_DEALER = 200

const official = (text: string): boolean => !namesMessenger(text)
const NO_MESSENGER = 'must name no messenger: what is said there is not official'

const text = textInput({ min: 0, max: LONGEST_CONTACT_TEXT }).refine(official, NO_MESSENGER).default('')

/** `{"name","phone","email","hours"}`: how clients reach their dealer, by phone or e-mail (regulation, points 12, 18). */
export const ContactInput = z
  .strictObject({
    name: text,
    phone: text.refine(
      (phone) => phone === '' || /^[+\d][\d\s()./,;+-]*(?:(?:доб|ext|вн)\.?\s*\d+)?$/iu.test(phone),
      'is no phone number, such as +7 495 000-00-00',
    ),
    email: z
      .string()
      .trim()
      .refine(
        (email) => email === '' || isAddress(email),
        'is no e-mail address, such as support@example.org',
      )
      .refine(official, NO_MESSENGER)
      .default('')
      .openapi({ format: 'email' }),
    hours: text,
  })
  .refine(({ phone, email }) => phone !== '' || email !== '', {
    path: ['phone'],
    message: 'a phone number or an e-mail address is needed',
  })

/** A dealer as an address names him. */
export const DealerInput = textInput({ min: 1, max: MAX_DEALER })
