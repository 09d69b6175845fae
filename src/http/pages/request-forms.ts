import { html } from 'hono/html'
import type { RequestStanding } from '../../core/request/overdue.ts'
import { LONGEST_MESSAGE, type SupportRequest } from '../../core/request/support-request.ts'
import { MAX_PROMISE_NOTE, MAX_TICKET } from '../request-input.ts'
import { localInput } from './local-time.ts'
import type { Html, Reader } from './page.ts'
import type { RequestForm } from './request-action-input.ts'
import { requestHref, wordsFor } from './request-parts.ts'
import { field, type Tried } from './terminal-field.ts'

type FormView = { readonly request: SupportRequest; readonly tried: Tried | undefined }

/** Forms that the page groups under a word; results of steps have theirs in the table of steps. */
type Listed = Exclude<RequestForm, 'step-done'>

/** The form for what comes next; empty: nothing is to be done by us. */
export function nextForm(reader: Reader, view: FormView, { next }: RequestStanding): Html | string {
  const name = formFor(next)
  if (name === undefined) return ''
  return html`<p class="muted">${wordsFor(reader, view.request.addressee).forms[name].help}</p>${form(reader, view, name, true)}`
}

/** What else can be said of the request, each behind its name. */
export function otherForms(reader: Reader, view: FormView, { next }: RequestStanding): Html {
  const words = wordsFor(reader, view.request.addressee)
  const shown = formFor(next)
  const names = possible(view.request).filter((name) => name !== shown)
  return html`<section class="card actions" aria-labelledby="actions">
  <h2 id="actions">${words.actions}</h2>
  ${names.map(
    (
      name,
    ) => html`<details id="${name}"${view.tried?.form === name ? ' open' : ''}><summary>${words.forms[name].title}</summary>
    <p class="muted">${words.forms[name].help}</p>
    ${form(reader, view, name, false)}</details>`,
  )}
</section>`
}

/** What was typed; when the request has that form no more, in the form of a note, which there always is. */
export function triedIn({ request, tried }: FormView, { next }: RequestStanding): Tried | undefined {
  if (tried === undefined) return undefined
  const steps = request.closedAt === null ? request.steps.map((_, place) => `step-done-${place + 1}`) : []
  const forms: readonly (string | undefined)[] = [formFor(next), ...possible(request), ...steps]
  if (forms.includes(tried.form)) return tried
  const { text = '', result = '', number = '', note = '' } = tried.typed
  const said = [text, result, number, note].filter((part) => part !== '').join('\n')
  return { form: 'note', typed: { text: said }, faults: tried.faults }
}

const FOR_STEP: Readonly<Record<NonNullable<RequestStanding['next']>['kind'], Listed | undefined>> = {
  send: 'sent',
  register: 'ticket',
  answer: 'answered',
  official: 'official-answered',
  promise: undefined,
  wait: undefined,
}

function formFor(next: RequestStanding['next']): Listed | undefined {
  return next === null ? undefined : FOR_STEP[next.kind]
}

function possible({ closedAt, sentAt, questionAt, ...request }: SupportRequest): readonly Listed[] {
  if (closedAt !== null) return ['reopen', 'note']
  if (sentAt === null) return ['sent', 'ticket', 'step', 'note', 'close']
  const isAwaited = request.officialAskedAt !== null && request.officialAnsweredAt === null
  return [
    'ticket',
    'asked',
    ...(questionAt === null ? [] : (['answered'] as const)),
    'follow-up',
    'promised',
    'step',
    ...(request.addressee === 'support'
      ? [isAwaited ? ('official-answered' as const) : ('official-asked' as const)]
      : []),
    'note',
    'close',
  ]
}

function form(reader: Reader, view: FormView, name: Listed, main: boolean): Html {
  const words = wordsFor(reader, view.request.addressee)
  const button = html`<button class="${main ? 'main' : ''}">${words.forms[name].button}</button>`
  const address = `${requestHref(view.request.id)}/${name}`
  return html`<form method="post" action="${address}" class="stack">
    ${fields(reader, view, name)}
    <p class="buttons">${button}
      ${
        name === 'promised' && view.request.promised
          ? html`<button name="withdraw" value="1" formnovalidate>${words.fields.withdraw}</button>`
          : ''
      }</p>
  </form>`
}

function fields(reader: Reader, { request, tried }: FormView, name: Listed): Html {
  const { fields: words } = reader.texts.requests
  const text = (label: string, required: boolean): Html =>
    field(name, tried, { name: 'text', label, type: 'textarea', maxlength: LONGEST_MESSAGE, required })
  switch (name) {
    case 'sent':
      return field(name, tried, { name: 'messageId', label: words.messageId, type: 'text', maxlength: 250 })
    case 'ticket':
      return field(name, tried, {
        name: 'number',
        label: words.number,
        type: 'text',
        value: request.ticket,
        maxlength: MAX_TICKET,
        required: true,
      })
    case 'promised':
      return promisedFields(reader, { request, tried })
    case 'step':
      return html`${text(words.text, true)}
    ${field(name, tried, { name: 'result', label: words.result, type: 'textarea', maxlength: LONGEST_MESSAGE })}`
    case 'close':
      return text(words.outcome, false)
    case 'reopen':
      return text(words.why, false)
    case 'official-asked':
    case 'official-answered':
      return text(words.text, false)
    case 'asked':
    case 'answered':
    case 'follow-up':
    case 'note':
      return text(words.text, true)
  }
}

function promisedFields(reader: Reader, { request: { promised }, tried }: FormView): Html {
  const { texts, timezone, now } = reader
  const { fields: words } = texts.requests
  const typed = tried?.form === 'promised' ? tried.typed : undefined
  const isApproximate = typed ? typed['approximate'] !== '' : promised?.approximate === true
  const stated = promised && promised.at > now ? localInput(promised.at, timezone) : ''
  return html`${field('promised', tried, {
    name: 'at',
    label: `${words.at} (${texts.timesIn(timezone)})`,
    type: 'datetime-local',
    value: stated,
    required: true,
  })}
    ${field('promised', tried, { name: 'note', label: words.note, type: 'text', value: promised?.note ?? '', maxlength: MAX_PROMISE_NOTE })}
    <label class="tick"><input type="checkbox" name="approximate" value="1"${isApproximate ? ' checked' : ''}> ${words.approximate}</label>`
}

/** What came of a recommended step, counted from 1. */
export function stepForm(reader: Reader, { request, tried }: FormView, step: number): Html {
  const words = reader.texts.requests
  const key = `step-done-${step}`
  return html`<details${tried?.form === key ? ' open' : ''}><summary>${words.enterResult}</summary>
    <form method="post" action="${requestHref(request.id)}/step-done" class="stack">
      <input type="hidden" name="step" value="${step}">
      ${field(key, tried, {
        name: 'result',
        label: words.fields.result,
        type: 'textarea',
        maxlength: LONGEST_MESSAGE,
        value: request.steps[step - 1]?.result ?? '',
        required: true,
      })}
      <p class="buttons"><button>${words.saveResult}</button></p>
    </form></details>`
}
