import type { Language } from '../core/letters/letter.ts'
import { addressedText } from '../core/request/addressee.ts'
import { draftMail } from '../core/request/draft-mail.ts'
import type { SupportRequest } from '../core/request/support-request.ts'
import { threadOf } from '../core/request/support-request-letter.ts'
import type { AppDeps } from './deps.ts'
import type { HttpContext } from './env.ts'

/**
 * Answers with one of our letters of a request as a file for a mail program, 0 being the request itself; undefined:
 * there is no such letter. It comes from the dealer's contact, where there is one.
 */
export function requestMail(
  c: HttpContext,
  { contacts, support }: Pick<AppDeps, 'contacts' | 'support'>,
  request: SupportRequest,
  number: number,
  language: Language,
): Response | undefined {
  const letter = threadOf(request, language).find((one) => one.number === number)
  if (letter === undefined) return undefined
  const from = contacts.contactOf(request.dealer)?.email ?? ''
  const to = support().addresses[request.addressee]
  const text = addressedText(letter.text, request.addressee, to, language)
  const name = number === 0 ? request.id : `${request.id}-${number}`
  return c.body(draftMail({ ...letter, text, to, from, date: letter.at }), 200, {
    'Content-Type': 'message/rfc822',
    'Content-Disposition': `attachment; filename="${name}.eml"`,
  })
}
