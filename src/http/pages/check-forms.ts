import type { Hono } from 'hono'
import { addressedText, addresseeOf } from '../../core/request/addressee.ts'
import { draftMail } from '../../core/request/draft-mail.ts'
import { LONGEST_TEXT } from '../../core/request/support-request.ts'
import { USUAL_PROBLEM } from '../../core/request/template.ts'
import { actorOf } from '../actor.ts'
import type { Checked } from '../checking.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import type { CheckPage } from './check.ts'
import { answersIn } from './check-answers.ts'
import { draftMessageId, draftOf } from './check-draft.ts'
import { checkHref } from './check-href.ts'
import { checkFor, missing, showCheck } from './check-page.ts'
import type { RequestFormState } from './check-request.ts'
import { type Form, formOf, formText, isTicked } from './form.ts'
import { readerOf } from './page.ts'

/**
 * What the form of a request is sent for: its text, another kind of problem, a reply by SMS, its letter, and keeping it.
 */
export function addCheckForms(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.post('/check/:id/reply', (c) => takeReply(c, deps, options, c.req.param('id')))

  app.post('/check/:id', async (c) => {
    const form = await formOf(c)
    return isTicked(form, 'show')
      ? showProblem(c, deps, options, c.req.param('id'), form)
      : showText(c, deps, options, c.req.param('id'), form)
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

type FormState = RequestFormState & Pick<CheckPage, 'reply'>

async function showText(c: HttpContext, deps: AppDeps, options: AppOptions, id: string, form: Form) {
  const checked = await checkedBy(c, deps, options, id, form)
  if (typeof checked === 'string') return missing(c, options)
  return showCheck(c, deps, options, 200, { checked, ...stateOf(form, deps) })
}

/** Another kind of problem with what was typed for this one; with nothing typed it has an address of its own. */
async function showProblem(c: HttpContext, deps: AppDeps, options: AppOptions, id: string, form: Form) {
  const problem = formText(form, 'problem')
  const typed = answersIn(form)
  if (typed.size === 0 && formText(form, 'text') === '') return c.redirect(problemHref(id, { problem }), 303)
  const checked = await checkFor(c, deps, options, id, { problem, typed })
  if (typeof checked === 'string') return missing(c, options)
  return showCheck(c, deps, options, 200, { checked, ...stateOf(form, deps), isOpen: typed.size > 0 })
}

async function takeReply(c: HttpContext, deps: AppDeps, options: AppOptions, id: string) {
  const form = await formOf(c)
  const text = formText(form, 'text')
  const isTyped = answersIn(form).size > 0
  const outcome = await deps.check.noteReply(id, text, c.get('identity'), actorOf(c, options))
  if (outcome.kind === 'missing') return missing(c, options)
  if (outcome.kind === 'kept' && !isTyped) {
    return c.redirect(problemHref(id, { problem: problemIn(form), done: 'reply' }), 303)
  }
  const checked = await checkedBy(c, deps, options, id, form)
  if (typeof checked === 'string') return missing(c, options)
  const state = { checked, ...stateOf(form, deps), isOpen: isTyped }
  const { checking } = readerOf(c, options, deps.clock.now()).texts
  if (outcome.kind === 'kept') {
    return showCheck(c, deps, options, 200, { ...state, reply: { text: '' }, done: checking.done.reply })
  }
  const fault =
    outcome.kind === 'other-terminal'
      ? checking.otherTerminal(outcome.name)
      : checking.replyFaults[outcome.kind]
  return showCheck(c, deps, options, 422, { ...state, reply: { text, fault } })
}

function problemHref(id: string, shown: Readonly<Record<string, string>>): string {
  return checkHref(id, `?${new URLSearchParams(shown)}`)
}

/** The kind of problem whose points the form has; the one that is only chosen is shown by a button of its own. */
function problemIn(form: Form): string {
  return formText(form, 'shown') || formText(form, 'problem') || USUAL_PROBLEM
}

/** What stays as it is in a form that is shown again. */
function stateOf(form: Form, { clock }: Pick<AppDeps, 'clock'>): FormState {
  return { isOpen: true, draft: draftOf(form, clock.now()), reply: { text: formText(form, 'text') } }
}

function checkedBy(c: HttpContext, deps: AppDeps, options: AppOptions, id: string, form: Form) {
  return checkFor(c, deps, options, id, { problem: problemIn(form), typed: answersIn(form) })
}

/** Why there is no letter yet: points that are required and empty, or too long a text. */
function faultIn(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  { draft, fields }: Checked,
  form: Form,
): FormState | undefined {
  const { checking } = readerOf(c, options, deps.clock.now()).texts
  const state = stateOf(form, deps)
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
      // A problem of the service is not about the terminal at which it was noticed.
      terminals: template.about === 'service' ? [] : [facts.view.id],
      about: template.about,
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
  const refuse = (state: FormState) =>
    showCheck(c, deps, options, 409, { checked, ...stateOf(form, deps), ...state })
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
