import type { Hono } from 'hono'
import { decodeText } from '../../core/fleet/decode-text.ts'
import { ENTRY_KEYS, firmwareEntry } from '../../core/request/firmware-entry.ts'
import { FIRMWARE_WORDS } from '../../core/request/firmware-words.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { FIRMWARE_LIMIT_BYTES } from '../routes/firmware.ts'
import { type FirmwarePageView, firmwareView, type ModelTyped, typedOf } from './firmware.ts'
import { type Form, formOf, formText } from './form.ts'
import { doneText } from './notice.ts'
import { page, readerOf } from './page.ts'

type Refusal = Omit<FirmwarePageView, 'models' | 'done'>
type Status = 200 | 404 | 409 | 413 | 422

/** `/firmware`: the catalogue and its forms. */
export function addFirmwarePage(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  const { firmware } = deps
  const readerFor = (c: HttpContext) => readerOf(c, options, deps.clock.now())
  const wordsOf = (c: HttpContext) => readerFor(c).texts.releases

  app.get('/firmware', (c) => {
    const edited = firmware.get(c.req.query('edit') ?? '')
    return show(c, deps, options, 200, edited ? { typed: typedOf(edited), isEdited: true } : {})
  })

  app.post('/firmware', async (c) => {
    const typed = typedIn(await formOf(c))
    const entry = firmwareEntry(typed, FIRMWARE_WORDS[readerFor(c).language])
    if (!entry.ok) return show(c, deps, options, 422, { typed, faults: entry.faults })
    const saved = await firmware.save([entry.model], actorOf(c, options))
    if (saved === 'full') return show(c, deps, options, 409, { typed, fault: wordsOf(c).full })
    return c.redirect('/firmware?done=saved', 303)
  })

  app.post('/firmware/remove', async (c) => {
    await firmware.remove(formText(await formOf(c), 'model'), actorOf(c, options))
    return c.redirect('/firmware?done=removed', 303)
  })

  app.post('/firmware/import', async (c) => {
    const form = await formOf(c)
    const pasted = formText(form, 'text', FIRMWARE_LIMIT_BYTES)
    const text = (await fileIn(form)) ?? pasted
    if (text.trim() === '') return show(c, deps, options, 422, { fault: wordsOf(c).empty })
    const { models, faults } = firmware.read(text, readerFor(c).language)
    if (faults.length > 0) return show(c, deps, options, 422, { faults, pasted })
    const saved = await firmware.save(models, actorOf(c, options))
    if (saved === 'full') return show(c, deps, options, 409, { fault: wordsOf(c).full, pasted })
    return c.redirect('/firmware?done=imported', 303)
  })
}

/** The page when a file is longer than what is read. */
export function firmwareTooLong(c: HttpContext, deps: AppDeps, options: AppOptions) {
  const { releases } = readerOf(c, options, deps.clock.now()).texts
  return show(c, deps, options, 413, { fault: releases.tooLong })
}

function show(c: HttpContext, deps: AppDeps, options: AppOptions, status: Status, refusal: Refusal) {
  const reader = readerOf(c, options, deps.clock.now())
  const { releases } = reader.texts
  const view = { models: deps.firmware.list(), done: doneText(c, releases.done), ...refusal }
  const main = firmwareView(reader, view)
  return c.html(page(reader, { title: releases.title, section: 'firmware', signedIn: true, main }), status)
}

function typedIn(form: Form): ModelTyped {
  return Object.fromEntries(ENTRY_KEYS.map((key) => [key, formText(form, key)])) as ModelTyped
}

/** What stands in the file, which comes before a text that was pasted. */
async function fileIn(form: Form): Promise<string | undefined> {
  const file = form['file']
  if (!(file instanceof File) || file.size === 0) return undefined
  return decodeText(new Uint8Array(await file.arrayBuffer())).pieces.join('')
}
