import { html } from 'hono/html'
import { commonCauseWords, groupWords } from '../../core/flagging/words.ts'
import type { MemberPage, MemberView } from '../../core/fleet/incident-members.ts'
import { type Incident, type IncidentEvent, silenceEndedAt } from '../../core/freshness/mass/incident.ts'
import { incidentHref } from './incident-table.ts'
import { type Html, moment, preciseMoment, type Reader } from './page.ts'
import { terminalHref } from './terminal-href.ts'

/** All that the page of an incident shows. */
export type IncidentPageView = {
  readonly incident: Incident
  readonly members: MemberPage
  /** Of this page of the members; undefined: it is the first one. */
  readonly cursor: string | undefined
}

/** One incident: what is known of it, how it went, and its terminals. */
export function incidentView(reader: Reader, view: IncidentPageView): Html {
  const { texts, language } = reader
  const { incidents: words } = texts
  const { incident } = view
  return html`<h1>${words.title}: ${groupWords(incident, language)}</h1>
<section class="card" aria-label="${words.title}">
  <p>${summary(reader, incident)}</p>
  ${facts(reader, incident)}
  <p><a href="/incidents">${words.all}</a></p>
</section>
<section class="card" aria-labelledby="timeline">
  <h2 id="timeline">${words.timeline}</h2>
  <ol>${incident.timeline.map((event) => timelineLine(reader, event))}</ol>
</section>
<section class="card" aria-labelledby="members">
  <h2 id="members">${words.membersTitle}</h2>
  ${view.members.total === 0 ? html`<p>${texts.nothingFound}</p>` : memberTable(reader, view.members.items)}
  <p class="muted">${texts.listCaption(
    reader.format.number(view.members.items.length),
    reader.format.number(view.members.total),
  )}</p>
  ${pages(reader, view)}
</section>`
}

function summary(reader: Reader, { members, expected, onsetAt, silent, closedAt }: Incident): Html {
  const { texts, format } = reader
  const { incidents: words } = texts
  return html`<span class="badge ${closedAt === null ? 'degraded' : 'up'}">${words.state[closedAt === null ? 'open' : 'closed']}</span>
    ${words.fellSilent(members, expected)} ${texts.since} ${moment(reader, onsetAt)}; ${words.stillSilent(format.number(silent))}.
    ${closedAt === null ? words.nothingEach : ''}`
}

function facts(reader: Reader, incident: Incident): Html {
  const { texts, format, language, now } = reader
  const { incidents: words } = texts
  const { onsetAt, openedAt, also } = incident
  const endedAt = silenceEndedAt(incident)
  const duration = format.duration(Math.max(0, (endedAt ?? now) - onsetAt))
  const list: readonly (readonly [string, Html | string])[] = [
    [words.suspected, commonCauseWords(incident, language)],
    [words.advice, words.byDimension[incident.dimension]],
    ...(also.length === 0
      ? []
      : [[words.also, also.map((group) => groupWords(group, language)).join(', ')] as const]),
    [words.onset, preciseMoment(reader, onsetAt)],
    [words.openedAt, preciseMoment(reader, openedAt)],
    [
      words.end,
      html`${endedAt === null ? words.goesOn : preciseMoment(reader, endedAt)} <small>${endedAt === null ? texts.lasts(duration) : duration}</small>`,
    ],
    [words.expected, format.number(incident.expected)],
    [words.membersEver, format.number(incident.members)],
  ]
  return html`<dl class="facts">${list.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function timelineLine(reader: Reader, { at, kind, silent }: IncidentEvent): Html {
  const text = reader.texts.incidents.event[kind](reader.format.number(silent))
  return html`<li>${preciseMoment(reader, at)}: ${text}</li>`
}

function memberTable(reader: Reader, members: readonly MemberView[]): Html {
  const { texts } = reader
  return html`<table>
    <caption class="hidden">${texts.incidents.membersCaption}</caption>
    <thead><tr>
      <th scope="col">${texts.terminal}</th>
      <th scope="col">${texts.stateColumn}</th>
      <th scope="col">${texts.contact}</th>
    </tr></thead>
    <tbody>${members.map(
      (member) => html`<tr>
      <th scope="row"><a href="${terminalHref(member.id)}">${member.name || member.id}</a>
        <small>${member.name && member.name !== member.id ? `${member.id} ` : ''}${member.client}</small></th>
      <td><span class="badge ${member.state}">${texts.state[member.state]}</span>
        <small>${texts.since} ${moment(reader, member.stateSince)}</small></td>
      <td>${moment(reader, member.contactAt)}</td>
    </tr>`,
    )}</tbody>
  </table>`
}

function pages({ texts }: Reader, { incident, members, cursor }: IncidentPageView): Html | string {
  const { next } = members
  if (cursor === undefined && next === null) return ''
  const here = incidentHref(incident.id)
  return html`<nav class="pages" aria-label="${texts.pages}">
    ${cursor === undefined ? '' : html`<a class="button" href="${here}">${texts.firstPage}</a>`}
    ${next === null ? '' : html`<a class="button" rel="next" href="${here}?${new URLSearchParams({ cursor: next }).toString()}">${texts.nextPage}</a>`}
  </nav>`
}
