import { html } from 'hono/html'
import type { Outage } from '../../core/outage/outage.ts'
import { DAY } from '../../core/time.ts'
import { MAX_MESSAGE, MAX_NOTE, MAX_REASON } from '../outage-input.ts'
import { outageHref } from './letter-table.ts'
import { localInput, nextMinute } from './local-time.ts'
import type { Html, Reader } from './page.ts'

/** Forms of the page; each posts to the address of the API's action. */
export type OutageForm = 'expected-resolution' | 'message' | 'cancel' | 'confirm' | 'send-letter'

/** What was typed and why it was refused, for the form to be shown again. */
export type OutageRefusal = {
  readonly form: OutageForm
  readonly fault: string
  readonly input: Readonly<Record<string, string>>
}

/** What operators can do about an outage that is open. */
export function outageForms(
  reader: Reader,
  outage: Outage,
  recipients: number,
  refusal: OutageRefusal | undefined,
): Html {
  const { handling: words } = reader.texts
  const typed = (form: OutageForm) => (refusal?.form === form ? refusal.input : undefined)
  const card = (form: OutageForm, title: string, help: string, fields: Html): Html =>
    formCard(`${outageHref(outage.id)}/${form}`, form, title, help, fields)
  const send = canSend(outage)
    ? card('send-letter', words.sendTitle, words.sendHelp, sendFields(reader, recipients))
    : ''
  const expected = expectedFields(reader, outage, typed('expected-resolution'))
  // After an alarm the page is opened for one thing: to decide whether the letter goes.
  const sendFirst = outage.operatorAlarmAt !== null
  return html`<h2 class="hidden no-print">${words.actions}</h2>
<div class="columns no-print">
${sendFirst ? send : ''}
${card('expected-resolution', words.expectedTitle, words.expectedHelp, expected)}
${card('message', words.messageTitle, words.messageHelp, messageFields(reader, typed('message')))}
${sendFirst ? '' : send}
${outage.handling.confirmed === null ? card('confirm', words.confirmTitle, words.confirmHelp, confirmFields(reader)) : ''}
${card('cancel', words.cancelTitle, words.cancelHelp, cancelFields(reader, typed('cancel')))}
</div>`
}

function formCard(action: string, id: OutageForm, title: string, help: string, fields: Html): Html {
  return html`<section class="card" id="${id}" aria-labelledby="${id}-title">
  <h2 id="${id}-title">${title}</h2>
  <p class="muted">${help}</p>
  <form method="post" action="${action}" class="stack">${fields}</form>
</section>`
}

/** The first letter can be ordered as long as none was written and nobody has ordered it. */
function canSend({ bulletins, handling }: Outage): boolean {
  return bulletins.at === null && handling.ordered === null
}

function expectedFields(reader: Reader, outage: Outage, typed: OutageRefusal['input'] | undefined): Html {
  const { texts, timezone, now } = reader
  const { handling: words } = texts
  const { expected } = outage.handling
  const resolution = expected?.resolution ?? null
  const stated = resolution !== null && resolution > now ? localInput(resolution, timezone) : ''
  const min = localInput(nextMinute(now), timezone)
  const max = localInput(now + 365 * DAY, timezone)
  return html`
    <label>${words.time} (${texts.timesIn(timezone)})
      <input type="datetime-local" name="at" value="${typed?.['at'] ?? stated}" min="${min}" max="${max}" required></label>
    <label>${words.note}
      <input name="note" value="${typed?.['note'] ?? expected?.note ?? ''}" maxlength="${MAX_NOTE}"></label>
    <p class="buttons"><button class="main">${words.setTime}</button>
      ${resolution === null ? '' : html`<button name="withdraw" value="1" formnovalidate>${words.withdrawTime}</button>`}</p>
  `
}

function messageFields({ texts }: Reader, typed: OutageRefusal['input'] | undefined): Html {
  const { handling: words } = texts
  return html`
    <label>${words.messageLabel}
      <textarea name="text" rows="4" maxlength="${MAX_MESSAGE}" required>${typed?.['text'] ?? ''}</textarea></label>
    <p class="buttons"><button class="main">${words.sendMessage}</button></p>
  `
}

function sendFields({ texts }: Reader, recipients: number): Html {
  const { handling: words } = texts
  return recipients === 0
    ? html`<p>${words.sendToNobody} <a href="/recipients">${texts.recipientsPage}</a></p>`
    : html`<p>${words.sendTo(recipients)}</p>
    <p class="buttons"><button class="main">${words.send}</button></p>`
}

function confirmFields({ texts }: Reader): Html {
  return html`<p class="buttons"><button>${texts.handling.confirm}</button></p>`
}

function cancelFields({ texts }: Reader, typed: OutageRefusal['input'] | undefined): Html {
  const { handling: words } = texts
  return html`
    <label>${words.cancelReason}
      <input name="reason" value="${typed?.['reason'] ?? ''}" maxlength="${MAX_REASON}" required></label>
    <p class="buttons"><button class="danger">${words.cancel}</button></p>
  `
}

/** The second step before an outage is cancelled: what will be said, and to whom. */
export function cancelCheck({ texts }: Reader, outage: Outage, reason: string): Html {
  const { handling: words } = texts
  return html`<section class="card narrow">
  <h1>${words.sureTitle}</h1>
  <p>${words.sureText}</p>
  <blockquote>${reason}</blockquote>
  <form method="post" action="${outageHref(outage.id)}/cancel" class="stack">
    <input type="hidden" name="reason" value="${reason}">
    <input type="hidden" name="sure" value="1">
    <p class="buttons"><button class="danger">${words.sure}</button>
      <a class="button" href="${outageHref(outage.id)}">${words.keep}</a></p>
  </form>
</section>`
}
