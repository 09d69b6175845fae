import type { Hono } from 'hono'
import { addressedText, addresseeOf } from '../../core/request/addressee.ts'
import { draftMail } from '../../core/request/draft-mail.ts'
import { LONGEST_TEXT } from '../../core/request/support-request.ts'
import { USUAL_PROBLEM } from '../../core/request/template.ts'
import { actorOf } from '../actor.ts'
import type { Checked } from '../checking.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { draftMessageId, draftOf } from './check-draft.ts'
import { checkHref } from './check-href.ts'
import { checkFor, missing, showCheck } from './check-page.ts'
import { POINT, type RequestFormState } from './check-request.ts'
import { type Form, formOf, formText, isTicked } from './form.ts'
import { readerOf } from './page.ts'

/** The forms of the check of one terminal: a reply by SMS, the text of the request, its letter, and keeping it. */
export function addCheckForms(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.post('/check/:id/reply', (c) => takeReply(c, deps, options, c.req.param('id')))

  app.post('/check/:id', async (c) => {
    const form = await formOf(c)
    const checked = await checkedBy(c, deps, options, c.req.param('id'), form)
    if (typeof checked === 'string') return missing(c, options)
    const draft = draftOf(form, deps.clock.now())
    return showCheck(c, deps, options, 200, { checked, draft, isOpen: true })
  })

  app.post('/check/:id/eml', async (c) => {
    const form = await formOf(c)
    const checked = await checkedBy(c, deps, options, c.req.param('id'), form)
    if (typeof checked === 'string') return missing(c, options)
    const fault = faultIn(c, deps, options, checked, form)
    if (fault) return showCheck(c, deps, options, 422, { checked, ...fault })
    return letter(c, deps, options, checked, form)
  })

  app.post('/check/:id/keep', async (c) => {
    const form = await formOf(c)
    const checked = await checkedBy(c, deps, options, c.req.param('id'), form)
    if (typeof checked === 'string') return missing(c, options)
    const fault = faultIn(c, deps, options, checked, form)
    if (fault) return showCheck(c, deps, options, 422, { checked, ...fault })
    return keep(c, deps, options, checked, form)
  })
}

async function takeReply(c: HttpContext, deps: AppDeps, options: AppOptions, id: string) {
  const form = await formOf(c)
  const text = formText(form, 'text')
  const problem = formText(form, 'problem') || USUAL_PROBLEM
  const outcome = await deps.check.noteReply(id, text, c.get('identity'), actorOf(c, options))
  if (outcome.kind === 'missing') return missing(c, options)
  if (outcome.kind === 'kept') {
    return c.redirect(checkHref(id, `?${new URLSearchParams({ problem, done: 'reply' })}`), 303)
  }
  const checked = await checkFor(c, deps, options, id, { problem })
  if (typeof checked === 'string') return missing(c, options)
  const { checking } = readerOf(c, options, deps.clock.now()).texts
  const fault =
    outcome.kind === 'other-terminal'
      ? checking.otherTerminal(outcome.name)
      : checking.replyFaults[outcome.kind]
  return showCheck(c, deps, options, 422, { checked, reply: { text, fault } })
}

/** The check with what stands in the form; only fields that were sent count, so that known values stay. */
function checkedBy(c: HttpContext, deps: AppDeps, options: AppOptions, id: string, form: Form) {
  const typed = new Map(
    Object.keys(form)
      .filter((name) => name.startsWith(POINT))
      .map((name) => [name.slice(POINT.length), printable(formText(form, name))] as const),
  )
  return checkFor(c, deps, options, id, { problem: formText(form, 'problem') || USUAL_PROBLEM, typed })
}

/** Line ends as one character, no other control characters. */
function printable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
}

/** Why there is no letter yet: points that are required and empty, or too long a text. */
function faultIn(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  { draft, fields }: Checked,
  form: Form,
): RequestFormState | undefined {
  const { checking } = readerOf(c, options, deps.clock.now()).texts
  const state = { isOpen: true, draft: draftOf(form, deps.clock.now()) }
  if (draft.text.length > LONGEST_TEXT) return { ...state, formFault: checking.tooLongText }
  if (draft.missing.length === 0 || isTicked(form, 'incomplete')) return undefined
  const labels = fields.filter(({ key }) => draft.missing.includes(key)).map(({ label }) => label)
  return { ...state, isIncomplete: true, formFault: checking.missingFault(labels.join('; ')) }
}

/** The letter as a file; where there is a thread about the problem it goes on in it (regulation, point 10). */
function letter(c: HttpContext, deps: AppDeps, options: AppOptions, checked: Checked, form: Form) {
  const { facts, draft, template } = checked
  const now = deps.clock.now()
  const thread = facts.requests.find(({ problem }) => problem === template.id)?.messageId ?? null
  const { id } = facts.view
  const addressee = addresseeOf(template.about)
  const to = deps.support().addresses[addressee]
  const { language } = readerOf(c, options, now)
  const mail = draftMail({
    to,
    from: facts.contact?.email ?? '',
    subject: draft.subject,
    text: addressedText(draft.text, addressee, to, language),
    messageId: messageId(c, deps, options, checked, form),
    date: now,
    repliesTo: thread,
  })
  return c.body(mail, 200, {
    'Content-Type': 'message/rfc822',
    'Content-Disposition': `attachment; filename="${template.id}-${id.replace(/[^\w.-]/g, '_')}.eml"`,
  })
}

function messageId(c: HttpContext, deps: AppDeps, options: AppOptions, checked: Checked, form: Form): string {
  const author = {
    name: c.get('identity').name,
    terminal: checked.facts.view.id,
    problem: checked.template.id,
  }
  return draftMessageId(draftOf(form, deps.clock.now()), author, options)
}

async function keep(c: HttpContext, deps: AppDeps, options: AppOptions, checked: Checked, form: Form) {
  const { facts, draft, template } = checked
  const made = await deps.requests.seenBy(c.get('identity')).create(
    {
      terminals: [facts.view.id],
      addressee: addresseeOf(template.about),
      problem: template.id,
      template: { version: template.version, draft: template.status === 'draft' },
      subject: draft.subject,
      text: draft.text,
      anyway: isTicked(form, 'anyway'),
      messageId: messageId(c, deps, options, checked, form),
    },
    actorOf(c, options),
  )
  const { checking } = readerOf(c, options, deps.clock.now()).texts
  const refuse = (state: RequestFormState) =>
    showCheck(c, deps, options, 409, {
      checked,
      isOpen: true,
      draft: draftOf(form, deps.clock.now()),
      ...state,
    })
  switch (made.kind) {
    case 'created':
      return c.redirect(`/requests/${encodeURIComponent(made.request.id)}`, 303)
    case 'duplicate': {
      const { id } = made.request
      return refuse({ duplicate: id, formFault: checking.duplicate(id) })
    }
    case 'full':
      return refuse({ formFault: checking.full })
    case 'unknown-terminals':
      return missing(c, options)
  }
}
