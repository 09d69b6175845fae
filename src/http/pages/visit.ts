import { html } from 'hono/html'
import type { TerminalFacts } from '../../core/fleet/facts.ts'
import type { TerminalView } from '../../core/fleet/view.ts'
import { causeView } from '../../core/freshness/diagnosis/cause-view.ts'
import { contactLine, type DealerContact } from '../../core/people/dealer-contact.ts'
import type { SupportRequest } from '../../core/request/support-request.ts'
import { type VisitSheet, visitSheet } from '../../core/visit/visit-sheet.ts'
import { type Html, moment, preciseMoment, type Reader } from './page.ts'
import { terminalHref } from './terminal-href.ts'
import { readings } from './terminal-readings.ts'

/** All that a visit sheet shows. */
export type VisitView = {
  readonly view: TerminalView
  readonly facts: TerminalFacts
  /** Open ones about the terminal. */
  readonly requests: readonly SupportRequest[]
  readonly contact: DealerContact | undefined
}

/** What a technician takes along to the vehicle (regulation, point 4): made to be printed. */
export function visitView(reader: Reader, page: VisitView): Html {
  const { view } = page
  const words = reader.texts.visiting
  const sheet = visitSheet({ cause: view.cause?.code, model: view.model }, reader.language)
  return html`<div class="head"><h1>${words.title}: ${view.name || view.id}</h1>
  <a class="no-print" href="${terminalHref(view.id)}">${words.back}</a>
  <button type="button" data-print hidden>${reader.texts.print}</button></div>
<p class="muted">${words.printed} ${preciseMoment(reader, reader.now)} · ${words.made}: ${reader.who?.name ?? ''}</p>
<div class="columns visit">
${identification(reader, page)}
${condition(reader, page)}
</div>
<div class="columns visit">
${list('bring', words.bring, sheet.bring)}
${list('checks', words.checks, sheet.checks, true)}
</div>
<div class="columns visit">
${readings(reader, view)}
${commands(reader, sheet, page.facts.sim)}
</div>
${notes(reader)}`
}

type Fact = readonly [string, Html | string]

function identification({ texts }: Reader, { view, facts, contact, requests }: VisitView): Html {
  const { unit, visiting: words } = texts
  const { firmware } = view
  const rows: readonly Fact[] = [
    [unit.id, view.id],
    [texts.client, view.client],
    [unit.dealer, view.dealer],
    [unit.group, view.group],
    [unit.model, view.model],
    [unit.fact.firmware, firmware ? `${firmware.version}: ${unit.firmware[firmware.status]}` : ''],
    [unit.fact.imei, facts.imei],
    [unit.fact.sim, facts.sim],
    [unit.fact.operator, facts.operator],
    [unit.fact.aliases, facts.aliases.join(', ')],
    [words.contact, contact ? contactLine(contact) : ''],
    [words.requests, requests.map(({ id, ticket }) => `${id} (${ticket || words.noTicket})`).join(', ')],
  ]
  return card('who', words.who, factList(rows))
}

function condition(reader: Reader, { view }: VisitView): Html {
  const { texts, language } = reader
  const words = texts.visiting
  const cause = view.cause && causeView(view.cause, language, view)
  const rows: readonly Fact[] = [
    [words.cause, cause?.text ?? words.noCause],
    [words.step, cause?.nextStep ?? ''],
    [words.lastContact, moment(reader, view.contactAt)],
    [words.lastData, moment(reader, view.dataAt)],
    [words.lastFix, moment(reader, view.fixAt)],
  ]
  const evidence = cause?.evidence ?? []
  return card(
    'state',
    words.state,
    html`<p><span class="badge ${view.state}">${texts.state[view.state]}</span> ${texts.since} ${moment(reader, view.stateSince)}</p>
  ${factList(rows)}
  ${evidence.length === 0 ? '' : html`<p>${words.evidence}:</p><ul>${evidence.map((fact) => html`<li>${fact}</li>`)}</ul>`}`,
  )
}

function factList(rows: readonly Fact[]): Html {
  return html`<dl class="facts">${rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** Each line with a box to tick on paper. */
function list(id: string, title: string, lines: readonly string[], isOrdered = false): Html {
  const items = lines.map((line) => html`<li><span class="box" aria-hidden="true"></span>${line}</li>`)
  return card(
    id,
    title,
    isOrdered ? html`<ol class="to-tick">${items}</ol>` : html`<ul class="to-tick">${items}</ul>`,
  )
}

function commands({ texts }: Reader, { commands: all, commandNote }: VisitSheet, sim: string): Html {
  const words = texts.visiting
  return card(
    'commands',
    words.commands,
    html`${sim === '' ? '' : html`<p>${words.number}: ${sim}</p>`}
  ${commandNote === '' ? '' : html`<p class="muted">${commandNote}</p>`}
  ${
    all.length === 0
      ? ''
      : html`<table>
    <caption class="hidden">${words.commands}</caption>
    <thead><tr><th scope="col">${words.command}</th><th scope="col">${words.purpose}</th></tr></thead>
    <tbody>${all.map(({ command, purpose }) => html`<tr><th scope="row"><code>${command}</code></th><td class="free">${purpose}</td></tr>`)}</tbody>
  </table>`
  }`,
  )
}

/** Room to write; on a screen as well, so that what is printed can be seen before. */
function notes({ texts }: Reader): Html {
  const words = texts.visiting
  const room = (title: string): Html => html`<div><dt>${title}</dt><dd class="room"></dd></div>`
  return card(
    'notes',
    words.notes,
    html`<dl class="facts">${[words.arrived, words.left, words.signature].map(room)}</dl>
  <p>${words.done}:</p>
  <div class="ruled" aria-hidden="true"></div>`,
  )
}

function card(id: string, title: string, content: Html): Html {
  return html`<section class="card" aria-labelledby="${id}">
  <h2 id="${id}">${title}</h2>
  ${content}
</section>`
}
