import { html } from 'hono/html'
import { groupWords } from '../../core/flagging/words.ts'
import type { TerminalView } from '../../core/fleet/view.ts'
import { type CauseView, causeView } from '../../core/freshness/diagnosis/cause-view.ts'
import { firstSentence } from './first-sentence.ts'
import { incidentHref } from './incident-table.ts'
import type { Html, Reader } from './page.ts'
import { isIn } from './state-groups.ts'

/**
 * Why a terminal that needs attention is silent: the incident that explains it, else the likely cause and what to begin
 * with. On what it rests is told on the terminal's page.
 */
export function silence(reader: Reader, view: TerminalView): Html | string {
  const { cause, incident } = view
  const { texts, language } = reader
  if (incident) return html`<small>${partOfIncident(reader, incident)}</small>`
  return cause && isIn(view.state, 'attention')
    ? likely(texts.incidents, causeView(cause, language, view))
    : ''
}

/** The incident that explains it, with its page. */
export function partOfIncident(
  { texts, language }: Reader,
  incident: NonNullable<TerminalView['incident']>,
): Html {
  const name = groupWords(incident, language)
  return html`${texts.incidents.partOf} <a href="${incidentHref(incident.id)}">${name}</a>`
}

function likely(words: Reader['texts']['incidents'], { text, confidence, nextStep }: CauseView): Html {
  return html`<details class="cause"><summary>${text}</summary><p>${words.nextStep} ${firstSentence(nextStep)}</p><small>${words.confidence[confidence]}</small></details>`
}
