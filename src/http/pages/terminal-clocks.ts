import { html } from 'hono/html'
import type { TerminalFacts } from '../../core/fleet/facts.ts'
import type { LearntHabit, TerminalView } from '../../core/fleet/view.ts'
import { type Instant, SECOND, toIso } from '../../core/time.ts'
import { ago } from './ago.ts'
import { machineTime } from './format.ts'
import { helpLink } from './help/help-link.ts'
import type { Html, Reader } from './page.ts'
import { terminalHref } from './terminal-href.ts'

const CLOCKS = ['contact', 'data', 'fix', 'live', 'link'] as const

/** When the terminal was heard, how old its data is, and what it is judged by. */
export function clocks(reader: Reader, view: TerminalView, facts: TerminalFacts): Html {
  const words = reader.texts.unit
  const at: Readonly<Record<(typeof CLOCKS)[number], Instant | null>> = {
    contact: view.contactAt,
    data: view.dataAt,
    fix: view.fixAt,
    live: view.liveAt,
    link: view.linkAt,
  }
  return html`<section class="card" aria-labelledby="clocks">
  <div class="head"><h2 id="clocks">${words.clocks}</h2>${helpLink(reader, 'times')}</div>
  <dl class="clocks">${CLOCKS.map((name) => clock(reader, name, at[name]))}</dl>
  ${meter(reader, view)}
  <div class="columns">
  ${thresholds(reader, view, facts)}
  ${learnt(reader, view)}
  </div>
</section>`
}

function clock(reader: Reader, name: (typeof CLOCKS)[number], at: Instant | null): Html {
  const [title = '', meaning = ''] = reader.texts.unit.clock[name]
  return html`<div><dt>${title}</dt>
    <dd>${at === null ? html`<b>${reader.texts.never}</b>` : told(reader, at)}<small>${meaning}</small></dd></div>`
}

function told({ texts, format, language, now, timezone }: Reader, at: Instant): Html {
  return html`<b>${ago(now - at, language)}</b>
      <time datetime="${machineTime(at)}" title="${toIso(at)}">${texts.unit.zone(format.precise(at), timezone)}</time>`
}

/** How much of the threshold the age of the data has used up. */
function meter({ texts, format }: Reader, { dataAgeSeconds: age, threshold }: TerminalView): Html {
  const words = texts.unit
  const limit = threshold.seconds
  if (age === null) return html`<p class="meter">${words.meter}: ${words.noData}</p>`
  const duration = format.duration(age * SECOND)
  if (limit === null) return html`<p class="meter">${words.meter}: ${words.noLimit(duration)}</p>`
  const text = words.ofThreshold(duration, format.duration(limit * SECOND))
  return html`<p class="meter"><label for="age">${words.meter}</label>
    <meter id="age" min="0" max="${limit * 2}" low="${limit * 0.8}" high="${limit}" optimum="0" value="${Math.min(age, limit * 2)}">${text}</meter>
    <span>${text}</span></p>`
}

function thresholds({ texts, format }: Reader, view: TerminalView, facts: TerminalFacts): Html {
  const words = texts.unit
  const now = view.parked ? 'parked' : 'moving'
  const rows = (['moving', 'parked', 'lost', 'neverAfter'] as const).map((name) => {
    const { seconds, from } = facts.thresholds[name]
    return html`<tr>
      <th scope="row">${words.names[name]}${name === now ? html` <small>${words.counts}</small>` : ''}</th>
      <td>${seconds === null ? texts.notJudged : format.duration(seconds * SECOND)}</td>
      <td>${texts.origin[from]}</td>
    </tr>`
  })
  return html`<table>
    <caption>${words.thresholdsCaption}</caption>
    <thead><tr>
      <th scope="col">${words.threshold}</th>
      <th scope="col">${words.after}</th>
      <th scope="col">${words.origin}</th>
    </tr></thead>
    <tbody>${rows}</tbody>
  </table>`
}

function learnt(reader: Reader, { id, learnt: known }: TerminalView): Html | string {
  if (!known) return ''
  const words = reader.texts.unit
  const habits = (['moving', 'parked'] as const).flatMap((name) => {
    const habit = known[name]
    return habit ? [html`<li>${learntLine(reader, words.names[name], habit)}</li>`] : []
  })
  return html`<div class="stack"><h3>${words.learnt}</h3>
  <ul class="plain">${habits.length === 0 ? html`<li>${words.learntFew}</li>` : habits}</ul>
  ${
    habits.length === 0
      ? ''
      : html`<form method="post" action="${terminalHref(id)}/forget-learnt"><button>${words.forget}</button></form>`
  }</div>`
}

function learntLine({ texts, format }: Reader, name: string, { seconds, gaps }: LearntHabit): string {
  const time = seconds === null ? texts.unit.learntFew : format.duration(seconds * SECOND)
  return texts.unit.learntLine(name, time, format.number(gaps))
}
