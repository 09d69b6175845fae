import { html } from 'hono/html'
import type { Summary, TerminalPage, TerminalQuery, TerminalView } from '../../core/fleet/view.ts'
import { SECOND } from '../../core/time.ts'
import { acknowledgement } from './acknowledge.ts'
import { type Html, moment, type Reader } from './page.ts'
import { searchForm } from './search-form.ts'
import { silence } from './silence.ts'

/** Terminals that match the filters, a page at a time. */
export function terminalList(
  reader: Reader,
  query: TerminalQuery,
  found: TerminalPage,
  summary: Pick<Summary, 'clients'>,
): Html {
  const { texts, format } = reader
  const title = query.client === undefined ? texts.fleet : query.client || texts.noClient
  return html`${searchForm(reader, query, summary)}
<section class="card" aria-labelledby="list">
  <div class="head"><h2 id="list">${title}</h2>
    <a href="/">${texts.back}</a>
    <a href="/api/v1/terminals?${csvParameters(query)}">${texts.download}</a></div>
  ${found.items.length === 0 ? html`<p>${texts.nothingFound}</p>` : table(reader, query, found)}
  <p class="muted">${texts.listCaption(format.number(found.items.length), format.number(found.total))}</p>
  ${pages(reader, query, found)}
</section>`
}

/** The filters as an address holds them. An empty client means those without one, which the page calls `noclient`. */
function parameters(query: TerminalQuery): URLSearchParams {
  const result = new URLSearchParams()
  for (const name of ['state', 'client', 'dealer', 'group', 'q', 'sort'] as const) {
    const value = query[name]
    if (value !== undefined && value !== '') result.set(name, value)
  }
  if (query.client === '') result.set('noclient', '1')
  return result
}

function csvParameters(query: TerminalQuery): string {
  const result = parameters(query)
  result.set('format', 'csv')
  return result.toString()
}

function pages({ texts }: Reader, query: TerminalQuery, found: TerminalPage): Html | string {
  if (found.next === null && query.cursor === undefined) return ''
  const first = parameters(query)
  first.set('all', '1')
  const next = new URLSearchParams(first)
  if (found.next !== null) next.set('cursor', found.next)
  return html`<nav class="pages" aria-label="${texts.pages}">
    ${query.cursor === undefined ? '' : html`<a class="button" href="/?${first.toString()}">${texts.firstPage}</a>`}
    ${found.next === null ? '' : html`<a class="button" rel="next" href="/?${next.toString()}">${texts.nextPage}</a>`}
  </nav>`
}

function table(reader: Reader, query: TerminalQuery, found: TerminalPage): Html {
  const { texts } = reader
  return html`<table>
    <caption class="hidden">${texts.fleet}</caption>
    <thead><tr>
      <th scope="col">${texts.terminal}</th>
      <th scope="col">${texts.stateColumn}</th>
      <th scope="col">${texts.dataAge}</th>
      <th scope="col" class="wide">${texts.contact}</th>
      <th scope="col" class="wide">${texts.threshold}</th>
      <th scope="col" class="wide">${texts.source}</th>
    </tr></thead>
    <tbody>${found.items.map((view) => row(reader, view, query.client === undefined))}</tbody>
  </table>`
}

function row(reader: Reader, view: TerminalView, withClient: boolean): Html {
  const { texts, format } = reader
  const { threshold } = view
  return html`<tr>
      <th scope="row">${view.name || view.id}
        <small>${view.name && view.name !== view.id ? `${view.id} ` : ''}${withClient ? view.client : ''}
        ${view.discovered ? html`<i>${texts.discovered}</i>` : ''}</small></th>
      <td><span class="badge ${view.state}">${texts.state[view.state]}</span>
        <small>${texts.since} ${moment(reader, view.stateSince)} ${remarks(reader, view)}</small>
        ${silence(reader, view)}${acknowledgement(reader, view)}</td>
      <td>${view.dataAgeSeconds === null ? texts.never : format.duration(view.dataAgeSeconds * SECOND)}</td>
      <td class="wide">${moment(reader, view.contactAt)}</td>
      <td class="wide">${threshold.seconds === null ? texts.notJudged : format.duration(threshold.seconds * SECOND)}
        <small>${texts.origin[threshold.from]}</small></td>
      <td class="wide">${view.source ?? ''}</td>
    </tr>`
}

function remarks({ texts, format }: Reader, view: TerminalView): string {
  const parts = []
  if (view.asOf !== undefined) parts.push(texts.asOf(format.moment(view.asOf)))
  if (view.lagSeconds !== undefined) parts.push(texts.lag(format.duration(view.lagSeconds * SECOND)))
  if (view.caughtUpAt !== undefined) parts.push(texts.caughtUp(format.moment(view.caughtUpAt)))
  if (view.clockBehind) parts.push(texts.clockBehind)
  if (view.expectedAt !== undefined) parts.push(texts.expected(format.moment(view.expectedAt)))
  if (view.unstable) parts.push(texts.unstable)
  return parts.map((part) => `· ${part}`).join(' ')
}
