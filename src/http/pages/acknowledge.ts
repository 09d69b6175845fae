import { html } from 'hono/html'
import type { TerminalView } from '../../core/fleet/view.ts'
import { DAY } from '../../core/time.ts'
import { MAX_REASON } from '../terminal-input.ts'
import { localInput, nextMinute } from './local-time.ts'
import type { Html, Reader } from './page.ts'
import { terminalHref } from './terminal-href.ts'

/** What was typed into the form. */
export type AcknowledgeTyped = { readonly until: string; readonly reason: string }

/** Where the form leads to when it was taken: to the page of the terminal, else to the list with it. */
export type AcknowledgeBack = 'terminal'

/** What people know of a terminal's silence. */
export function acknowledgement(
  { texts, format }: Reader,
  { acknowledged: known }: TerminalView,
): Html | string {
  if (!known) return ''
  return html`<small>${texts.acknowledging.known(format.moment(known.until), known.by)}: ${known.reason}</small>`
}

/** The form in which people say until when a silence is known; it posts to a page of its own. */
export function acknowledgeForm(
  reader: Reader,
  { id, acknowledged: known }: TerminalView,
  { typed, back }: { readonly typed?: AcknowledgeTyped; readonly back?: AcknowledgeBack },
): Html {
  const words = reader.texts.acknowledging
  const until = typed?.until ?? (known ? localInput(known.until, reader.timezone) : '')
  return html`<form method="post" action="${terminalHref(id)}/acknowledge" class="stack">
    ${back === undefined ? '' : html`<input type="hidden" name="back" value="${back}">`}
    ${acknowledgeFields(reader, { until, reason: typed?.reason ?? known?.reason ?? '' })}
    <p class="buttons"><button class="main">${words.set}</button>
      ${known ? html`<button name="withdraw" value="1" formnovalidate>${words.withdraw}</button>` : ''}</p>
  </form>`
}

/** Until when, and why: of one terminal or of several. */
export function acknowledgeFields(
  { texts, timezone, now }: Reader,
  { until, reason }: AcknowledgeTyped,
): Html {
  const words = texts.acknowledging
  return html`<label>${words.until} (${texts.timesIn(timezone)})
      <input type="datetime-local" name="until" value="${until}" min="${localInput(nextMinute(now), timezone)}" max="${localInput(now + 365 * DAY, timezone)}" required></label>
    <label>${words.reason}
      <input name="reason" value="${reason}" maxlength="${MAX_REASON}" required></label>`
}
