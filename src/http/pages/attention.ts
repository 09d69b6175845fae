import { html } from 'hono/html'
import type { Attention } from '../../core/fleet/attention.ts'
import type { CauseCounts } from '../../core/fleet/cause-counts.ts'
import type { Leading } from '../../core/fleet/leading.ts'
import { CAUSE_CODES } from '../../core/freshness/diagnosis/codes.ts'
import { knownForm } from './acknowledge-many.ts'
import { attentionTable, type ClientCounts } from './attention-table.ts'
import { filterWords } from './filter-words.ts'
import { attentionHref, fleetCsvHref, fleetHref } from './fleet-address.ts'
import { helpLink } from './help/help-link.ts'
import type { Html, Reader } from './page.ts'

/** What needs attention now, in numbers and the beginning of its list. */
export type AttentionView = {
  readonly attention: Attention
  readonly first: Leading
  readonly causes: CauseCounts
}

/** What needs attention, the clients with most of it first; what is known already only in numbers. */
export function attentionSection(
  reader: Reader,
  { attention, first: found, causes }: AttentionView,
  counts: ClientCounts,
): Html {
  const { texts, format } = reader
  const words = texts.desk
  const isAll = found.items.length === found.total
  return html`<section class="card" aria-labelledby="attention">
  <div class="head"><h2 id="attention">${words.title}: <span data-live="needs.attention">${format.number(attention.needs.attention)}</span></h2>${helpLink(reader, 'states')}
    <a href="${fleetCsvHref({ needs: 'attention', sort: 'client' })}">${texts.download}</a>
    <button type="button" data-print hidden>${texts.print}</button></div>
  <p class="print-only">${filterWords(reader, { needs: 'attention', sort: 'client' })}</p>
  ${known(reader, attention)}
  ${reasons(reader, causes)}
  ${
    found.items.length === 0
      ? html`<p>${words.nothing}</p>`
      : html`${attentionTable(reader, found.items, counts, true)}
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

/** Why they are silent, the reason of most of them first. */
function reasons({ texts, format }: Reader, causes: CauseCounts): Html | string {
  if (causes.size === 0) return ''
  const codes = CAUSE_CODES.filter((cause) => causes.has(cause))
  const countOf = (cause: (typeof codes)[number]): number => causes.get(cause) ?? 0
  const sorted = codes.sort((a, b) => countOf(b) - countOf(a))
  return html`<ul class="known" aria-label="${texts.desk.causes}">${sorted.map(
    (cause) =>
      html`<li><a href="${attentionHref({ cause })}">${texts.unit.cause[cause]}</a>: ${format.number(countOf(cause))}</li>`,
  )}</ul>`
}
