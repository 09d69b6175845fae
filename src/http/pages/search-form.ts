import { html } from 'hono/html'
import type { Summary, TerminalQuery } from '../../core/fleet/view.ts'
import { STATES } from '../../core/freshness/state.ts'
import type { Html, Reader } from './page.ts'

/** More clients than this make a page heavy; then the client is reached from the table. */
const MAX_CLIENT_OPTIONS = 200

const SORTS = ['name', '-name', 'dataAt', '-dataAt', 'stateSince'] as const

/** Search and filters; everything stands in the address, so that a list can be kept and sent. */
export function searchForm(
  reader: Reader,
  query: Partial<TerminalQuery>,
  summary: Pick<Summary, 'clients'>,
): Html {
  const { texts } = reader
  return html`<form class="search" role="search" action="/" method="get">
  <input type="hidden" name="all" value="1">
  <label class="grow">${texts.search}
    <input type="search" name="q" value="${query.q ?? ''}" maxlength="200" placeholder="${texts.searchHint}"></label>
  <label>${texts.stateFilter}
    <select name="state">
      <option value="">${texts.anyState}</option>
      ${STATES.map((state) => option(state, texts.state[state], query.state))}
    </select></label>
  ${clientFilter(reader, query, summary)}
  <label>${texts.order}
    <select name="sort">${SORTS.map((sort) => option(sort, texts.orders[sort], query.sort))}</select></label>
  <button class="main">${texts.find}</button>
</form>
`
}

function clientFilter(
  { texts }: Reader,
  query: Partial<TerminalQuery>,
  { clients }: Pick<Summary, 'clients'>,
): Html {
  if (query.client === '') return html`<input type="hidden" name="noclient" value="1">`
  const names = clients.map(({ client }) => client).filter((client) => client !== '')
  if (names.length > MAX_CLIENT_OPTIONS) {
    return html`<label>${texts.clientFilter} <input name="client" value="${query.client ?? ''}" maxlength="500"></label>`
  }
  if (query.client !== undefined && !names.includes(query.client)) names.push(query.client)
  return html`<label>${texts.clientFilter}
    <select name="client">
      <option value="">${texts.anyClient}</option>
      ${names.toSorted((a, b) => a.localeCompare(b)).map((name) => option(name, name, query.client))}
    </select></label>`
}

function option(value: string, text: string, selected: string | undefined): Html {
  return value === selected
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`
}
