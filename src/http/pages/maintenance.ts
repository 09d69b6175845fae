import { html } from 'hono/html'
import type { MaintenanceWindow } from '../../core/outage/outage.ts'
import { helpLink } from './help/help-link.ts'
import { faultNote } from './notice.ts'
import { type Html, may, moment, type Reader } from './page.ts'

/** What was typed into the form, as text. */
export type MaintenanceInput = {
  readonly from: string
  readonly to: string
  readonly reason: string
  readonly announce: boolean
}

/** Windows and the form; after a refusal with the text that says why and with what was typed. */
export type MaintenanceView = {
  readonly windows: readonly MaintenanceWindow[]
  readonly fault?: string
  readonly input?: MaintenanceInput
}

/** Past windows are history; a page shows some of them. */
const MAX_WINDOWS = 20

/** Planned work on the watched service: what is announced, and the form for more. */
export function maintenanceSection(reader: Reader, view: MaintenanceView): Html {
  const { texts } = reader
  const windows = view.windows.toSorted((a, b) => b.from - a.from).slice(0, MAX_WINDOWS)
  return html`<section class="card" id="maintenance" aria-labelledby="maintenance-title">
  <div class="head"><h2 id="maintenance-title">${texts.maintenance}</h2>${helpLink(reader, 'planned-work')}</div>
  <p class="muted">${texts.maintenanceText}</p>
  ${windows.length === 0 ? html`<p>${texts.noMaintenance}</p>` : table(reader, windows)}
  ${faultNote(view.fault)}
  ${may(reader, 'POST /service/maintenance') ? form(reader, view.input) : ''}
</section>`
}

function table(reader: Reader, windows: readonly MaintenanceWindow[]): Html {
  const { texts } = reader
  return html`<table>
    <caption class="hidden">${texts.maintenanceCaption}</caption>
    <thead><tr>
      <th scope="col">${texts.from} – ${texts.to}</th>
      <th scope="col">${texts.reason}</th><th scope="col">${texts.stateColumn}</th>
    </tr></thead>
    <tbody>${windows.map((window) => row(reader, window))}</tbody>
  </table>`
}

function row(reader: Reader, window: MaintenanceWindow): Html {
  const { texts, now } = reader
  const over = window.to <= now
  const running = !over && window.from <= now
  return html`<tr>
      <td>${moment(reader, window.from)} – ${moment(reader, window.to)}</td>
      <td class="free">${window.reason}
        ${window.announced ? html`<small>${texts.announced}</small>` : ''}
        ${window.rule === undefined ? '' : html`<small>${texts.byRule}</small>`}</td>
      <td>${over ? texts.over : running ? texts.running : texts.planned}
        ${
          over || !may(reader, 'POST /service/maintenance/:id/end')
            ? ''
            : html`<form method="post" action="/service/maintenance/${encodeURIComponent(window.id)}/end">
          <button>${running ? texts.endNow : texts.remove}</button></form>`
        }</td>
    </tr>`
}

function form({ texts, timezone }: Reader, input?: MaintenanceInput): Html {
  return html`<form method="post" action="/service/maintenance" class="search">
    <label>${texts.from} <input type="datetime-local" name="from" value="${input?.from ?? ''}" aria-describedby="from-hint"></label>
    <label>${texts.to} <input type="datetime-local" name="to" value="${input?.to ?? ''}" required></label>
    <label class="grow">${texts.reason} <input name="reason" value="${input?.reason ?? ''}" maxlength="500"></label>
    ${announceBox(texts.announce, input?.announce ?? false)}
    <button class="main">${texts.add}</button>
  </form>
  <p class="muted" id="from-hint">${texts.from}: ${texts.fromHint} (${texts.timesIn(timezone)})</p>`
}

/** Whether the recipients are told by letter. */
export function announceBox(text: string, ticked: boolean): Html {
  const box = ticked
    ? html`<input type="checkbox" name="announce" value="1" checked>`
    : html`<input type="checkbox" name="announce" value="1">`
  return html`<label class="tick">${box} ${text}</label>`
}
