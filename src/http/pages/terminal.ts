import { html } from 'hono/html'
import type { Html, Reader } from './page.ts'
import { about } from './terminal-about.ts'
import { actions } from './terminal-actions.ts'
import { clocks } from './terminal-clocks.ts'
import { terminalHead } from './terminal-head.ts'
import { noteList } from './terminal-notes.ts'
import { readings } from './terminal-readings.ts'
import { requests } from './terminal-requests.ts'
import { stateHistory } from './terminal-strip.ts'
import type { TerminalPageView } from './terminal-view.ts'

/** One terminal: what is to be done about it, what it rests on, what may be done here. */
export function terminalView(reader: Reader, page: TerminalPageView): Html {
  const { view, facts, tried } = page
  const history = `/api/v1/terminals/${encodeURIComponent(view.id)}/history`
  return html`${terminalHead(reader, page)}
${clocks(reader, view, facts)}
${stateHistory(reader, page.strip, page.transitions, history)}
<div class="columns">
<div class="stack">
${readings(reader, view)}
${requests(reader, page.requests)}
${noteList(reader, view.id, page.notes, tried)}
</div>
<div class="stack">
${about(reader, view, facts)}
${actions(reader, page)}
</div>
</div>`
}
