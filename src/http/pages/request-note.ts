import { html } from 'hono/html'
import type { SeenRequests, SupportSettings } from '../deps/requests.ts'
import { requestCounts } from '../request-filter.ts'
import type { Html, Reader } from './page.ts'

/** For the page of the fleet: how many requests are overdue or were sent without a number; empty: none. */
export function requestNote(
  reader: Reader,
  requests: Pick<SeenRequests, 'list'>,
  { calendar }: Pick<SupportSettings, 'calendar'>,
): Html | string {
  const words = reader.texts.requests
  const { overdue, unregistered } = requestCounts(requests.list(), { now: reader.now, calendar })
  if (overdue === 0 && unregistered === 0) return ''
  return html`<section class="note warn" aria-label="${words.noteTitle}">
  <strong>${words.noteTitle}:</strong>
  ${overdue === 0 ? '' : html`<a href="/requests?state=overdue">${words.noteOverdue(overdue)}</a>`}
  ${unregistered === 0 ? '' : html`<a href="/requests?state=unregistered">${words.noteUnregistered(unregistered)}</a>`}
</section>
`
}
