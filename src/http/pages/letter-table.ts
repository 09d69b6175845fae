import { html } from 'hono/html'
import { flagKindOf } from '../../core/flagging/flag-letter.ts'
import type { Letter } from '../../core/letters/letter.ts'
import { isOutageId } from '../json/letter.ts'
import { type Html, moment, type Reader } from './page.ts'

type Options = {
  /** Names the outage or the subject of each letter. */
  readonly subject?: boolean
  /** Offers to queue undeliverable letters again. */
  readonly requeue?: boolean
}

/** Letters with what became of them. */
export function letterTable(reader: Reader, letters: readonly Letter[], options: Options = {}): Html {
  const { texts } = reader
  const { mail } = texts
  return html`<table>
    <caption class="hidden">${mail.caption}</caption>
    <thead><tr>
      <th scope="col">${mail.kindColumn}</th>
      <th scope="col">${mail.recipient}</th>
      <th scope="col">${texts.stateColumn}</th>
      <th scope="col" class="wide">${mail.due}</th>
      <th scope="col" class="wide">${mail.sent}</th>
    </tr></thead>
    <tbody>${letters.map((letter) => row(reader, letter, options))}</tbody>
  </table>`
}

function row(reader: Reader, letter: Letter, { subject = false, requeue = false }: Options): Html {
  const { texts } = reader
  return html`<tr>
      <th scope="row"><a href="${letterHref(letter.id)}">${kindName(reader, letter)}</a>
        ${subject ? html`<small>${subjectLink(letter.subject)}</small>` : ''}</th>
      <td class="free">${letter.recipient}</td>
      <td>${letterState(reader, letter)}
        ${requeue && letter.state === 'dead' ? requeueForm(texts.mail.requeue, letter.id, 'list') : ''}</td>
      <td class="wide">${moment(reader, letter.dueAt)}</td>
      <td class="wide">${letter.sentAt === null ? '–' : moment(reader, letter.sentAt)}</td>
    </tr>`
}

/** State of a letter with the next attempt, or with the reply that stopped it. */
export function letterState(reader: Reader, letter: Letter): Html {
  const { texts } = reader
  const waits = letter.state === 'retry' || letter.state === 'ambiguous'
  const last = letter.attempts.at(-1)
  return html`<span class="badge ${letter.state}">${texts.letter[letter.state]}</span>
        ${waits && letter.nextAt !== null ? html`<small>${texts.mail.next}: ${moment(reader, letter.nextAt)}</small>` : ''}
        ${last?.reply && letter.state !== 'sent' ? html`<small>${last.reply.slice(0, 200)}</small>` : ''}`
}

/** `update 2`: kinds that come more than once are counted. Letters about silent terminals go to others than operators, too. */
export function kindName({ texts }: Reader, { kind, sequence, subject }: Letter): string {
  const flagKind = kind === 'operator' ? flagKindOf(subject) : undefined
  if (flagKind !== undefined) return texts.flagKind[flagKind]
  return kind === 'update' ? `${texts.kind[kind]} ${sequence}` : texts.kind[kind]
}

/** What a letter is about: a link to the outage, or the subject. */
export function subjectLink(subject: string): Html {
  return isOutageId(subject) ? html`<a href="${outageHref(subject)}">${subject}</a>` : html`${subject}`
}

/** Queues an undeliverable letter again; `back` is where it leads. */
export function requeueForm(text: string, id: string, back: 'list' | 'letter'): Html {
  return html`<form method="post" action="${letterHref(id)}/requeue">
          <input type="hidden" name="back" value="${back}"><button>${text}</button></form>`
}

export function letterHref(id: string): string {
  return `/letters/${encodeURIComponent(id)}`
}

export function outageHref(id: string): string {
  return `/outages/${encodeURIComponent(id)}`
}
