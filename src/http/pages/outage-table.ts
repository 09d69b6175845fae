import { html } from 'hono/html'
import { letterDueAt } from '../../core/outage/action.ts'
import type { Outage } from '../../core/outage/outage.ts'
import type { LetterCounts } from '../letter-counts.ts'
import { letterCountsText } from './letter-counts-text.ts'
import { outageHref } from './letter-table.ts'
import { type Html, preciseMoment, type Reader } from './page.ts'

/** An outage with what became of its letters. */
export type OutageRow = { readonly outage: Outage; readonly letters: LetterCounts }

/** Outages with bounds of their start, both clocks and what became of the letters. */
export function outageTable(reader: Reader, rows: readonly OutageRow[]): Html {
  const { texts } = reader
  if (rows.length === 0) return html`<p>${texts.noOutages}</p>`
  return html`<table>
    <caption class="hidden">${texts.outagesCaption}</caption>
    <thead><tr>
      <th scope="col">${texts.start}</th>
      <th scope="col" class="wide">${texts.end}</th>
      <th scope="col">${texts.downtime}</th>
      <th scope="col">${texts.letters}</th>
    </tr></thead>
    <tbody>${rows.map((row) => outageRow(reader, row))}</tbody>
  </table>`
}

function outageRow(reader: Reader, { outage, letters }: OutageRow): Html {
  const { texts, format } = reader
  const due = letterDueAt(outage)
  const end = outage.end === null ? texts.continues : preciseMoment(reader, outage.end)
  return html`<tr>
      <th scope="row"><a href="${outageHref(outage.id)}">${preciseMoment(reader, outage.start)}</a>
        <small>${outage.notBefore === null ? '' : texts.notBefore(format.precise(outage.notBefore))}</small>
        <small class="narrow-only">${texts.end}: ${end}</small></th>
      <td class="wide">${end}${outage.state === 'cancelled' ? html`<small>${texts.cancelled}</small>` : ''}
        ${outage.intermittent ? html`<small>${texts.intermittent}</small>` : ''}</td>
      <td>${texts.certainly(format.duration(outage.downMs))}
        <small>${texts.possibly(format.duration(outage.possibleMs))}</small></td>
      <td>${
        due === null
          ? html`<span class="muted">${texts.letterNotDue}</span>`
          : texts.letterDue(format.moment(due))
      }
        <small>${letterCountsText(reader, letters)}</small></td>
    </tr>`
}
