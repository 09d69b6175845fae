import { html } from 'hono/html'
import type { TerminalNote } from '../../core/fleet/note.ts'
import { type Html, preciseMoment, type Reader } from './page.ts'
import { field, type Tried } from './terminal-field.ts'
import { terminalHref } from './terminal-href.ts'

const MAX_TEXT = 4000

/** What people wrote to the terminal, and a form for more. */
export function noteList(
  reader: Reader,
  id: string,
  notes: readonly TerminalNote[],
  tried: Tried | undefined,
): Html {
  const words = reader.texts.unit
  const ticked = tried?.form === 'notes' && tried.typed['kind'] === 'reply'
  return html`<section class="card" aria-labelledby="notes">
  <h2 id="notes">${words.notes}</h2>
  <form method="post" action="${terminalHref(id)}/notes" class="stack actions">
    ${field('notes', tried, { name: 'text', label: words.note, type: 'textarea', maxlength: MAX_TEXT, required: true })}
    <label class="tick"><input type="checkbox" name="kind" value="reply"${ticked ? ' checked' : ''}> ${words.reply}</label>
    <p class="buttons"><button class="main">${words.add}</button></p>
  </form>
  ${
    notes.length === 0
      ? html`<p class="muted">${words.noNotes}</p>`
      : html`<ol class="notes" aria-label="${words.notesCaption}">${notes.map((note) => line(reader, note))}</ol>`
  }
</section>`
}

function line(reader: Reader, { at, by, kind, text }: TerminalNote): Html {
  return html`<li><small>${preciseMoment(reader, at)} · ${by}${
    kind === 'reply' ? ` · ${reader.texts.unit.replyMark}` : ''
  }</small>
      ${kind === 'reply' ? html`<pre>${text}</pre>` : html`<p class="lines">${text}</p>`}</li>`
}
