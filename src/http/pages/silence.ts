import { html } from 'hono/html'
import { groupWords } from '../../core/flagging/words.ts'
import type { TerminalView } from '../../core/fleet/view.ts'
import { type CauseView, causeView } from '../../core/freshness/diagnosis/cause-view.ts'
import { incidentHref } from './incident-table.ts'
import type { Html, Reader } from './page.ts'
import { isIn } from './state-groups.ts'

/** Why a terminal that needs attention is silent: the incident that explains it, else the likely cause and what to do. */
export function silence({ texts, language }: Reader, view: TerminalView): Html | string {
  const { cause, incident } = view
  const { incidents: words } = texts
  if (incident) {
    const name = groupWords(incident, language)
    return html`<small>${words.partOf} <a href="${incidentHref(incident.id)}">${name}</a></small>`
  }
  return cause && isIn(view.state, 'attention') ? likely(words, causeView(cause, language, view)) : ''
}

function likely(
  words: Reader['texts']['incidents'],
  { text, confidence, evidence, nextStep }: CauseView,
): Html {
  return html`<details class="cause"><summary>${text}</summary>
        <p>${words.nextStep} ${nextStep}</p>
        <small>${words.confidence[confidence]}${evidence.length === 0 ? '' : html`: ${evidence.join('; ')}`}</small></details>`
}
