import type { Hono } from 'hono'
import { pastedPoints } from '../../core/request/template-paste.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { LONGEST_POINTS, OfficialInput } from '../template-input.ts'
import { faultPage } from './fault.ts'
import { formOf, formText } from './form.ts'
import { doneText } from './notice.ts'
import { page, readerOf } from './page.ts'
import { type PointsTyped, templatesView, templateView } from './templates.ts'

/** `/templates`: the points of requests, and the official ones in place of the drafts. */
export function addTemplatePages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  const { templates } = deps

  app.get('/templates', (c) => {
    const reader = readerOf(c, options, deps.clock.now())
    const main = templatesView(reader, templates.list())
    const { title } = reader.texts.templating
    return c.html(page(reader, { title, section: 'templates', signedIn: true, main }))
  })

  app.get('/templates/:id', (c) => show(c, deps, options, c.req.param('id'), 200, {}))

  app.post('/templates/:id', async (c) => {
    const id = c.req.param('id')
    const draft = templates.draft(id)
    if (!draft) return c.html(faultPage(c, options, 404), 404)
    const form = await formOf(c)
    // Browsers end lines by two characters.
    const text = formText(form, 'text', 2 * LONGEST_POINTS)
    const typed = { text, source: formText(form, 'source') }
    const { templating: words } = readerOf(c, options, deps.clock.now()).texts
    const checked = OfficialInput.safeParse(typed)
    if (!checked.success) {
      const isSource = checked.error.issues.every(({ path }) => path[0] === 'source')
      const fault = isSource ? words.faults.source : words.faults[typed.text === '' ? 'empty' : 'text']
      return show(c, deps, options, id, 422, { typed, fault })
    }
    const pasted = pastedPoints(checked.data.text, draft)
    if (!pasted.ok) {
      const fault = `${words.faults[pasted.fault]} ${words.line(pasted.line)}`
      return show(c, deps, options, id, 422, { typed, fault })
    }
    const { source } = checked.data
    await templates.replace(id, { points: pasted.points, source }, actorOf(c, options))
    return c.redirect(`/templates/${encodeURIComponent(id)}?done=replaced`, 303)
  })

  app.post('/templates/:id/restore', async (c) => {
    const id = c.req.param('id')
    const restored = await templates.restore(id, actorOf(c, options))
    if (restored === 'missing') return c.html(faultPage(c, options, 404), 404)
    return c.redirect(`/templates/${encodeURIComponent(id)}?done=restored`, 303)
  })
}

function show(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  id: string,
  status: 200 | 422,
  state: { readonly typed?: PointsTyped; readonly fault?: string },
) {
  const reader = readerOf(c, options, deps.clock.now())
  const template = deps.templates.get(id)
  if (!template) return c.html(faultPage(c, options, 404), 404)
  const done = doneText(c, reader.texts.templating.done)
  const main = templateView(reader, template, { done, ...state })
  const title = `${reader.texts.templating.title}: ${template.title[reader.language]}`
  return c.html(page(reader, { title, section: 'templates', signedIn: true, main }), status)
}
