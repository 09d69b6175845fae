import { html } from 'hono/html'
import type { TerminalView } from '../../core/fleet/view.ts'
import { type AcknowledgeTyped, acknowledgeFields } from './acknowledge.ts'
import type { Html, Reader } from './page.ts'

/** The id of the form that the boxes beside terminals belong to. */
export const KNOWN_FORM = 'known'

/** Below a list: says of those that are ticked until when their silence is known. `here`: where it leads back to. */
export function knownForm(reader: Reader, here: string): Html {
  const words = reader.texts.acknowledging
  return html`<details class="bulk"><summary>${words.many}</summary>
    <form method="post" action="/terminals/acknowledge" id="${KNOWN_FORM}" class="row">
      <input type="hidden" name="back" value="${here}">
      ${acknowledgeFields(reader, { until: '', reason: '' })}
      ${buttons(reader)}
    </form></details>`
}

/** The same when something is wrong with it, with those that were ticked. */
export function knownAgain(
  reader: Reader,
  views: readonly TerminalView[],
  { typed, back }: { readonly typed: AcknowledgeTyped; readonly back: string },
): Html {
  return html`<form method="post" action="/terminals/acknowledge" class="stack">
    <input type="hidden" name="back" value="${back}">
    ${views.map(
      ({ id, name }) =>
        html`<label class="tick"><input type="checkbox" name="id" value="${id}" checked> ${name || id}</label>`,
    )}
    ${acknowledgeFields(reader, typed)}
    ${buttons(reader)}
  </form>
  <p><a href="${back}">${reader.texts.acknowledging.backToList}</a></p>`
}

function buttons({ texts }: Reader): Html {
  const words = texts.acknowledging
  return html`<p class="buttons"><button class="main">${words.set}</button>
      <button name="withdraw" value="1" formnovalidate>${words.withdraw}</button></p>`
}
