import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { TerminalView } from '../../core/fleet/view.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { seenFleet } from '../seen.ts'
import { acknowledgeInput, MAX_REASON } from '../terminal-input.ts'
import { knownAgain } from './acknowledge-many.ts'
import { type Form, formOf, formText, formTexts, isTicked } from './form.ts'
import { faultNote } from './notice.ts'
import { page, readerOf } from './page.ts'

/** As many as a list shows, and as many again. */
const MOST = 200

/** Takes the form "known, until" for several terminals of a list and leads back to it. */
export function addAcknowledgeManyPage(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  const input = acknowledgeInput(options.timezone, () => deps.clock.now())

  app.post('/terminals/acknowledge', async (c) => {
    const form = await formOf(c)
    const views = tickedViews(c, deps, form)
    const typed = { until: formText(form, 'until'), reason: formText(form, 'reason') }
    const back = listAddress(formText(form, 'back'))
    const withdrawn = isTicked(form, 'withdraw')
    const checked = input.safeParse(withdrawn ? { until: null } : typed)
    if (!checked.success || views.length === 0) return refuse(c, deps, options, views, { typed, back })
    const { until, reason } = checked.data
    const acknowledged = until === null ? null : { until, reason, by: c.get('identity').name }
    let changed = 0
    for (const { id } of views) {
      if (await deps.editor.change(id, { acknowledged }, actorOf(c, options))) changed++
    }
    return c.redirect(withDone(back, acknowledged ? 'known' : 'unknown', changed), 303)
  })
}

/** Those that were ticked, as far as the account may see them; others do not exist. */
function tickedViews(c: HttpContext, deps: AppDeps, form: Form): readonly TerminalView[] {
  const fleet = seenFleet(c, deps)
  const views = [...new Set(formTexts(form, 'id'))].slice(0, MOST).map((id) => fleet.get(id))
  return views.filter((view) => view !== undefined)
}

/** Only a list of our own: what else stands there leads to the start. */
function listAddress(back: string): string {
  if (!back.startsWith('/?')) return '/'
  const query = new URLSearchParams(back.slice(2))
  for (const name of ['done', 'count', 'lang']) query.delete(name)
  return query.size === 0 ? '/' : `/?${query}`
}

function withDone(back: string, done: string, count: number): string {
  return `${back}${back.includes('?') ? '&' : '?'}done=${done}&count=${count}`
}

function refuse(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  views: readonly TerminalView[],
  form: Parameters<typeof knownAgain>[2],
) {
  const reader = readerOf(c, options, deps.clock.now())
  const words = reader.texts.acknowledging
  const main = html`<section class="card narrow">
  <h1>${words.many}</h1>
  ${faultNote(views.length === 0 ? words.nobody : words.wrong(MAX_REASON))}
  ${knownAgain(reader, views, form)}
</section>`
  return c.html(page(reader, { title: words.many, section: 'fleet', signedIn: true, main }), 422)
}
