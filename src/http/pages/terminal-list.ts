import { html } from 'hono/html'
import type { Summary, TerminalPage, TerminalQuery, TerminalView } from '../../core/fleet/view.ts'
import { SECOND } from '../../core/time.ts'
import { acknowledgement } from './acknowledge.ts'
import { KNOWN_FORM, knownForm } from './acknowledge-many.ts'
import { attentionTable, type ClientCounts } from './attention-table.ts'
import { filterWords } from './filter-words.ts'
import { fleetCsvHref, fleetHref } from './fleet-address.ts'
import { type Html, moment, type Reader } from './page.ts'
import { searchForm } from './search-form.ts'
import { silence } from './silence.ts'
import { isIn } from './state-groups.ts'
import { terminalHref } from './terminal-href.ts'
import { remarks } from './terminal-remarks.ts'

/** Terminals that match the filters, a page at a time. */
export function terminalList(
  reader: Reader,
  query: TerminalQuery,
  found: TerminalPage,
  summary: Pick<Summary, 'clients' | 'dealers'>,
  counts: ClientCounts,
): Html {
  const { texts, format } = reader
  const title = query.client === undefined ? texts.fleet : query.client || texts.noClient
  const here = fleetHref(query, query.cursor)
  return html`${searchForm(reader, query, summary)}
<section class="card" aria-labelledby="list">
  <div class="head"><h2 id="list">${title}</h2>
    <a href="/">${texts.back}</a>
    <a href="${fleetCsvHref(query)}">${texts.download}</a>
    <button type="button" data-print hidden>${texts.print}</button></div>
  <p class="print-only">${filterWords(reader, query)}</p>
  ${found.items.length === 0 ? html`<p>${texts.nothingFound}</p>` : html`${table(reader, query, found, counts)}`}
  <p class="muted">${texts.listCaption(format.number(found.items.length), format.number(found.total))}</p>
  ${pages(reader, query, found)}
  ${found.items.some(isForKnowing) ? knownForm(reader, here) : ''}
</section>`
}

function pages({ texts }: Reader, query: TerminalQuery, found: TerminalPage): Html | string {
  if (found.next === null && query.cursor === undefined) return ''
  return html`<nav class="pages" aria-label="${texts.pages}">
    ${query.cursor === undefined ? '' : html`<a class="button" href="${fleetHref(query)}">${texts.firstPage}</a>`}
    ${found.next === null ? '' : html`<a class="button" rel="next" href="${fleetHref(query, found.next)}">${texts.nextPage}</a>`}
  </nav>`
}

/** Its silence may be noted as known, or that may be taken back. */
function isForKnowing(view: TerminalView): boolean {
  return view.acknowledged !== undefined || isIn(view.state, 'attention')
}

function table(reader: Reader, query: TerminalQuery, found: TerminalPage, counts: ClientCounts): Html {
  if (query.sort === 'client') return attentionTable(reader, found.items, counts)
  const { texts } = reader
  return html`<div class="scroll" role="region" aria-label="${texts.fleet}" tabindex="0"><table class="cards">
    <caption class="hidden">${texts.fleet}</caption>
    <thead><tr>
      <th scope="col"><span class="hidden">${texts.desk.choice}</span></th>
      <th scope="col">${texts.terminal}</th>
      <th scope="col">${texts.stateColumn}</th>
      <th scope="col">${texts.dataAge}</th>
      <th scope="col">${texts.contact}</th>
      <th scope="col">${texts.threshold}</th>
      <th scope="col">${texts.source}</th>
    </tr></thead>
    <tbody>${found.items.map((view) => row(reader, view, query.client === undefined))}</tbody>
  </table></div>`
}

function row(reader: Reader, view: TerminalView, withClient: boolean): Html {
  const { texts, format } = reader
  const { threshold } = view
  const name = view.name || view.id
  const about = [name === view.id ? '' : view.id, withClient ? view.client : ''].filter(Boolean).join(' ')
  // Without blanks before the cells: of fifty rows they are 2 kB.
  return html`<tr>
<td>${isForKnowing(view) ? html`<input type="checkbox" name="id" value="${view.id}" form="${KNOWN_FORM}" aria-label="${texts.desk.choose(name)}">` : ''}</td>
<th scope="row"><a href="${terminalHref(view.id)}">${name}</a><small>${about}${view.discovered ? html` <i>${texts.discovered}</i>` : ''}</small></th>
<td><span class="badge ${view.state}">${texts.state[view.state]}</span><small>${texts.since} ${moment(reader, view.stateSince)} ${remarks(reader, view)}</small>${silence(reader, view)}${acknowledgement(reader, view)}</td>
<td data-label="${texts.dataAge}">${view.dataAgeSeconds === null ? texts.never : format.duration(view.dataAgeSeconds * SECOND)}</td>
<td data-label="${texts.contact}">${moment(reader, view.contactAt)}</td>
<td data-label="${texts.threshold}">${threshold.seconds === null ? texts.notJudged : format.duration(threshold.seconds * SECOND)}<small>${texts.origin[threshold.from]}</small></td>
<td data-label="${texts.source}">${view.source ?? ''}</td>
</tr>`
}
