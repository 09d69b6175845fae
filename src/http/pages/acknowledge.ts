import { html } from 'hono/html'
import type { TerminalView } from '../../core/fleet/view.ts'
import { CODE, isSilent } from '../../core/freshness/state.ts'
import { DAY } from '../../core/time.ts'
import { MAX_REASON } from '../terminal-input.ts'
import { localInput, nextMinute } from './local-time.ts'
import type { Html, Reader } from './page.ts'

/** What was typed into the form. */
export type AcknowledgeTyped = { readonly until: string; readonly reason: string }

/** What people know of a terminal's silence; where it is silent or that is known, behind a button the form for it. */
export function acknowledgement(reader: Reader, view: TerminalView): Html | string {
  const { texts, format } = reader
  const { acknowledged: known } = view
  if (!known && !isSilent(CODE[view.state])) return ''
  const words = texts.acknowledging
  return html`${
    known ? html`<small>${words.known(format.moment(known.until), known.by)}: ${known.reason}</small>` : ''
  }<details class="aside"><summary>${known ? words.change : words.open}</summary>
    ${acknowledgeForm(reader, view)}</details>`
}

/** The form in which people say until when a silence is known; it posts to a page of its own. */
export function acknowledgeForm(
  { texts, timezone, now }: Reader,
  { id, acknowledged: known }: TerminalView,
  typed?: AcknowledgeTyped,
): Html {
  const words = texts.acknowledging
  const until = typed?.until ?? (known ? localInput(known.until, timezone) : '')
  return html`<form method="post" action="/terminals/${encodeURIComponent(id)}/acknowledge" class="stack">
    <label>${words.until} (${texts.timesIn(timezone)})
      <input type="datetime-local" name="until" value="${until}" min="${localInput(nextMinute(now), timezone)}" max="${localInput(now + 365 * DAY, timezone)}" required></label>
    <label>${words.reason}
      <input name="reason" value="${typed?.reason ?? known?.reason ?? ''}" maxlength="${MAX_REASON}" required></label>
    <p class="buttons"><button class="main">${words.set}</button>
      ${known ? html`<button name="withdraw" value="1" formnovalidate>${words.withdraw}</button>` : ''}</p>
  </form>`
}
