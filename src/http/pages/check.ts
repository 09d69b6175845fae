import { html } from 'hono/html'
import type { Dated } from '../../core/request/check-facts.ts'
import { LONGEST_REPLY, type SmsReply } from '../../core/request/sms-reply.ts'
import type { RequestTemplate } from '../../core/request/template.ts'
import type { Checked } from '../checking.ts'
import { checkHref } from './check-href.ts'
import { REQUEST_FORM, type RequestFormState, requestForm } from './check-request.ts'
import { helpLink } from './help/help-link.ts'
import { doneNote, faultNote } from './notice.ts'
import { type Html, moment, preciseMoment, type Reader } from './page.ts'
import { terminalHref, visitHref } from './terminal-href.ts'

/** All that the page of one check shows. */
export type CheckPage = RequestFormState & {
  readonly checked: Checked
  readonly templates: readonly RequestTemplate[]
  /** Where the request goes by e-mail; empty: not known. */
  readonly address: string
  readonly done?: string | undefined
  readonly fault?: string | undefined
  /** What stands in its box; a fault: why it was not kept. */
  readonly reply?: { readonly text: string; readonly fault?: string }
}

/** The check of one terminal: the verdict and why, what to do, what was looked at, and only then the request. */
export function checkResultView(reader: Reader, page: CheckPage): Html {
  const { checking: words } = reader.texts
  const { check } = page.checked
  const form = requestForm(reader, page)
  return html`${head(reader, page)}
${verdict(reader, page)}
<div class="columns">
<div class="column">
<section class="card" aria-labelledby="step">
  <h2 id="step">${words.step}</h2>
  <p>${check.step.text}</p>
  <p class="muted">${words.document}: <a href="${check.step.document.url}" rel="noreferrer">${check.step.document.title}</a></p>
</section>
${checklist(reader, page.checked)}
</div>
${replyBox(reader, page)}
</div>
${
  check.verdict === 'do-not-open'
    ? html`<details class="card request"${page.isOpen ? html` open` : ''}>
  <summary>${words.closed}</summary>
  <p class="note warn">${words.closedText}</p>
  ${form}
</details>`
    : html`<section class="card request" id="request" aria-labelledby="request-title">
  <h2 id="request-title">${words.requestTitle}</h2>
  ${form}
</section>`
}`
}

function head(reader: Reader, { checked, done, fault }: CheckPage): Html {
  const { checking: words, checkPage, state } = reader.texts
  const { id, name, client, state: now } = checked.facts.view
  return html`<div class="head check-head"><h1>${checkPage}: ${name || id}</h1>${helpLink(reader, 'check')}
  <a class="no-print" href="/check">${words.another}</a>
  <a class="no-print" href="${terminalHref(id)}">${words.toTerminal}</a>
  <a class="no-print" href="${visitHref(id)}">${reader.texts.visiting.link}</a></div>
<p class="muted">${name === '' ? '' : html`${id} · `}${client === '' ? '' : html`${client} · `}<span class="badge ${now}">${state[now]}</span>
  · ${words.checkedAt} ${preciseMoment(reader, reader.now)}</p>
${doneNote(done)}${faultNote(fault)}`
}

const SIGNS = { 'do-not-open': '✕', 'fix-first': '!', 'ready-for-ticket': '✓' } as const

function verdict(reader: Reader, { checked, templates }: CheckPage): Html {
  const { checking: words } = reader.texts
  const { check, template } = checked
  return html`<section class="banner verdict ${check.verdict}" aria-labelledby="verdict">
  <div>
    <h2 id="verdict"><span class="sign" aria-hidden="true">${SIGNS[check.verdict]}</span>${check.verdictText}</h2>
    <ul class="plain" aria-label="${words.reasons}">${check.reasons.map(({ text }) => html`<li>${text}</li>`)}</ul>
  </div>
  <div class="search no-print">
    <label>${words.problem}
      <select name="problem" form="${REQUEST_FORM}">${templates.map(({ id, title }) =>
        id === template.id
          ? html`<option value="${id}" selected>${title[reader.language]}</option>`
          : html`<option value="${id}">${title[reader.language]}</option>`,
      )}</select></label>
    <button form="${REQUEST_FORM}" name="show" value="1">${words.showProblem}</button>
  </div>
</section>`
}

const MARKS = { good: '✓', bad: '✕', unknown: '?' } as const

function checklist({ texts }: Reader, { check }: Checked): Html {
  const { checking: words } = texts
  return html`<section class="card" aria-labelledby="items">
  <h2 id="items">${words.items}</h2>
  <ul class="checklist">${check.items.map(({ regulation, ok, text }) => {
    const mark = ok === null ? 'unknown' : ok ? 'good' : 'bad'
    const said = ok === null ? words.unknown : ok ? words.ok : words.bad
    return html`
    <li class="${mark}"><span class="mark" aria-hidden="true">${MARKS[mark]}</span>
      <span><span class="hidden">${said}:</span> ${text}
      ${regulation === null ? '' : html`<small>${words.regulation(regulation)}</small>`}</span></li>`
  })}
  </ul>
</section>`
}

function replyBox(reader: Reader, { checked, reply }: CheckPage): Html {
  const { checking: words } = reader.texts
  const { view, replies } = checked.facts
  const told = [replies.info, replies.link, replies.stat].filter((one) => one !== undefined)
  return html`<section class="card no-print" aria-labelledby="reply">
  <div class="head"><h2 id="reply">${words.replyTitle}</h2>${helpLink(reader, 'sms')}</div>
  <p class="muted">${words.replyText}</p>
  ${faultNote(reply?.fault)}
  ${told.length === 0 ? '' : html`<ul class="plain">${told.map((one) => html`<li>${lastReply(reader, one)}</li>`)}</ul>`}
  <div class="stack">
    <label>${words.replyBox}
      <textarea name="text" form="${REQUEST_FORM}" rows="3" maxlength="${LONGEST_REPLY}" spellcheck="false">${reply?.text ?? ''}</textarea></label>
    <p class="buttons"><button form="${REQUEST_FORM}" formaction="${checkHref(view.id, '/reply')}">${words.replyKeep}</button></p>
  </div>
</section>`
}

function lastReply(reader: Reader, { at, told }: Dated<SmsReply>): Html {
  return html`${moment(reader, at)}: ${replyWords(reader, told)}`
}

function replyWords({ texts: { checking: words } }: Reader, reply: SmsReply): string {
  switch (reply.kind) {
    case 'info':
      return [
        reply.firmware === undefined ? '' : `${words.firmware} ${reply.firmware}`,
        reply.records === undefined ? '' : `${words.records}: ${reply.records}`,
        reply.imei === undefined ? '' : `IMEI ${reply.imei}`,
      ]
        .filter((part) => part !== '')
        .join(', ')
    case 'link':
      return `${words.server} ${reply.server}:${reply.port}${reply.time === '' ? '' : `, ${words.lastLink} ${reply.time}`}`
    case 'stat':
      return [
        ...(reply.gps === undefined ? [] : [`GPS ${reply.gps}`]),
        ...(reply.ignition === undefined ? [] : [`IGN ${reply.ignition}`]),
        ...reply.sensors.map(
          ({ number, level, state }) => `${words.fuel(number)}: ${level}, ${words.sensor[state]}`,
        ),
      ].join(', ')
  }
}
