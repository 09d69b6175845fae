import { html } from 'hono/html'
import type { FleetReader } from '../deps/fleet.ts'
import { REQUEST_STATES, type RequestState, type StandingRequest } from '../request-filter.ts'
import { helpLink } from './help/help-link.ts'
import type { Html, Reader } from './page.ts'
import {
  requestAge,
  requestBadges,
  requestHref,
  requestProblem,
  requestStep,
  requestTerminals,
  type Titles,
} from './request-parts.ts'

/** All that the list of the requests shows. */
export type RequestsView = {
  readonly state: RequestState
  readonly counts: Readonly<Record<RequestState, number>>
  readonly items: readonly StandingRequest[]
  /** Address of the next page; null: it is the last one. */
  readonly next: string | null
  readonly fleet: Pick<FleetReader, 'get'>
  readonly templates: Titles
}

const TERMINALS_SHOWN = 3

/** The register of what was asked of support, what is overdue first. */
export function requestsView(reader: Reader, view: RequestsView): Html {
  const words = reader.texts.requests
  const { state, items } = view
  return html`<div class="head request-head"><h1>${words.title}</h1>${helpLink(reader, 'requests')}
  <p class="buttons"><a class="button" href="/check">${words.checkFirst}</a>
    <a class="button" href="/requests/new">${words.make}</a></p></div>
<p class="muted">${words.text}</p>
<nav class="choices" aria-label="${words.states}">${REQUEST_STATES.map((each) => tab(reader, view, each))}</nav>
<section class="card" aria-label="${words.tabs[state]}">
  ${items.length === 0 ? html`<p class="muted">${words.none[state]}</p>` : table(reader, view)}
  <p class="buttons pages">${view.next === null ? '' : html`<a class="button" href="${view.next}">${reader.texts.nextPage}</a>`}
    <a href="/api/v1/requests?state=${state}&format=csv">${reader.texts.download}</a></p>
</section>`
}

function tab(reader: Reader, { state, counts }: RequestsView, each: RequestState): Html {
  const text = html`${reader.texts.requests.tabs[each]} <span class="count">${reader.format.number(counts[each])}</span>`
  return each === state
    ? html`<a href="/requests?state=${each}" aria-current="page">${text}</a> `
    : html`<a href="/requests?state=${each}">${text}</a> `
}

function table(reader: Reader, view: RequestsView): Html {
  const { state, items } = view
  const words = reader.texts.requests
  return html`<table class="trail requests">
    <caption class="hidden">${words.title}: ${words.tabs[state]}</caption>
    <thead><tr>
      <th scope="col">${words.id}</th>
      <th scope="col">${words.about}</th>
      <th scope="col">${words.ticket}</th>
      <th scope="col">${words.next}</th>
      <th scope="col">${words.age}</th>
      <th scope="col">${words.who}</th>
    </tr></thead>
    <tbody>${items.map((item) => row(reader, item, view))}</tbody>
  </table>`
}

function row(
  reader: Reader,
  { request, standing }: StandingRequest,
  { fleet, templates }: Pick<RequestsView, 'fleet' | 'templates'>,
): Html {
  const words = reader.texts.requests
  const { next } = standing
  return html`<tr class="${standing.overdue ? 'overdue' : ''}">
      <th scope="row"><a href="${requestHref(request.id)}">${request.id}</a> <small>${requestBadges(reader, request, standing)}</small></th>
      <td class="free">${request.subject}
        <small>${requestTerminals(reader, fleet, request.terminals, TERMINALS_SHOWN)} · ${requestProblem(reader, templates, request.problem)}</small></td>
      <td class="free"><span class="label">${words.ticket}: </span>${request.ticket || html`<span class="muted">${words.noTicket}</span>`}</td>
      <td class="${next?.overdue ? 'alarm' : ''}"><span class="label">${words.next}: </span>${next === null ? html`<span class="muted">${words.closed}</span>` : requestStep(reader, next, request)}</td>
      <td><span class="label">${words.age}: </span>${requestAge(reader, request)}</td>
      <td class="free"><span class="label">${words.who}: </span>${request.createdBy}</td>
    </tr>`
}
