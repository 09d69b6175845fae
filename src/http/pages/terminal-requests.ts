import { html } from 'hono/html'
import type { SupportRequest } from '../../core/request/support-request.ts'
import { type Html, moment, type Reader } from './page.ts'

/** Requests that are listed; the register has the rest. */
const NEWEST = 10

/** What technical support was asked about the terminal, newest first. */
export function requests(reader: Reader, list: readonly SupportRequest[]): Html {
  const words = reader.texts.unit
  return html`<section class="card${list.length === 0 ? ' empty' : ''}" aria-labelledby="requests">
  <h2 id="requests">${words.requests}</h2>
  ${
    list.length === 0
      ? html`<p class="muted">${words.noRequests}</p>`
      : html`<ul class="notes">${list.slice(0, NEWEST).map((request) => line(reader, request))}</ul>`
  }
</section>`
}

function line(reader: Reader, { id, createdAt, subject, ticket, sentAt, closedAt }: SupportRequest): Html {
  const words = reader.texts.unit
  const number = ticket !== '' ? words.ticket(ticket) : sentAt === null ? '' : words.noTicket
  return html`<li><small>${moment(reader, createdAt)} · ${closedAt === null ? words.open : words.closed}${
    number === '' ? '' : ` · ${number}`
  }</small>
      <a href="/requests/${encodeURIComponent(id)}">${subject}</a></li>`
}
