import type { Hono } from 'hono'
import { addresseeOf } from '../../core/request/addressee.ts'
import { LONGEST_PASTE } from '../../core/request/pasted-text.ts'
import { USUAL_PROBLEM } from '../../core/request/template.ts'
import { type Checked, type CheckWish, checkTerminal } from '../checking.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { seenFleet } from '../seen.ts'
import { type CheckPage, checkResultView } from './check.ts'
import { type CheckBox, type CheckRow, checkBoxView } from './check-box.ts'
import { checkHref, hasOwnAddress } from './check-href.ts'
import { faultPage } from './fault.ts'
import { formOf } from './form.ts'
import { doneText } from './notice.ts'
import { page, type Reader, readerOf } from './page.ts'

type Status = 200 | 409 | 422

/** `/check`: the box, what was found in it, and the check of one terminal. */
export function addCheckPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.get('/check', async (c) => {
    const text = c.req.query('q') ?? ''
    return text.trim() === '' ? showBox(c, deps, options, 200, { text: '' }) : find(c, deps, options, text)
  })

  app.post('/check', async (c) => {
    const text = (await formOf(c))['text']
    // A browser sends the end of a line as two characters; people count one.
    return find(c, deps, options, typeof text === 'string' ? text.replaceAll('\r\n', '\n') : '')
  })

  app.get('/check/:id', async (c) => {
    const id = c.req.param('id')
    const problem = c.req.query('problem')
    const checked = await checkFor(c, deps, options, id, problem === undefined ? {} : { problem })
    if (typeof checked === 'string') return missing(c, options)
    // One of its other names: the page stands under one address.
    if (checked.facts.view.id !== id) return c.redirect(checkHref(checked.facts.view.id), 303)
    return showCheck(c, deps, options, 200, { checked })
  })
}

/** The check of a terminal for the reader of a page. */
export async function checkFor(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  id: string,
  { problem = USUAL_PROBLEM, typed = new Map() }: Partial<Pick<CheckWish, 'problem' | 'typed'>>,
): Promise<Checked | 'missing' | 'unknown-problem'> {
  const { language, timezone } = readerOf(c, options, deps.clock.now())
  return checkTerminal(deps, id, c.get('identity'), { problem, typed, language, timezone })
}

/** The page of a check. */
export function showCheck(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  status: Status,
  shown: Omit<CheckPage, 'templates' | 'address'>,
) {
  const reader = readerOf(c, options, deps.clock.now())
  const { checking, checkPage } = reader.texts
  const done = doneText(c, checking.done)
  const address = deps.support().addresses[addresseeOf(shown.checked.template.about)]
  const main = checkResultView(reader, { done, ...shown, templates: deps.templates.list(), address })
  const { id, name } = shown.checked.facts.view
  const title = `${checkPage}: ${name || id}`
  return c.html(page(reader, { title, section: 'check', signedIn: true, main }), status)
}

/** Exactly what an address without anything behind it gives, so that nobody learns which ids there are. */
export function missing(c: HttpContext, options: AppOptions) {
  return c.html(faultPage(c, options, 404), 404)
}

async function find(c: HttpContext, deps: AppDeps, options: AppOptions, text: string) {
  const reader = readerOf(c, options, deps.clock.now())
  if (text.length > LONGEST_PASTE) {
    const fault = reader.texts.checking.tooLong(reader.format.number(LONGEST_PASTE))
    return showBox(c, deps, options, 422, { text, fault })
  }
  const { found, notFound, more } = await deps.check.find(text, c.get('identity').scope)
  const [only, ...others] = found
  const id = only?.ids.length === 1 && others.length + notFound.length === 0 ? only.ids[0] : undefined
  if (id !== undefined && hasOwnAddress(id)) return c.redirect(checkHref(id), 303)
  const rows: CheckRow[] = []
  for (const { text: word, ids } of found) rows.push(await rowOf(c, deps, reader, word, ids))
  rows.push(...notFound.map((word) => ({ kind: 'not-found' as const, text: word })))
  return showBox(c, deps, options, 200, { text, rows, more })
}

async function rowOf(
  c: HttpContext,
  deps: AppDeps,
  { language, timezone }: Reader,
  text: string,
  ids: readonly string[],
): Promise<CheckRow> {
  const [id, ...others] = ids
  if (id !== undefined && others.length === 0) {
    const wish = { problem: USUAL_PROBLEM, typed: new Map<string, string>(), language, timezone }
    const checked = await checkTerminal(deps, id, c.get('identity'), wish)
    if (typeof checked !== 'string') return { kind: 'checked', text, checked }
  }
  const fleet = seenFleet(c, deps)
  return { kind: 'ambiguous', text, terminals: ids.flatMap((one) => fleet.get(one) ?? []) }
}

function showBox(c: HttpContext, deps: AppDeps, options: AppOptions, status: Status, box: CheckBox) {
  const reader = readerOf(c, options, deps.clock.now())
  const main = checkBoxView(reader, box)
  const { title } = reader.texts.checking
  return c.html(page(reader, { title, section: 'check', signedIn: true, main }), status)
}
