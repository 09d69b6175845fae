import type { Language } from '../letters/letter.ts'
import type { Instant } from '../time.ts'
import type { RequestEvent, SupportRequest } from './support-request.ts'

/** A letter of ours in the thread of a request, for a mail program to send. */
export type ThreadLetter = {
  /** 0: the request itself; else the place of its event in the history. */
  readonly number: number
  readonly at: Instant
  readonly subject: string
  readonly text: string
  readonly messageId: string
  /** Message-ID of the letter that it follows; null: it opens the thread. */
  readonly repliesTo: string | null
}

/** What we say to support after the request itself. */
const SAID: ReadonlySet<RequestEvent['kind']> = new Set(['answered', 'official-asked', 'follow-up'])

/** Our letters of a thread, the request first; each names the ticket, as support asks for (regulation, point 9). */
export function threadOf(request: SupportRequest, language: Language): readonly ThreadLetter[] {
  const { messageId, subject } = request
  const first = {
    number: 0,
    at: request.sentAt ?? request.createdAt,
    subject,
    text: request.text,
    messageId,
    repliesTo: null,
  }
  const later = request.events.flatMap(({ kind, at, text }, number): readonly ThreadLetter[] => {
    if (!SAID.has(kind) || text === '') return []
    const said = withTicket(text, request.ticket, language)
    return [
      {
        number,
        at,
        subject: `Re: ${subject}`,
        text: said,
        messageId: followingId(messageId, number),
        repliesTo: messageId,
      },
    ]
  })
  return [first, ...later]
}

const TICKET: Readonly<Record<Language, string>> = { ru: 'Номер обращения:', en: 'Ticket number:' }

function withTicket(text: string, ticket: string, language: Language): string {
  return ticket === '' ? text : `${TICKET[language]} ${ticket}\n\n${text}`
}

function followingId(messageId: string, number: number): string {
  return messageId.replace(/@[^@]*$/, (domain) => `.${number}${domain}`)
}
