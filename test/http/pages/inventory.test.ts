import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld, NOW } from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

const EVIL = `<script>alert(1)</script>"'><img src=x>`

let world: AppWorld

beforeEach(() => {
  world = createWorld()
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

const page = async (path = '/inventory'): Promise<string> => (await ask(path)).text()

function file(text: string): FormData {
  const data = new FormData()
  data.set('file', new File([text], 'fleet.csv', { type: 'text/csv' }))
  return data
}

function discover(count: number): void {
  world.discovered = Array.from({ length: count }, (_, n) => ({
    id: `t${n}`,
    aliases: n === 0 ? [EVIL] : [],
    firstSeenAt: NOW,
    contactAt: n === 1 ? null : NOW,
    source: 'gate',
  }))
}

describe('the page of the inventory', () => {
  test('is in the navigation, and complete without anything to show', async () => {
    const text = await page()
    expect(text).toContain('<a href="/inventory" aria-current="page">Справочник</a>')
    expect(text).toContain('href="/api/v1/inventory/export"')
    expect(words(text)).toContain('Все терминалы, от которых есть данные, есть в справочнике.')
    expect(words(text)).toContain('Противоречий нет.')
    expect(words(await page('/inventory?lang=en'))).toContain('There are no conflicts.')
  })

  test('escapes whatever senders call themselves', async () => {
    discover(2)
    world.conflicts = [{ kind: 'data', name: EVIL, terminals: [EVIL, '2'], text: EVIL }]
    const text = await page()
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
    expect(text).toContain('value="t1"')
  })

  test.each(['alias', 'vehicle', 'data', 'tree'] as const)(
    'explains a conflict of kind %s in both languages',
    async (kind) => {
      world.conflicts = [{ kind, name: 'n-1', terminals: ['11', '22'], text: 'Text' }]
      for (const language of ['ru', 'en']) {
        const text = words(await page(`/inventory?lang=${language}`))
        expect(text).toContain('n-1 11, 22')
      }
    },
  )

  test('shows a hundred discovered terminals at a time', async () => {
    discover(150)
    const first = await page()
    expect(first.match(/name="terminals"/g)).toHaveLength(100)
    expect(first).toContain('href="/inventory?page=1#discovered"')
    const second = await page('/inventory?page=1')
    expect(second.match(/name="terminals"/g)).toHaveLength(50)
    expect(second).toContain('href="/inventory?page=0#discovered"')
    expect((await ask('/inventory?page=-1')).status).toBe(200)
    expect(await page('/inventory?page=99')).toBe(second.replaceAll('page=1&amp;', 'page=99&amp;'))
  })
})

describe('an import', () => {
  test('hands the file over and says what came of it', async () => {
    world.importReport = {
      ...{ created: 1, updated: 2, merged: 3, rejected: [], warnings: [`column ${EVIL}`] },
      replaced: [{ vehicle: 'Truck', from: '1', to: '2' }],
    }
    const response = await ask('/inventory/import', file('terminal_id\n1\n'))
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(Buffer.from(world.imported[0] ?? []).toString()).toBe('terminal_id\n1\n')
    expect(words(text)).toContain('Загружено: новых 1, обновлено 2, объединено с обнаруженными 3.')
    expect(words(text)).toContain('Truck: вместо 1 теперь 2')
    expect(text).not.toContain('<script>')
  })

  test('with bad lines names all of them', async () => {
    const rejected = Array.from({ length: 600 }, (_, i) => ({ line: i + 2, reason: `<b>${i}` }))
    world.importReport = { created: 0, updated: 0, rejected, warnings: [] }
    const response = await ask('/inventory/import', file('x'))
    const text = await response.text()
    expect(response.status).toBe(422)
    expect(text).toContain('строка 2: &lt;b&gt;0')
    expect(text).toContain('строка 601: &lt;b&gt;599')
    expect(words(text)).not.toContain('Загружено')
  })

  test('is told in the language of the reader', async () => {
    await ask('/inventory/import', file('x'))
    await ask('/inventory/import?lang=en', file('x'))
    expect(world.importLanguages).toEqual(['ru', 'en'])
  })

  test('with very many bad lines shows the first thousand and counts all the others', async () => {
    const rejected = Array.from({ length: 3000 }, (_, n) => ({ line: n + 2, reason: 'x' }))
    world.importReport = { created: 0, updated: 0, rejected, rejectedTotal: 501_000, warnings: [] }
    const text = await (await ask('/inventory/import', file('x'))).text()
    expect(text.match(/<li>/g)?.length).toBe(1001)
    expect(words(text)).toContain('и ещё 500000 строк')
    world.importReport = { created: 0, updated: 0, rejected, rejectedTotal: 1001, warnings: [] }
    const english = await (await ask('/inventory/import?lang=en', file('x'))).text()
    expect(words(english)).toContain('and 1 more line ')
  })

  test('is explained: how to leave and how to clear a value', async () => {
    expect(words(await page())).toContain('Чтобы стереть значение, поставьте в ячейке один дефис')
    expect(words(await page('/inventory?lang=en'))).toContain('To clear a value write a single hyphen')
  })

  test('may be larger than a form, but not without end', async () => {
    expect((await ask('/inventory/import', file('x'.repeat(1_000_000)))).status).toBe(200)
    const response = await ask('/inventory/import', file('x'.repeat(65 * 1024 * 1024)))
    expect(response.status).toBe(413)
    expect(await response.text()).toContain('не больше 64 МиБ')
  })

  test.each([new URLSearchParams({ file: 'text' }), new URLSearchParams({}), file('')])(
    'without a file is refused (%#)',
    async (body) => {
      expect((await ask('/inventory/import', body)).status).toBe(422)
      expect(world.imported).toEqual([])
    },
  )
})

describe('adoption', () => {
  const form = (...fields: readonly [string, string][]): URLSearchParams => new URLSearchParams(fields)

  test.each([
    [
      'one',
      form(['terminals', 'a'], ['client', 'North'], ['dealer', '']),
      { terminals: ['a'], client: 'North' },
    ],
    ['some', form(['terminals', 'a'], ['terminals', 'b']), { terminals: ['a', 'b'] }],
    ['all', form(['all', '1'], ['terminals', 'a'], ['group', 'G']), { terminals: 'all', group: 'G' }],
  ])('of %s is handed over, and the page says that it is done', async (_name, body, adoption) => {
    const response = await ask('/inventory/adopt', body)
    expect(response.headers.get('location')).toBe('/inventory?done=adopted')
    expect(world.adoptions).toEqual([adoption])
    expect(world.inventoryActors).toEqual(['admin'])
    expect(words(await page('/inventory?done=adopted'))).toContain('Терминалы приняты в справочник.')
    // Nobody can make the page tell a number.
    for (const made of ['adopted=999', 'done=<b>', 'done=toString']) {
      expect(await page(`/inventory?${made}`)).not.toContain('class="note good"')
    }
  })

  test('of nobody, or with endless fields, is refused, and what was typed stays', async () => {
    discover(1)
    for (const [body, text] of [
      [form(['client', 'North']), 'Отметьте хотя бы один терминал.'],
      [
        form(['terminals', 'a'], ['client', 'North'], ['group', 'x'.repeat(201)]),
        'одна строка, не длиннее 200',
      ],
    ] as const) {
      const response = await ask('/inventory/adopt', body)
      const answer = await response.text()
      expect(response.status).toBe(422)
      expect(answer).toContain(text)
      expect(answer).toContain('value="North"')
    }
    expect(world.adoptions).toEqual([])
  })

  test('that is refused leaves what was chosen as it was, on its page', async () => {
    discover(150)
    world.adoptionReport = { adopted: 0, refused: [{ id: 't120', reason: 'not-discovered' }] }
    const address = /action="(\/inventory\/adopt[^"]*)"/.exec(await page('/inventory?page=1'))?.[1] ?? ''
    const chosen = async (body: URLSearchParams): Promise<readonly (string | undefined)[]> => {
      const text = await (await ask(address, body)).text()
      return [...text.matchAll(/value="([^"]*)" checked/g)].map((match) => match[1])
    }
    const some = form(['terminals', 't120'], ['terminals', 't149'], ['client', 'North'])
    expect(await chosen(some)).toEqual(['t120', 't149'])
    expect(await chosen(form(['terminals', 't149']))).toEqual(['t149'])
    expect(await chosen(form(['all', '1']))).toEqual(['1'])
  })

  test('of more fields than the page has is none', async () => {
    const fields = Array.from({ length: 600 }, (_, n): [string, string] => ['terminals', `t${n}`])
    expect((await ask('/inventory/adopt', form(...fields))).status).toBe(422)
    expect(world.adoptions).toEqual([])
  })

  test('that is refused says for each terminal why', async () => {
    world.adoptionReport = { adopted: 0, refused: [{ id: EVIL, reason: 'not-discovered' }] }
    const response = await ask('/inventory/adopt', form(['terminals', 'a']))
    const text = await response.text()
    expect(response.status).toBe(422)
    expect(text).toContain('уже в справочнике')
    expect(text).not.toContain('<script>')
  })
})
