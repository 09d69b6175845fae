import { html } from 'hono/html'
import type { Attention } from '../../core/fleet/attention.ts'
import type { CauseCounts } from '../../core/fleet/cause-counts.ts'
import type { Leading } from '../../core/fleet/leading.ts'
import type { StateCounts, Summary } from '../../core/fleet/view.ts'
import type { FirstSteps } from '../deps.ts'
import { attentionSection } from './attention.ts'
import { clientCounts } from './attention-table.ts'
import { firstSteps } from './first-steps.ts'
import { attentionHref, fleetHref } from './fleet-address.ts'
import { type Html, moment, type Reader } from './page.ts'
import { searchForm } from './search-form.ts'
import { countOf, type StateGroup, statesIn } from './state-groups.ts'

const CLIENTS_PER_PAGE = 25

type Client = Summary['clients'][number] & { readonly attention: number }

/** Much faster than localeCompare, which matters with 10,000 clients. */
const byName = new Intl.Collator('ru').compare

export type OverviewView = {
  readonly summary: Summary
  readonly attention: Attention
  /** Of each client the first of those that need attention. */
  readonly first: Leading
  readonly causes: CauseCounts
  /** Of the table of clients, from 0. */
  readonly pageNumber: number
  readonly steps: FirstSteps
  readonly baseUrl: string
}

/** What needs attention, then the fleet in numbers: tiles by group of states, a table by client. */
export function overview(reader: Reader, view: OverviewView): Html {
  const { summary, attention } = view
  if (summary.total === 0) return firstSteps(reader, view.steps, view.baseUrl)
  const { texts } = reader
  const isFirst = view.pageNumber === 0
  return html`${searchForm(reader, {}, summary)}
${isFirst ? attentionSection(reader, view, clientCounts(attention, summary)) : ''}
<section aria-label="${texts.fleet}" class="tiles">
  ${(['attention', 'good', 'other'] as const).map((group) => tile(reader, summary.states, group))}
</section>
<section class="card" aria-labelledby="clients">
  <div class="head"><h2 id="clients">${texts.clients}</h2><a href="${fleetHref({})}">${texts.allTerminals}</a></div>
  ${clientTable(reader, view)}
</section>`
}

function tile({ texts, format }: Reader, states: StateCounts, group: StateGroup): Html {
  const count = countOf(states, group)
  const live = statesIn(group).map((state) => `states.${state}`)
  return html`<div class="tile ${group}${count === 0 ? ' zero' : ''}">
    <h3>${texts.desk.tiles[group]}</h3>
    <p class="figure" data-live="${live.join('+')}">${format.number(count)}</p>
    <ul>${statesIn(group).map(
      (state) =>
        html`<li data-live-row${states[state] === 0 ? ' hidden' : ''}><a href="/?state=${state}"><span class="badge ${state}">${texts.state[state]}</span> <span data-live="states.${state}">${format.number(states[state])}</span></a></li>`,
    )}</ul>
  </div>`
}

function clientTable(reader: Reader, { summary, attention, pageNumber }: OverviewView): Html {
  const { texts } = reader
  const clients = summary.clients
    .map((client) => ({ ...client, attention: attention.clients.get(client.client) ?? 0 }))
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
      <th scope="row"><a href="${fleetHref({ client })}">${client || texts.noClient}</a>
        ${breakdown ? html`<small>${breakdown}</small>` : ''}</th>
      <td class="number${attention > 0 ? ' alarm' : ''}">${attention > 0 ? html`<a href="${attentionHref({ client })}">${format.number(attention)}</a>` : '0'}</td>
      <td class="number">${format.number(countOf(states, 'good'))}</td>
      <td class="number wide">${format.number(countOf(states, 'other'))}</td>
      <td class="number">${format.number(total)}</td>
      <td class="wide">${contactAt === undefined ? '' : moment(reader, contactAt)}</td>
    </tr>`
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
