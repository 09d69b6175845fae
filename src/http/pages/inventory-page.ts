import type { Hono } from 'hono'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { AdoptionFields, adoptionOf } from '../routes/terminal-inventory.ts'
import { type Form, formOf, formText, formTexts, isTicked } from './form.ts'
import {
  ADOPTION_FIELDS,
  type AdoptionTyped,
  DISCOVERED_PER_PAGE,
  type InventoryView,
  inventoryView,
  LONGEST_FIELD,
} from './inventory.ts'
import { doneText } from './notice.ts'
import { page, type Reader, readerOf } from './page.ts'

type Shown = Omit<InventoryView, 'discovered' | 'conflicts' | 'pageNumber'>

const CONFLICTS_READ = 100

/** `/inventory` and its forms. */
export function addInventoryPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  const { editor } = deps
  const readerFor = (c: HttpContext): Reader => readerOf(c, options, deps.clock.now())
  const show = (c: HttpContext, status: 200 | 422, shown: Shown) =>
    answer(c, deps, readerFor(c), status, shown)

  app.get('/inventory', (c) => show(c, 200, { done: doneText(c, readerFor(c).texts.stock.done) }))

  app.post('/inventory/import', async (c) => {
    const file = (await formOf(c))['file']
    if (!(file instanceof File) || file.size === 0) {
      return show(c, 422, { fault: readerFor(c).texts.stock.csvEmpty })
    }
    const bytes = new Uint8Array(await file.arrayBuffer())
    const { language } = readerFor(c)
    const imported = await editor.importCsv(bytes, { actor: actorOf(c, options), language })
    return show(c, imported.rejectedTotal > 0 ? 422 : 200, { imported })
  })

  app.post('/inventory/adopt', async (c) => {
    const { stock } = readerFor(c).texts
    const form = await formOf(c)
    const typed = typedIn(form)
    const terminals = typed.all ? 'all' : [...typed.terminals]
    if (terminals.length === 0) return show(c, 422, { typed, fault: stock.nobodyChosen })
    const checked = AdoptionFields.safeParse(typed.said)
    if (!checked.success) return show(c, 422, { typed, fault: stock.wrongField(LONGEST_FIELD) })
    const adoption = adoptionOf({ terminals, ...checked.data })
    const { refused } = await editor.adopt(adoption, actorOf(c, options))
    if (refused.length > 0) return show(c, 422, { typed, refused })
    return c.redirect('/inventory?done=adopted', 303)
  })
}

/** The page when the file of an import is longer than what is read. */
export function inventoryTooLong(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
): Response | Promise<Response> {
  const reader = readerOf(c, options, deps.clock.now())
  return answer(c, deps, reader, 413, { fault: reader.texts.stock.csvTooLong })
}

function answer(
  c: HttpContext,
  { editor }: Pick<AppDeps, 'editor'>,
  reader: Reader,
  status: 200 | 413 | 422,
  shown: Shown,
): Response | Promise<Response> {
  const asked = Number(/^\d{1,6}$/.exec(c.req.query('page') ?? '')?.[0] ?? 0)
  const main = inventoryView(reader, {
    ...shown,
    ...discoveredPage(editor, asked),
    conflicts: editor.conflicts(CONFLICTS_READ),
  })
  const { title } = reader.texts.stock
  return c.html(page(reader, { title, section: 'inventory', signedIn: true, main }), status)
}

/** Behind the last page is the last one: the number of pages changes with each adoption. */
function discoveredPage(editor: AppDeps['editor'], asked: number) {
  const read = (number: number) => ({
    pageNumber: number,
    discovered: editor.discovered(number * DISCOVERED_PER_PAGE, DISCOVERED_PER_PAGE),
  })
  const found = read(asked)
  if (found.discovered.items.length > 0 || asked === 0) return found
  return read(Math.max(0, Math.ceil(found.discovered.total / DISCOVERED_PER_PAGE) - 1))
}

function typedIn(form: Form): AdoptionTyped {
  const said = { client: '', dealer: '', group: '', profile: '' }
  for (const name of ADOPTION_FIELDS) said[name] = formText(form, name)
  return { said, terminals: new Set(formTexts(form, 'terminals')), all: isTicked(form, 'all') }
}
