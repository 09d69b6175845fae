import { html } from 'hono/html'
import type { Attempt, Letter } from '../../core/letters/letter.ts'
import { LETTER_STATES } from '../json/letter.ts'
import { headerOf, type ReadLetter } from '../mime.ts'
import { kindName, letterHref, letterState, requeueForm, subjectLink } from './letter-table.ts'
import { doneNote, faultNote } from './notice.ts'
import { type Html, preciseMoment, type Reader } from './page.ts'

const HEADERS_SHOWN = [
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'auto-submitted',
] as const

/** One letter: its state and attempts, and what is in its bytes. */
export function letterView(
  reader: Reader,
  letter: Letter,
  read: ReadLetter,
  notes: { readonly done?: string | undefined; readonly fault?: string | undefined },
): Html {
  const { texts } = reader
  const { mail } = texts
  return html`<h1>${mail.letterTo(letter.recipient)}</h1>
${doneNote(notes.done)}${faultNote(notes.fault)}
<section class="card" aria-label="${texts.stateColumn}">
  <dl class="facts">
    <div><dt>${mail.kindFilter}</dt><dd>${kindName(reader, letter)}</dd></div>
    <div><dt>${texts.stateColumn}</dt><dd>${letterState(reader, letter)}</dd></div>
    <div><dt>${mail.about}</dt><dd>${subjectLink(letter.subject)}</dd></div>
    <div><dt>${mail.due}</dt><dd>${preciseMoment(reader, letter.dueAt)}</dd></div>
    <div><dt>${mail.sent}</dt><dd>${letter.sentAt === null ? '–' : preciseMoment(reader, letter.sentAt)}</dd></div>
  </dl>
  ${letter.state === 'dead' ? requeueForm(mail.requeue, letter.id, 'letter') : ''}
</section>
<section class="card" aria-labelledby="text">
  <div class="head"><h2 id="text">${mail.text}</h2>
    ${read.html === null ? '' : html`<a href="${letterHref(letter.id)}/html">${mail.htmlPart}</a>`}
    <a href="/api/v1/letters/${encodeURIComponent(letter.id)}.eml">${mail.download}</a></div>
  ${read.text === null ? html`<p>${mail.noText}</p>` : html`<pre class="letter">${read.text}</pre>`}
</section>
<section class="card" aria-labelledby="attempts">
  <h2 id="attempts">${mail.attempts}</h2>
  ${letter.attempts.length === 0 ? html`<p>${mail.noAttempts}</p>` : attemptTable(reader, letter.attempts)}
</section>
<section class="card" aria-labelledby="headers">
  <h2 id="headers">${mail.headers}</h2>
  <dl class="facts">${HEADERS_SHOWN.flatMap((name) => headerLine(read, name))}</dl>
</section>`
}

function headerLine(read: ReadLetter, name: string): Html[] {
  const value = headerOf(read, name)
  return value === undefined ? [] : [html`<div><dt>${name}</dt><dd>${value}</dd></div>`]
}

function attemptTable(reader: Reader, attempts: readonly Attempt[]): Html {
  const { mail } = reader.texts
  return html`<table>
    <caption class="hidden">${mail.attempts}</caption>
    <thead><tr><th scope="col">${mail.attemptAt}</th><th scope="col">${mail.result}</th>
      <th scope="col">${mail.reply}</th></tr></thead>
    <tbody>${attempts.map(
      ({ at, result, reply }) => html`<tr><th scope="row">${preciseMoment(reader, at)}</th>
      <td>${resultWords(reader, result)}</td><td class="free">${reply}</td></tr>`,
    )}</tbody>
  </table>`
}

/** An attempt ends in a state of the letter, or puts it back into the queue. */
function resultWords({ texts }: Reader, result: string): string {
  const state = LETTER_STATES.find((known) => known === result)
  if (state !== undefined) return texts.letter[state]
  return result === 'requeued' ? texts.mail.putBack : result
}
