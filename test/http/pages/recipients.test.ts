import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld } from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

const EVIL = `<script>alert(1)</script>"'><img src=x>`
const FILED = { id: 'f1', email: 'file@example.org', name: 'File', language: 'ru', origin: 'file' } as const
const ANNA = { id: 'r/1', email: 'anna@example.org', name: EVIL, language: 'en', origin: 'page' } as const

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.recipients = [FILED, ANNA]
})

async function ask(path: string, body?: URLSearchParams | FormData): Promise<Response> {
  const app = createApp(appDeps(world), appOptions())
  return app.request(path, body ? { method: 'POST', ...(await sent(body)) } : { headers: BY_TOKEN })
}

/** As it crosses the wire: the stream that undici makes of a form breaks when a server stops reading. */
async function sent(body: URLSearchParams | FormData) {
  const form = new Response(body)
  const type = form.headers.get('content-type') ?? ''
  return { headers: { ...BY_TOKEN, 'content-type': type }, body: await form.arrayBuffer() }
}

const form = (fields: Record<string, string>): URLSearchParams => new URLSearchParams(fields)
const page = async (path = '/recipients'): Promise<string> => (await ask(path)).text()

describe('the list', () => {
  test('lets only those be changed that were entered here, and escapes everything', async () => {
    const text = await page()
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
    expect(text).toContain('action="/recipients/r%2F1/remove"')
    expect(text).not.toContain('/recipients/f1')
    expect(text).toContain('href="/api/v1/recipients?format=csv"')
  })

  test('says so when there is nobody', async () => {
    world.recipients = []
    expect(words(await page())).toContain('Получателей нет: письма о сбоях не уйдут никому.')
  })
})

describe('a recipient', () => {
  test('is added, changed and removed', async () => {
    const added = await ask('/recipients', form({ email: 'bob@example.org', name: 'Bob', language: 'en' }))
    expect(added.headers.get('location')).toBe('/recipients?done=added')
    expect(world.recipients[2]).toMatchObject({ email: 'bob@example.org', name: 'Bob', language: 'en' })
    expect(await page('/recipients?done=added')).toContain('role="status">Получатель добавлен.')
    expect(await page('/recipients?edit=r%2F1')).toContain('action="/recipients/r%2F1" class="stack"')
    const saved = await ask(
      '/recipients/r%2F1',
      form({ email: 'anna@example.org', name: 'A', language: 'ru' }),
    )
    expect(saved.headers.get('location')).toBe('/recipients?done=saved')
    expect(world.recipients[1]).toMatchObject({ name: 'A', language: 'ru' })
    const removed = await ask('/recipients/r%2F1/remove', form({}))
    expect(removed.headers.get('location')).toBe('/recipients?done=removed')
    expect(world.recipients).toHaveLength(2)
  })

  test.each([
    ['/recipients', { email: 'anna', name: 'typed', language: 'ru' }, 422, 'Это не адрес'],
    [
      '/recipients',
      { email: 'a@example.org', name: `typed${'x'.repeat(200)}`, language: 'ru' },
      422,
      'Имя: одна строка',
    ],
    ['/recipients', { email: 'Anna@example.org', name: 'typed', language: 'ru' }, 409, 'Этот адрес уже есть'],
    ['/recipients/r%2F1', { email: FILED.email, name: 'typed', language: 'ru' }, 409, 'Этот адрес уже есть'],
    ['/recipients/r%2F1', { email: '', name: 'typed', language: 'ru' }, 422, 'Это не адрес'],
    ['/recipients/f1', { email: 'x@example.org', name: 'typed', language: 'ru' }, 409, 'из файла настроек'],
  ])('sent to %s as %j is %i, and what was typed stays', async (path, fields, status, text) => {
    const response = await ask(path, form(fields))
    const body = await response.text()
    expect(response.status).toBe(status)
    expect(body).toContain('role="alert">')
    expect(body).toContain(text)
    expect(body).toContain(`value="${fields.name}"`)
    expect(world.recipients).toEqual([FILED, ANNA])
  })

  test('that is gone is not changed', async () => {
    expect((await ask('/recipients/x', form({ email: 'x@example.org' }))).status).toBe(404)
    expect((await ask('/recipients/x/remove', form({}))).status).toBe(409)
    expect((await ask('/recipients/f1/remove', form({}))).status).toBe(409)
  })
})

describe('an import', () => {
  function file(text: string): FormData {
    const data = new FormData()
    data.set('file', new File([text], 'people.csv', { type: 'text/csv' }))
    return data
  }

  test('hands the file over and says how many were added', async () => {
    const response = await ask('/recipients/import', file('email\nbob@example.org\n'))
    expect(response.headers.get('location')).toBe('/recipients?done=imported&created=1&updated=2')
    expect(Buffer.from(world.imported[0] ?? []).toString()).toBe('email\nbob@example.org\n')
    const text = words(await page('/recipients?done=imported&created=1&updated=2'))
    expect(text).toContain('Загружено: новых 1, обновлено 2.')
    expect(words(await page('/recipients?done=imported&created=<b>'))).toContain('новых 0, обновлено 0')
  })

  test('is told in the language of the reader', async () => {
    await ask('/recipients/import', file('x'))
    await ask('/recipients/import?lang=en', file('x'))
    expect(world.importLanguages).toEqual(['ru', 'en'])
  })

  test('with bad lines names them', async () => {
    const rejected = Array.from({ length: 60 }, (_, i) => ({ line: i + 2, reason: `<b>${i}` }))
    world.importReport = { created: 0, updated: 0, rejected, warnings: [] }
    const response = await ask('/recipients/import', file('x'))
    const text = await response.text()
    expect(response.status).toBe(422)
    expect(text).toContain('строка 2: &lt;b&gt;0')
    expect(words(text)).toContain('и ещё 10 строк')
  })

  test('may be larger than a form, but not without end', async () => {
    expect((await ask('/recipients/import', file('x'.repeat(1_000_000)))).status).toBe(303)
    const response = await ask('/recipients/import', file('x'.repeat(9_000_000)))
    expect(response.status).toBe(413)
    expect(await response.text()).toContain('не больше 8 МиБ')
  })

  test.each([form({ file: 'text' }), form({}), file('')])('without a file is refused (%#)', async (body) => {
    expect((await ask('/recipients/import', body)).status).toBe(422)
    expect(world.imported).toEqual([])
  })
})
