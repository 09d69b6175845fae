import type { Hono } from 'hono'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { letterHtml } from '../headers.ts'
import { readLetter } from '../mime.ts'
import { previewQuery } from '../routes/letter-preview.ts'
import { LetterFilter, letterPage } from '../routes/letters.ts'
import { faultPage } from './fault.ts'
import { formOf, formText } from './form.ts'
import { letterView } from './letter.ts'
import { previewName, previewView } from './letter-preview.ts'
import { letterHref } from './letter-table.ts'
import { lettersView } from './letters.ts'
import { doneText } from './notice.ts'
import { page, readerOf } from './page.ts'

const LETTERS_PER_PAGE = 100
const DEAD_SHOWN = 20

/** `/letters`, a letter, and what letters are like. */
export function addLetterPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.get('/letters', (c) => list(c, deps, options))

  app.get('/letters/preview', (c) => preview(c, deps, options))

  app.get('/letters/:id', (c) => one(c, deps, options, c.req.param('id'), 200))

  app.get('/letters/:id/html', async (c) => {
    const found = await deps.letters.get(c.req.param('id'))
    const part = found ? readLetter(found.mime).html : null
    return part === null ? missing(c, options) : letterHtml(c, part)
  })

  app.post('/letters/:id/requeue', async (c) => {
    const id = c.req.param('id')
    const back = formText(await formOf(c), 'back') === 'list' ? '/letters' : letterHref(id)
    switch (await deps.letters.requeue(id, actorOf(c, options))) {
      case 'requeued':
        return c.redirect(`${back}?done=requeued`, 303)
      case 'not-dead':
        return one(c, deps, options, id, 409)
      case 'missing':
        return missing(c, options)
    }
  })
}

/** A filter that makes no sense is left out: an old link still shows something. */
async function list(c: HttpContext, deps: AppDeps, options: AppOptions) {
  const { cursor, ...query } = c.req.query()
  const checked = LetterFilter.safeParse(query)
  const filters = checked.success ? checked.data : {}
  const isFiltered = Object.values(filters).some((value) => value !== undefined)
  const found = await letterPage(deps, filters, LETTERS_PER_PAGE, cursor || undefined)
  if (!found) return c.redirect('/letters', 303)
  const reader = readerOf(c, options, deps.clock.now())
  const main = lettersView(reader, {
    filters,
    cursor: cursor || undefined,
    found,
    ...(isFiltered || cursor ? {} : { dead: await deps.letters.list({ state: 'dead', limit: DEAD_SHOWN }) }),
    findings: deps.letters.findings(),
    done: doneText(c, { requeued: reader.texts.mail.requeued }),
  })
  return c.html(page(reader, { title: reader.texts.mail.title, section: 'letters', signedIn: true, main }))
}

async function preview(c: HttpContext, deps: AppDeps, options: AppOptions) {
  const reader = readerOf(c, options, deps.clock.now())
  const checked = previewQuery(reader.language).safeParse(c.req.query())
  if (!checked.success) return missing(c, options)
  const { kind, language, outage } = checked.data
  const letter = await deps.letters.preview({
    kind,
    language,
    ...(outage === undefined ? {} : { outageId: outage }),
  })
  if (!letter) return missing(c, options)
  const main = previewView(reader, { kind, language, outage }, letter)
  const title = reader.texts.mail.previewTitle(previewName(reader, kind))
  return c.html(page(reader, { title, section: 'letters', signedIn: true, main }))
}

async function one(c: HttpContext, deps: AppDeps, options: AppOptions, id: string, status: 200 | 409) {
  const found = await deps.letters.get(id)
  if (!found) return missing(c, options)
  const reader = readerOf(c, options, deps.clock.now())
  const { mail } = reader.texts
  const main = letterView(reader, found.letter, readLetter(found.mime), {
    done: doneText(c, { requeued: mail.requeued }),
    fault: status === 409 ? mail.notDead : undefined,
  })
  return c.html(page(reader, { title: mail.title, section: 'letters', signedIn: true, main }), status)
}

function missing(c: HttpContext, options: AppOptions) {
  return c.html(faultPage(c, options, 404), 404)
}
