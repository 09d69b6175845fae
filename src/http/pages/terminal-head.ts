import { html } from 'hono/html'
import { groupWords } from '../../core/flagging/words.ts'
import type { TerminalView } from '../../core/fleet/view.ts'
import { causeView } from '../../core/freshness/diagnosis/cause-view.ts'
import { SECOND } from '../../core/time.ts'
import { serviceBanner } from './banner.ts'
import { helpLink } from './help/help-link.ts'
import { incidentHref } from './incident-table.ts'
import { doneNote, faultNote } from './notice.ts'
import { type Html, moment, type Reader } from './page.ts'
import { visitHref } from './terminal-href.ts'
import type { TerminalPageView } from './terminal-view.ts'

/** Who it is, how it is, and first of all what is to be done. */
export function terminalHead(reader: Reader, page: TerminalPageView): Html {
  const { texts } = reader
  const { view, service } = page
  const isServiceWell = service.status.outage === undefined && WELL.has(service.status.state)
  return html`${isServiceWell ? '' : serviceBanner(reader, service.name, service.status, true)}
<section class="card terminal" aria-labelledby="terminal">
  <div class="head"><h1 id="terminal">${view.name || view.id}</h1>${helpLink(reader, 'states')}
    <a class="button" href="/check?${new URLSearchParams({ q: view.id }).toString()}">${texts.unit.check}</a>
    <a class="button" href="${visitHref(view.id)}">${texts.visiting.link}</a></div>
  ${doneNote(page.done)}${faultNote(page.fault)}
  <section class="todo" aria-labelledby="todo">
    <h2 id="todo">${texts.unit.now}</h2>
    <p>${toDo(reader, page)}</p>
  </section>
  ${state(reader, view)}
  ${why(reader, view)}
  ${places(reader, view)}
</section>`
}

const WELL: ReadonlySet<TerminalPageView['service']['status']['state']> = new Set([
  'up',
  'unknown',
  'maintenance',
])

/** The next step: a failing service explains everything, then the cause tells. */
function toDo({ texts, language }: Reader, { view, service }: TerminalPageView): string {
  const words = texts.unit
  if (service.status.outage !== undefined || service.status.state === 'down') {
    return words.serviceFirst(service.name)
  }
  if (view.state === 'decommissioned') return words.gone
  if (view.state === 'sleeping') return words.asleep
  return view.cause ? causeView(view.cause, language, view).nextStep : words.nothing
}

function state(reader: Reader, view: TerminalView): Html {
  const { texts, language } = reader
  const cause = view.cause && causeView(view.cause, language, view)
  return html`<p><span class="badge ${view.state}">${texts.state[view.state]}</span>
    ${texts.since} ${moment(reader, view.stateSince)} ${remarks(reader, view)}</p>
  <p>${texts.unit.meaning[view.state]}${cause ? ` ${cause.text}` : ''}</p>`
}

function remarks({ texts, format }: Reader, view: TerminalView): string {
  const parts = [
    view.asOf === undefined ? '' : texts.asOf(format.moment(view.asOf)),
    view.lagSeconds === undefined ? '' : texts.lag(format.duration(view.lagSeconds * SECOND)),
    view.caughtUpAt === undefined ? '' : texts.caughtUp(format.moment(view.caughtUpAt)),
    view.clockBehind ? texts.clockBehind : '',
    view.expectedAt === undefined ? '' : texts.expected(format.moment(view.expectedAt)),
    view.unstable ? texts.unstable : '',
  ]
  return parts
    .filter((part) => part !== '')
    .map((part) => `· ${part}`)
    .join(' ')
}

/** What the cause rests on, and the incident and what people know that explain it. */
function why({ texts, format, language }: Reader, view: TerminalView): Html {
  const { incidents: words } = texts
  const { acknowledged: known, incident } = view
  const cause = view.cause && causeView(view.cause, language, view)
  return html`${
    incident
      ? html`<p>${words.partOf} <a href="${incidentHref(incident.id)}">${groupWords(incident, language)}</a></p>`
      : ''
  }${
    cause && cause.evidence.length > 0
      ? html`<details open><summary>${texts.unit.rests} (${words.confidence[cause.confidence]})</summary>
    <ul>${cause.evidence.map((fact) => html`<li>${fact}</li>`)}</ul></details>`
      : ''
  }${
    known
      ? html`<p class="note warn">${texts.acknowledging.known(format.moment(known.until), known.by)}: ${known.reason}</p>`
      : ''
  }`
}

function places({ texts }: Reader, view: TerminalView): Html {
  const words = texts.unit
  const list: readonly (readonly [string, Html | string])[] = [
    [words.id, view.id],
    [texts.client, filtered('client', view.client) || texts.noClient],
    [words.dealer, filtered('dealer', view.dealer)],
    [words.group, filtered('group', view.group)],
    [words.model, view.model],
  ]
  return html`<dl class="facts">${list
    .filter(([, value]) => value !== '')
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** Leads to all terminals of the same place. */
function filtered(name: 'client' | 'dealer' | 'group', value: string): Html | string {
  if (value === '') return ''
  return html`<a href="/?${new URLSearchParams({ [name]: value }).toString()}">${value}</a>`
}
