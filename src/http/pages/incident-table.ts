import { html } from 'hono/html'
import { groupWords } from '../../core/flagging/words.ts'
import { type Incident, silenceEndedAt } from '../../core/freshness/mass/incident.ts'
import { type Html, moment, preciseMoment, type Reader } from './page.ts'

/** Incidents with what their terminals have in common, when, and how many. */
export function incidentTable(reader: Reader, incidents: readonly Incident[], caption: string): Html {
  const { texts } = reader
  const { incidents: words } = texts
  return html`<table>
    <caption class="hidden">${caption}</caption>
    <thead><tr>
      <th scope="col">${words.what}</th>
      <th scope="col">${words.onset}</th>
      <th scope="col" class="wide">${words.end}</th>
      <th scope="col">${words.terminals}</th>
    </tr></thead>
    <tbody>${incidents.map((incident) => row(reader, incident))}</tbody>
  </table>`
}

function row(reader: Reader, incident: Incident): Html {
  const { format, language, texts, now } = reader
  const { incidents: words } = texts
  const { id, onsetAt, closedAt, silent } = incident
  const endedAt = silenceEndedAt(incident)
  const duration = format.duration(Math.max(0, (endedAt ?? now) - onsetAt))
  const end = endedAt === null ? words.goesOn : moment(reader, endedAt)
  return html`<tr>
      <th scope="row"><a href="${incidentHref(id)}">${groupWords(incident, language)}</a></th>
      <td>${preciseMoment(reader, onsetAt)}<small class="narrow-only">${words.end}: ${end}</small></td>
      <td class="wide">${end}<small>${duration}</small></td>
      <td>${memberCount(reader, incident)}${
        closedAt === null ? html`<small>${words.silentNow(format.number(silent))}</small>` : ''
      }</td>
    </tr>`
}

function memberCount({ format }: Reader, { members, expected }: Incident): string {
  return expected >= members
    ? `${format.number(members)} / ${format.number(expected)}`
    : format.number(members)
}

/** The page of an incident. */
export function incidentHref(id: string): string {
  return `/incidents/${encodeURIComponent(id)}`
}
