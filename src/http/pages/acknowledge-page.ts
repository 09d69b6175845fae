import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { TerminalView } from '../../core/fleet/view.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { seenFleet } from '../seen.ts'
import { acknowledgeInput, MAX_REASON } from '../terminal-input.ts'
import { type AcknowledgeBack, type AcknowledgeTyped, acknowledgeForm } from './acknowledge.ts'
import { faultPage } from './fault.ts'
import { formOf, formText, isTicked } from './form.ts'
import { faultNote } from './notice.ts'
import { page, readerOf } from './page.ts'
import { terminalHref } from './terminal-href.ts'

/** Takes the form "known, until" of a terminal and leads back to it. */
export function addAcknowledgePage(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  const input = acknowledgeInput(options.timezone, () => deps.clock.now())

  app.post('/terminals/:id/acknowledge', async (c) => {
    const view = seenFleet(c, deps).get(c.req.param('id'))
    if (!view) return c.html(faultPage(c, options, 404), 404)
    const form = await formOf(c)
    const typed = { until: formText(form, 'until'), reason: formText(form, 'reason') }
    const withdrawn = isTicked(form, 'withdraw')
    const checked = input.safeParse(withdrawn ? { until: null } : typed)
    const back = formText(form, 'back') === 'terminal' ? 'terminal' : undefined
    if (!checked.success) return refuse(c, deps, options, view, { typed, ...(back ? { back } : {}) })
    const { until, reason } = checked.data
    const acknowledged = until === null ? null : { until, reason, by: c.get('identity').name }
    await deps.editor.change(view.id, { acknowledged }, actorOf(c, options))
    const done = acknowledged ? 'acknowledged' : 'withdrawn'
    const target = back ? `${terminalHref(view.id)}?` : `/?q=${encodeURIComponent(view.id)}&`
    return c.redirect(`${target}done=${done}`, 303)
  })
}

function refuse(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  view: TerminalView,
  form: { readonly typed: AcknowledgeTyped; readonly back?: AcknowledgeBack },
) {
  const reader = readerOf(c, options, deps.clock.now())
  const words = reader.texts.acknowledging
  const title = words.title(view.name || view.id)
  const main = html`<section class="card narrow">
  <h1>${title}</h1>
  ${faultNote(words.wrong(MAX_REASON))}
  ${acknowledgeForm(reader, view, form)}
</section>`
  return c.html(page(reader, { title, section: 'fleet', signedIn: true, main }), 422)
}
