import { html } from 'hono/html'
import type { StateCounts, Summary } from '../../core/fleet/view.ts'
import type { FirstSteps } from '../deps.ts'
import { firstSteps } from './first-steps.ts'
import { type Html, moment, type Reader } from './page.ts'
import { searchForm } from './search-form.ts'
import { countOf, type StateGroup, statesIn } from './state-groups.ts'

const CLIENTS_PER_PAGE = 100

type Client = Summary['clients'][number] & { readonly attention: number }

/** Much faster than localeCompare, which matters with 10,000 clients. */
const byName = new Intl.Collator('ru').compare

/** The fleet in numbers: tiles by group of states, a table by client. `pageNumber` counts from 0. */
export function overview(
  reader: Reader,
  summary: Summary,
  pageNumber: number,
  steps: FirstSteps,
  baseUrl: string,
): Html {
  if (summary.total === 0) return firstSteps(reader, steps, baseUrl)
  const { texts } = reader
  return html`${searchForm(reader, {}, summary)}
<section aria-label="${texts.fleet}" class="tiles">
  ${(['attention', 'good', 'other'] as const).map((group) => tile(reader, summary.states, group))}
</section>
<section class="card" aria-labelledby="clients">
  <div class="head"><h2 id="clients">${texts.clients}</h2><a href="/?all=1">${texts.allTerminals}</a></div>
  ${clientTable(reader, summary, pageNumber)}
</section>`
}

function tile({ texts, format }: Reader, states: StateCounts, group: StateGroup): Html {
  const count = countOf(states, group)
  return html`<div class="tile ${group}${count === 0 ? ' zero' : ''}">
    <h3>${texts[group]}</h3>
    <p class="figure">${format.number(count)}</p>
    <ul>${statesIn(group)
      .filter((state) => states[state] > 0)
      .map(
        (state) =>
          html`<li><a href="/?state=${state}"><span class="badge ${state}">${texts.state[state]}</span> ${format.number(states[state])}</a></li>`,
      )}</ul>
  </div>`
}

function clientTable(reader: Reader, summary: Summary, pageNumber: number): Html {
  const { texts } = reader
  const clients = summary.clients
    .map((client) => ({ ...client, attention: countOf(client.states, 'attention') }))
    .sort((a, b) => b.attention - a.attention || byName(a.client, b.client))
  const from = pageNumber * CLIENTS_PER_PAGE
  const shown = clients.slice(from, from + CLIENTS_PER_PAGE)
  return html`<table>
    <caption>${texts.clientsCaption}</caption>
    <thead><tr>
      <th scope="col">${texts.client}</th>
      <th scope="col" class="number">${texts.attention}</th>
      <th scope="col" class="number">${texts.good}</th>
      <th scope="col" class="number wide">${texts.other}</th>
      <th scope="col" class="number">${texts.total}</th>
      <th scope="col" class="wide">${texts.newestContact}</th>
    </tr></thead>
    <tbody>${shown.map((client) => clientRow(reader, client))}</tbody>
  </table>
  ${clientPages(reader, pageNumber, clients.length)}`
}

function clientRow(reader: Reader, { client, total, states, attention, contactAt }: Client): Html {
  const { texts, format } = reader
  const breakdown = statesIn('attention')
    .filter((state) => states[state] > 0)
    .map((state) => `${texts.state[state]} ${format.number(states[state])}`)
    .join(', ')
  return html`<tr>
      <th scope="row"><a href="${clientHref(client)}">${client || texts.noClient}</a>
        ${breakdown ? html`<small>${breakdown}</small>` : ''}</th>
      <td class="number${attention > 0 ? ' alarm' : ''}">${format.number(attention)}</td>
      <td class="number">${format.number(countOf(states, 'good'))}</td>
      <td class="number wide">${format.number(countOf(states, 'other'))}</td>
      <td class="number">${format.number(total)}</td>
      <td class="wide">${contactAt === undefined ? '' : moment(reader, contactAt)}</td>
    </tr>`
}

function clientHref(client: string): string {
  return client === '' ? '/?noclient=1' : `/?client=${encodeURIComponent(client)}`
}

function clientPages({ texts }: Reader, pageNumber: number, count: number): Html | string {
  const last = Math.ceil(count / CLIENTS_PER_PAGE) - 1
  if (last <= 0) return ''
  return html`<nav class="pages" aria-label="${texts.pages}">
    ${pageNumber > 0 ? html`<a class="button" href="/?page=${pageNumber - 1}">${texts.previousPage}</a>` : ''}
    <span>${texts.moreClients(count)}</span>
    ${pageNumber < last ? html`<a class="button" href="/?page=${pageNumber + 1}">${texts.nextPage}</a>` : ''}
  </nav>`
}
