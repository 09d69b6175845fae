import { html } from 'hono/html'
import { contactLine, type DealerContact } from '../../core/people/dealer-contact.ts'
import type { RequestStanding } from '../../core/request/overdue.ts'
import { MOST_TERMINALS, type RequestEvent, type SupportRequest } from '../../core/request/support-request.ts'
import { type ThreadLetter, threadOf } from '../../core/request/support-request-letter.ts'
import type { Instant } from '../../core/time.ts'
import type { FleetReader } from '../deps/fleet.ts'
import { addressLine } from './address-line.ts'
import { doneNote, faultNote } from './notice.ts'
import { type Html, moment, preciseMoment, type Reader } from './page.ts'
import { nextForm, otherForms, stepForm, triedIn } from './request-forms.ts'
import { requestBadges, requestStep, requestTerminals, wordsFor } from './request-parts.ts'
import type { Tried } from './terminal-field.ts'

/** All that the page of a request shows. */
export type RequestPageView = {
  readonly request: SupportRequest
  readonly standing: RequestStanding
  /** Until when the official answer is owed; null: none is. */
  readonly officialDue: Instant | null
  /** Where its letters go; empty: not known. */
  readonly address: string
  readonly fleet: Pick<FleetReader, 'get'>
  /** In words. */
  readonly problem: string
  readonly contact: DealerContact | undefined
  readonly done: string | undefined
  readonly fault?: string | undefined
  readonly tried?: Tried | undefined
}

/** One request: what is next, what is known, what can be said, its letters and its history. */
export function requestView(reader: Reader, view: RequestPageView): Html {
  const { request, standing } = view
  const forms = { request, tried: triedIn({ request, tried: view.tried }, standing) }
  const letters = threadOf(request, reader.language)
  return html`<div class="head request-head"><h1>${request.id}: ${request.subject}</h1>
  <p>${requestBadges(reader, request, standing)}</p></div>
${doneNote(view.done)}${faultNote(view.fault)}
<section class="card ahead" aria-labelledby="next">
  <h2 id="next">${reader.texts.requests.nextTitle}</h2>
  ${next(reader, view)}
  ${nextForm(reader, forms, standing)}
</section>
<div class="columns">
${facts(reader, view)}
${otherForms(reader, forms, standing)}
</div>
${request.steps.length === 0 ? '' : steps(reader, view)}
${letter(reader, view, letters[0])}
${letters.length < 2 ? '' : thread(reader, request, letters.slice(1))}
${history(reader, request)}`
}

function next(reader: Reader, { request, standing }: RequestPageView): Html {
  const words = reader.texts.requests
  const [first, ...others] = standing.steps
  if (first === undefined) return html`<p>${words.nothingNext}</p>`
  return html`<p class="${first.overdue ? 'alarm' : ''}">${first.overdue ? html`<strong>${words.overdue}:</strong> ` : ''}${requestStep(reader, first, request)}</p>
  ${question(reader, request)}
  ${standing.unregistered ? html`<p class="note warn">${words.unregisteredText}</p>` : ''}
  ${
    others.length === 0
      ? ''
      : html`<p class="muted">${words.also}:</p>
  <ul>${others.map(
    (step) =>
      html`<li class="${step.overdue ? 'alarm' : ''}">${step.overdue ? html`<strong>${words.overdue}:</strong> ` : ''}${requestStep(reader, step, request)}</li>`,
  )}</ul>`
  }`
}

/** What support asked and nobody has answered. */
function question(reader: Reader, { addressee, questionAt, events }: SupportRequest): Html | string {
  if (questionAt === null) return ''
  const open = events.filter(({ kind, at }) => kind === 'asked' && at >= questionAt)
  return html`<h3>${wordsFor(reader, addressee).question}</h3>
  ${open.map(({ text }) => html`<blockquote class="lines">${text}</blockquote>`)}`
}

function facts(reader: Reader, view: RequestPageView): Html {
  const { request, fleet, contact } = view
  const words = reader.texts.requests
  const muted = (text: string): Html => html`<span class="muted">${text}</span>`
  return html`<section class="card" aria-labelledby="facts">
  <h2 id="facts">${words.facts}</h2>
  <dl class="facts">
    ${fact(words.terminals, requestTerminals(reader, fleet, request.terminals, MOST_TERMINALS))}
    ${request.client === '' ? '' : fact(words.client, html`${request.client}`)}
    ${request.dealer === '' ? '' : fact(words.dealer, html`${request.dealer}`)}
    ${contact === undefined ? '' : fact(words.dealerContact, html`${contactLine(contact)}`)}
    ${fact(words.problem, html`${view.problem} <small>${templateText(reader, request)}</small>`)}
    ${fact(words.created, html`${moment(reader, request.createdAt)}, ${request.createdBy}`)}
    ${fact(words.sentAt, request.sentAt === null ? muted(words.notSent) : moment(reader, request.sentAt))}
    ${fact(
      words.ticket,
      request.ticket === ''
        ? muted(request.addressee === 'support' ? words.noTicket : words.noTicketNeeded)
        : html`<strong>${request.ticket}</strong> <small>${words.ticketHint}</small>`,
    )}
    ${request.questionAt === null ? '' : fact(wordsFor(reader, request.addressee).question, html`${words.waitsSince(reader.format.moment(request.questionAt))}`)}
    ${request.promised === null ? '' : fact(words.promised, promised(reader, request.promised))}
    ${request.officialAskedAt === null ? '' : fact(words.official, official(reader, view, request.officialAskedAt))}
    ${request.closedAt === null ? '' : fact(words.closedAt, moment(reader, request.closedAt))}
    ${fact(words.messageId, html`<code>${request.messageId}</code>`)}
  </dl>
</section>`
}

