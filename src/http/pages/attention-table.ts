import { html } from 'hono/html'
import type { Attention } from '../../core/fleet/attention.ts'
import type { Summary, TerminalView } from '../../core/fleet/view.ts'
import { causeView } from '../../core/freshness/diagnosis/cause-view.ts'
import { SECOND } from '../../core/time.ts'
import { acknowledgement } from './acknowledge.ts'
import { KNOWN_FORM } from './acknowledge-many.ts'
import { firstSentence } from './first-sentence.ts'
import { attentionHref, fleetHref } from './fleet-address.ts'
import { type Html, moment, type Reader } from './page.ts'
import { partOfIncident } from './silence.ts'
import { terminalHref } from './terminal-href.ts'
import { remarks } from './terminal-remarks.ts'

const COLUMNS = 8

/** How many of its terminals need attention, and how many it has. */
export type ClientCounts = (client: string) => { readonly attention: number; readonly total: number }

/** The counts of the clients in the scope. */
export function clientCounts(attention: Attention, { clients }: Pick<Summary, 'clients'>): ClientCounts {
  const totals = new Map(clients.map(({ client, total }) => [client, total]))
  return (client) => ({ attention: attention.clients.get(client) ?? 0, total: totals.get(client) ?? 0 })
}

/**
 * Terminals that come in the order of their clients, each client with its head. `isCapped`: there may be more of each
 * client, to which a row leads.
 */
export function attentionTable(
  reader: Reader,
  items: readonly TerminalView[],
  counts: ClientCounts,
  isCapped = false,
): Html {
  const { texts } = reader
  const words = texts.desk
  const clients = [...Map.groupBy(items, ({ client }) => client)]
  return html`<div class="scroll" role="region" aria-label="${words.title}" tabindex="0"><table class="cards attention">
    <caption class="hidden">${words.caption}</caption>
    <thead><tr>
      <th scope="col"><span class="hidden">${words.choice}</span></th>
      <th scope="col">${texts.terminal}</th>
      <th scope="col">${texts.stateColumn}</th>
      <th scope="col">${texts.dataAge}</th>
      <th scope="col">${words.since}</th>
      <th scope="col">${words.cause}</th>
      <th scope="col">${words.nextStep}</th>
      <th scope="col"><span class="hidden">${words.actions}</span></th>
    </tr></thead>
    ${clients.map(([client, views]) => html`<tbody>${head(reader, client, counts)}${views.map((view) => row(reader, view))}${isCapped ? rest(reader, client, counts(client).attention - views.length) : ''}</tbody>`)}
  </table></div>`
}

function head({ texts, format }: Reader, client: string, counts: ClientCounts): Html {
  const { attention, total } = counts(client)
  return html`<tr class="client"><th colspan="${COLUMNS}" scope="rowgroup"><a href="${fleetHref({ client })}">${client || texts.noClient}</a>
      <small>${texts.desk.ofClient(format.number(attention), format.number(total))}</small></th></tr>
    `
}

function rest({ texts, format }: Reader, client: string, count: number): Html | string {
  if (count <= 0) return ''
  return html`<tr class="rest"><td colspan="${COLUMNS}"><a href="${attentionHref({ client })}">${texts.desk.more(format.number(count))}</a></td></tr>
    `
}

function row(reader: Reader, view: TerminalView): Html {
  const { texts, format, language } = reader
  const words = texts.desk
  const name = view.name || view.id
  const remark = remarks(reader, view)
  const cause = view.cause && causeView(view.cause, language, view)
  return html`<tr>
      <td><input type="checkbox" name="id" value="${view.id}" form="${KNOWN_FORM}" aria-label="${words.choose(name)}"></td>
      <th scope="row"><a href="${terminalHref(view.id)}">${name}</a>${name === view.id ? '' : html` <small>${view.id}</small>`}</th>
      <td><span class="badge ${view.state}">${texts.state[view.state]}</span>${remark === '' ? '' : html`<small>${remark}</small>`}</td>
      <td data-label="${texts.dataAge}">${view.dataAgeSeconds === null ? texts.never : format.duration(view.dataAgeSeconds * SECOND)}</td>
      <td data-label="${words.since}">${moment(reader, view.stateSince)}</td>
      <td>${view.incident ? partOfIncident(reader, view.incident) : (cause?.text ?? '')}${acknowledgement(reader, view)}</td>
      <td>${cause === undefined || view.incident ? '' : firstSentence(cause.nextStep)}</td>
      <td><a href="/check?q=${encodeURIComponent(view.id)}">${words.check}</a></td>
    </tr>
    `
}
