import { html } from 'hono/html'
import { commonCauseWords, groupWords } from '../../core/flagging/words.ts'
import type { Incident } from '../../core/freshness/mass/incident.ts'
import { incidentHref } from './incident-table.ts'
import { type Html, moment, type Reader } from './page.ts'

/** More would push the fleet off the page. */
const MOST_SHOWN = 3

/** Open incidents above the fleet: they explain many silent terminals at once. */
export function incidentBanners(reader: Reader, open: readonly Incident[]): Html | string {
  if (open.length === 0) return ''
  const { incidents: words } = reader.texts
  const more = open.length - MOST_SHOWN
  return html`${open.slice(0, MOST_SHOWN).map((incident) => banner(reader, incident))}${
    more > 0 ? note(words.more(more)) : ''
  }`
}

/** The same in one line, above terminals that link to their incidents themselves. */
export function incidentNote({ texts }: Reader, open: readonly Incident[]): Html | string {
  return open.length === 0 ? '' : note(texts.incidents.openNow(open.length))
}

function note(text: string): Html {
  return html`<p class="note warn"><a href="/incidents">${text}</a></p>`
}

function banner(reader: Reader, incident: Incident): Html {
  const { texts, format, language } = reader
  const { incidents: words } = texts
  const { id, dimension, members, expected, silent, onsetAt } = incident
  return html`<section class="banner degraded" aria-labelledby="incident-${id}">
  <div>
    <h2 id="incident-${id}"><span class="dot" aria-hidden="true"></span><span>${words.title}: ${groupWords(incident, language)}</span></h2>
    <p>${words.fellSilent(members, expected)} ${texts.since} ${moment(reader, onsetAt)}; ${words.stillSilent(format.number(silent))}.
      ${words.nothingEach}</p>
    <p>${words.suspected}: ${commonCauseWords(incident, language)}. ${words.byDimension[dimension]}</p>
  </div>
  <a class="button" href="${incidentHref(id)}">${words.details}</a>
</section>
`
}