function fact(name: string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

function templateText({ texts }: Reader, { template: { version, draft } }: SupportRequest): string {
  const words = texts.requests
  return version === 0 ? words.byHand : words.templateVersion(version, draft)
}

function promised(reader: Reader, { at, note, approximate }: NonNullable<SupportRequest['promised']>): Html {
  return html`${reader.texts.requests.until(reader.format.moment(at), approximate)} <small>${note}</small>`
}

function official(
  { texts, format }: Reader,
  { request, officialDue }: RequestPageView,
  askedAt: Instant,
): Html {
  const words = texts.requests
  const due = officialDue ?? askedAt
  const came = request.officialAnsweredAt
  return html`${words.officialAsked(format.moment(askedAt), format.date(due))}${
    came === null ? '' : html` <small>${words.officialCame(format.moment(came))}</small>`
  }`
}

function steps(reader: Reader, { request, tried }: RequestPageView): Html {
  const words = wordsFor(reader, request.addressee)
  return html`<section class="card" aria-labelledby="steps">
  <h2 id="steps">${words.recommended}</h2>
  <table class="trail">
    <caption class="hidden">${words.recommended}</caption>
    <thead><tr><th scope="col">${words.given}</th><th scope="col">${words.recommendation}</th><th scope="col">${words.result}</th></tr></thead>
    <tbody>${request.steps.map(
      ({ at, text, result, doneAt }, place) => html`<tr>
      <td>${moment(reader, at)}</td>
      <td class="free lines">${text}</td>
      <td class="free">${result === '' ? html`<span class="muted">${words.notDone}</span>` : html`<span class="lines">${result}</span> <small>${moment(reader, doneAt)}</small>`}
        ${request.closedAt === null ? stepForm(reader, { request, tried }, place + 1) : ''}</td>
    </tr>`,
    )}</tbody>
  </table>
</section>`
}

function letter(
  reader: Reader,
  { request: { id, subject, text, addressee }, address }: RequestPageView,
  first: ThreadLetter | undefined,
): Html {
  const words = reader.texts.requests
  return html`<section class="card" aria-labelledby="letter">
  <div class="head"><h2 id="letter">${words.letter}</h2>
    <p class="buttons"><button type="button" data-copy="#letter-text" hidden>${words.copy}</button>
    <button type="button" data-print hidden>${words.print}</button>
    <a class="button" href="/api/v1/requests/${encodeURIComponent(id)}.eml">${words.download}</a></p></div>
  <p class="muted screen-only">${words.copyHint}</p>
  ${addressLine(reader, addressee, address)}
  <p class="subject">${first?.subject ?? subject}</p>
  <pre class="letter whole" id="letter-text">${text}</pre>
</section>`
}

function thread(reader: Reader, { id }: SupportRequest, letters: readonly ThreadLetter[]): Html {
  const words = reader.texts.requests
  return html`<section class="card" aria-labelledby="thread">
  <h2 id="thread">${words.thread}</h2>
  ${letters.map(
    ({ number, at, subject, text }) => html`<article class="stack">
    <div class="head"><h3>${subject} · ${moment(reader, at)}</h3>
      <p class="buttons"><button type="button" data-copy="#letter-${number}" hidden>${words.copy}</button>
      <a class="button" href="/api/v1/requests/${encodeURIComponent(id)}/letters/${number}.eml">${words.download}</a></p></div>
    <pre class="letter whole" id="letter-${number}">${text}</pre>
  </article>`,
  )}
</section>`
}

function history(reader: Reader, request: SupportRequest): Html {
  const words = reader.texts.requests
  return html`<section class="card" aria-labelledby="history">
  <h2 id="history">${words.history}</h2>
  <ol class="events" reversed>${request.events.toReversed().map((event) => html`<li>${entry(reader, request, event)}</li>`)}</ol>
</section>`
}

function entry(
  reader: Reader,
  { addressee }: SupportRequest,
  { kind, at, by, text, promised: until }: RequestEvent,
): Html {
  const words = reader.texts.requests
  const time =
    until === undefined
      ? ''
      : until === null
        ? `: ${words.promiseWithdrawn}`
        : `: ${words.promiseUntil(reader.format.precise(until))}`
  return html`<strong>${wordsFor(reader, addressee).events[kind]}${time}</strong> <small>${preciseMoment(reader, at)}, ${by}</small>
    ${text === '' ? '' : html`<p class="lines">${text}</p>`}`
}
