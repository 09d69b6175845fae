import type { Hono } from 'hono'
import type { z } from 'zod'
import type { OutageAction } from '../../core/outage/handling.ts'
import type { Outage } from '../../core/outage/outage.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { letterCounts } from '../letter-counts.ts'
import { outageDetail } from '../outage-detail.ts'
import {
  CancelInput,
  expectedInput,
  MAX_MESSAGE,
  MAX_NOTE,
  MAX_REASON,
  MessageInput,
} from '../outage-input.ts'
import { faultPage } from './fault.ts'
import { type Form, formOf, formText, isTicked } from './form.ts'
import { outageHref } from './letter-table.ts'
import { doneText } from './notice.ts'
import { outageView } from './outage.ts'
import { cancelCheck, type OutageForm, type OutageRefusal } from './outage-forms.ts'
import { page, readerOf } from './page.ts'
import type { Texts } from './texts.ts'

type Words = Texts['handling']

/** What a form asks for: an action, or why it is none. */
type Wish = OutageAction | { readonly kind: 'fault'; readonly fault: string }

const DONE = {
  'expected-resolution': 'expected',
  message: 'message',
  confirm: 'confirm',
  cancel: 'cancel',
  'send-letter': 'send',
} as const satisfies Readonly<Record<OutageForm, keyof Words['done']>>

/** `/outages/{id}` with the forms for what operators can do. */
export function addOutagePage(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  const expected = expectedInput(options.timezone, () => deps.clock.now())

  app.get('/outages', (c) => c.redirect('/service#outages', 303))

  app.get('/outages/:id', async (c) => {
    const outage = await deps.service.outage(c.req.param('id'))
    return outage ? show(c, deps, options, outage, 200) : c.html(faultPage(c, options, 404), 404)
  })

  const on = (form: OutageForm, wish: (fields: Form, words: Words) => Wish): void => {
    app.post(`/outages/:id/${form}`, async (c) => {
      const outage = await deps.service.outage(c.req.param('id') ?? '')
      if (!outage) return c.html(faultPage(c, options, 404), 404)
      const fields = await formOf(c)
      const wanted = wish(fields, wordsOf(c, deps, options))
      if (wanted.kind === 'fault')
        return show(c, deps, options, outage, 422, refusalOf(form, wanted.fault, fields))
      if (wanted.kind === 'cancel' && outage.state === 'open' && !isTicked(fields, 'sure')) {
        return check(c, deps, options, outage, wanted.reason)
      }
      return perform(c, deps, options, outage, form, wanted, fields)
    })
  }

  on('expected-resolution', (fields, words) => expectedWish(expected, fields, words))
  on('message', (fields, words) => {
    const checked = MessageInput.safeParse({ text: formText(fields, 'text') })
    return checked.success ? { kind: 'message', ...checked.data } : fault(words.wrongMessage(MAX_MESSAGE))
  })
  on('cancel', (fields, words) => {
    const checked = CancelInput.safeParse({ reason: formText(fields, 'reason') })
    return checked.success ? { kind: 'cancel', ...checked.data } : fault(words.wrongReason(MAX_REASON))
  })
  on('confirm', () => ({ kind: 'confirm' }))
  on('send-letter', () => ({ kind: 'send-letter' }))
}

function expectedWish(input: ReturnType<typeof expectedInput>, fields: Form, words: Words): Wish {
  const at = isTicked(fields, 'withdraw') ? null : formText(fields, 'at')
  const checked = input.safeParse({ at, note: formText(fields, 'note') })
  if (checked.success) {
    return { kind: 'expected-resolution', resolution: checked.data.at, note: checked.data.note }
  }
  return fault(isAbout(checked.error, 'note') ? words.wrongNote(MAX_NOTE) : words.wrongTime)
}

function isAbout(error: z.core.$ZodError, field: string): boolean {
  return error.issues.every(({ path }) => path[0] === field)
}

function fault(text: string): Wish {
  return { kind: 'fault', fault: text }
}

function refusalOf(form: OutageForm, fault: string, fields: Form): OutageRefusal {
  const names = Object.keys(fields)
  return { form, fault, input: Object.fromEntries(names.map((name) => [name, formText(fields, name)])) }
}

async function perform(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  outage: Outage,
  form: OutageForm,
  action: OutageAction,
  fields: Form,
) {
  const outcome = await deps.outageDesk.act(outage.id, action, actorOf(c, options))
  switch (outcome.kind) {
    case 'done':
      return c.redirect(`${outageHref(outage.id)}?done=${DONE[form]}`, 303)
    case 'missing':
      return c.html(faultPage(c, options, 404), 404)
    case 'refused': {
      const text = wordsOf(c, deps, options).refusals[outcome.reason]
      // The outage has changed since the form was made, so that the page is made of it as it is now.
      const now = (await deps.service.outage(outage.id)) ?? outage
      return show(c, deps, options, now, 409, refusalOf(form, text, fields))
    }
  }
}

function check(c: HttpContext, deps: AppDeps, options: AppOptions, outage: Outage, reason: string) {
  const reader = readerOf(c, options, deps.clock.now())
  const main = cancelCheck(reader, outage, reason)
  return c.html(
    page(reader, { title: reader.texts.handling.sureTitle, section: 'service', signedIn: true, main }),
  )
}

async function show(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  outage: Outage,
  status: 200 | 409 | 422,
  refusal?: OutageRefusal,
) {
  const reader = readerOf(c, options, deps.clock.now())
  const words = reader.texts.handling
  const main = outageView(reader, {
    detail: await outageDetail(deps, outage),
    counts: await letterCounts(deps, outage.id),
    recipients: deps.recipients.list().length,
    done: doneText(c, words.done),
    refusal,
  })
  const title = words.title(reader.format.precise(outage.start))
  return c.html(page(reader, { title, section: 'service', signedIn: true, main }), status)
}

function wordsOf(c: HttpContext, deps: AppDeps, options: AppOptions): Words {
  return readerOf(c, options, deps.clock.now()).texts.handling
}
