import type { Hono } from 'hono'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { MAX_NAME, recipientInput } from '../recipient-input.ts'
import { faultPage } from './fault.ts'
import { type Form, formOf, formText } from './form.ts'
import { doneText } from './notice.ts'
import { page, type Reader, readerOf } from './page.ts'
import { type RecipientsView, type RecipientTyped, recipientsView } from './recipients.ts'

type Refusal = Omit<RecipientsView, 'recipients' | 'done'>

/** `/recipients` and its forms. */
export function addRecipientPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  const { recipients } = deps
  const input = recipientInput(options.language)
  const readerFor = (c: HttpContext): Reader => readerOf(c, options, deps.clock.now())
  const refuse = (c: HttpContext, status: 409 | 413 | 422, refusal: Refusal) =>
    show(c, deps, readerFor(c), status, refusal)

  app.get('/recipients', (c) => {
    const id = c.req.query('edit')
    const edited = recipients.list().find((row) => row.id === id && row.origin === 'page')
    return show(c, deps, readerFor(c), 200, { edited })
  })

  app.post('/recipients', async (c) => {
    const typed = typedIn(await formOf(c))
    const checked = input.safeParse(typed)
    if (!checked.success) return refuse(c, 422, { typed, fault: wrong(readerFor(c), checked.error) })
    const added = await recipients.add(checked.data, actorOf(c, options))
    if (typeof added !== 'string') return c.redirect('/recipients?done=added', 303)
    return refuse(c, 409, { typed, fault: readerFor(c).texts.people.faults[added] })
  })

  app.post('/recipients/import', async (c) => {
    const { texts, language } = readerFor(c)
    const file = (await formOf(c))['file']
    if (!(file instanceof File) || file.size === 0) return refuse(c, 422, { fault: texts.people.csvEmpty })
    const bytes = new Uint8Array(await file.arrayBuffer())
    const by = actorOf(c, options)
    const { created, updated, rejected } = await recipients.importCsv(bytes, by, language)
    if (rejected.length > 0) return refuse(c, 422, { rejected })
    return c.redirect(`/recipients?done=imported&created=${created}&updated=${updated}`, 303)
  })

  app.post('/recipients/:id', async (c) => {
    const edited = recipients.list().find(({ id }) => id === c.req.param('id'))
    if (!edited) return c.html(faultPage(c, options, 404), 404)
    const typed = typedIn(await formOf(c))
    const checked = input.safeParse(typed)
    if (!checked.success) return refuse(c, 422, { edited, typed, fault: wrong(readerFor(c), checked.error) })
    const saved = await recipients.update(edited.id, checked.data, actorOf(c, options))
    if (typeof saved !== 'string') return c.redirect('/recipients?done=saved', 303)
    return refuse(c, 409, { edited, typed, fault: readerFor(c).texts.people.faults[saved] })
  })

  app.post('/recipients/:id/remove', async (c) => {
    const result = await recipients.remove(c.req.param('id'), actorOf(c, options))
    if (result === 'removed') return c.redirect('/recipients?done=removed', 303)
    return refuse(c, 409, { fault: readerFor(c).texts.people.faults[result] })
  })
}

/** The page when the file of an import is longer than what is read. */
export function importTooLong(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
): Response | Promise<Response> {
  const reader = readerOf(c, options, deps.clock.now())
  return show(c, deps, reader, 413, { fault: reader.texts.people.csvTooLong })
}

function show(
  c: HttpContext,
  deps: AppDeps,
  reader: Reader,
  status: 200 | 409 | 413 | 422,
  refusal: Refusal,
): Response | Promise<Response> {
  const { people } = reader.texts
  const view = { recipients: deps.recipients.list(), done: done(c, reader), ...refusal }
  const main = recipientsView(reader, view)
  return c.html(page(reader, { title: people.title, section: 'recipients', signedIn: true, main }), status)
}

function done(c: HttpContext, { texts }: Reader): string | undefined {
  const count = (name: string): number => Number(/^\d{1,6}$/.exec(c.req.query(name) ?? '')?.[0] ?? 0)
  const imported = texts.people.imported(count('created'), count('updated'))
  return doneText(c, { ...texts.people.done, imported })
}

function typedIn(form: Form): RecipientTyped {
  return {
    email: formText(form, 'email'),
    name: formText(form, 'name'),
    language: formText(form, 'language'),
  }
}

function wrong(
  { texts }: Reader,
  error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] },
) {
  const { people } = texts
  return error.issues.some(({ path }) => path[0] === 'email') ? people.wrongEmail : people.wrongName(MAX_NAME)
}
