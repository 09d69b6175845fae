import { html } from 'hono/html'
import type { Attention } from '../../core/fleet/attention.ts'
import type { TerminalPage } from '../../core/fleet/view.ts'
import { knownForm } from './acknowledge-many.ts'
import { attentionTable, type ClientCounts } from './attention-table.ts'
import { filterWords } from './filter-words.ts'
import { attentionHref, fleetCsvHref, fleetHref } from './fleet-address.ts'
import type { Html, Reader } from './page.ts'

/** What needs attention, the clients with most of it first; what is known already only in numbers. */
export function attentionSection(
  reader: Reader,
  attention: Attention,
  found: TerminalPage,
  counts: ClientCounts,
): Html {
  const { texts, format } = reader
  const words = texts.desk
  const isAll = found.items.length === found.total
  return html`<section class="card" aria-labelledby="attention">
  <div class="head"><h2 id="attention">${words.title}: <span data-live="needs.attention">${format.number(attention.needs.attention)}</span></h2>
    <a href="${fleetCsvHref({ needs: 'attention', sort: 'client' })}">${texts.download}</a>
    <button type="button" data-print hidden>${texts.print}</button></div>
  <p class="print-only">${filterWords(reader, { needs: 'attention', sort: 'client' })}</p>
  ${known(reader, attention)}
  ${
    found.items.length === 0
      ? html`<p>${words.nothing}</p>`
      : html`${attentionTable(reader, found.items, counts)}
  ${isAll ? '' : html`<p><a class="button" href="${attentionHref()}">${words.showAll(format.number(found.total))}</a></p>`}
  ${knownForm(reader, '/')}`
  }
</section>
`
}

/** Silent as well, but somebody knows why; without those that do not exist. */
function known({ texts, format }: Reader, { needs, states }: Attention): Html {
  const { known: words } = texts.desk
  const lines = [
    [
      'needs.acknowledged',
      needs.acknowledged,
      fleetHref({ needs: 'acknowledged', sort: 'client' }),
      words.acknowledged,
    ],
    ['needs.incident', needs.incident, fleetHref({ needs: 'incident', sort: 'client' }), words.incident],
    ['states.maintenance', states.maintenance, fleetHref({ state: 'maintenance' }), words.maintenance],
  ] as const
  return html`<ul class="known">${lines.map(
    ([live, count, href, text]) =>
      html`<li data-live-row${count === 0 ? ' hidden' : ''}><a href="${href}">${text}</a>: <span data-live="${live}">${format.number(count)}</span></li>`,
  )}</ul>`
}
