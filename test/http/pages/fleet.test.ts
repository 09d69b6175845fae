import { beforeEach, describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import {
  type AppWorld,
  BY_TOKEN,
  createWorld,
  NOW,
  outage,
  terminal,
  tokenOf,
} from '../../support/app-deps.ts'
import { askPage, EVIL } from '../../support/ask-page.ts'
import { words } from '../../support/page-words.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

async function page(path: string, headers: Record<string, string> = {}): Promise<string> {
  const firstSteps = () => ({
    mqtt: { host: '127.0.0.1', port: 18883, topic: 'fleet/354002529' },
    push: { source: 'push' },
  })
  const response = await askPage(world, path, {
    headers: { ...BY_TOKEN, ...headers },
    options: { firstSteps },
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
  return response.text()
}

describe('the banner', () => {
  test('comes first and says the state in words and since when', async () => {
    const text = words(await page('/'))
    expect(text).toContain('Omnicomm Online работает с 12:00 , уже 1 ч')
    expect(text.indexOf('Omnicomm Online')).toBeLessThan(text.indexOf('Терминалов пока нет'))
  })

  test('tells of an open outage with its certain and possible length', async () => {
    const open = outage({
      id: 'o',
      state: 'open',
      end: null,
      start: NOW - HOUR,
      downMs: 50 * MINUTE,
      possibleMs: HOUR,
    })
    world.status = { state: 'down', since: NOW - HOUR, components: [], outage: open }
    const text = words(await page('/'))
    expect(text).toContain('Omnicomm Online не работает')
    expect(text).toContain('с 15 янв. 2026 г., 12:00:00: точно 50 мин, возможно до 1 ч.')
  })

  test('says that nothing was checked yet', async () => {
    world.status = { state: 'unknown', since: null, components: [] }
    expect(words(await page('/'))).toContain('Omnicomm Online: состояние неизвестно Проверок ещё не было.')
  })
})

describe('our own side', () => {
  test('shows what is missing and which source is blind', async () => {
    world.warnings = ['Нет получателей']
    world.sources = [{ id: 'gate', connected: false, detail: {}, blindSince: NOW - 10 * MINUTE }]
    const text = words(await page('/'))
    expect(text).toContain('Нет получателей')
    expect(text).toContain('Источник «gate» не слышен с 12:50. Его терминалы не оцениваются')
  })

  test('tells a dealer of the sources alone that his terminals are heard by', async () => {
    const blind = { connected: false, detail: {}, blindSince: NOW - 10 * MINUTE }
    world.sources = ['gate', 'hub', 'push'].map((id) => ({ id, ...blind }))
    world.terminals = [
      terminal({ id: '1', client: 'North', source: 'gate' }),
      terminal({ id: '2', client: 'South', source: 'hub' }),
    ]
    const dealer = await tokenOf(world, 'dealer', { clients: ['North'] })
    for (const path of ['/', '/?all=1']) {
      const text = words(await page(path, dealer))
      expect(text).toContain('Источник «gate» не слышен')
      expect(text).not.toMatch(/«hub»|«push»/)
    }
    expect(words(await page('/'))).toMatch(/«gate».*«hub».*«push»/)
  })

  test('is silent when all is well', async () => {
    expect(await page('/')).not.toContain('class="note')
  })
})

describe('the clients', () => {
  test('stand with those first that need attention', async () => {
    world.terminals = [
      terminal({ id: '1', client: 'Анна' }),
      terminal({ id: '2', client: 'Борис', state: 'lost' }),
      terminal({ id: '3', client: 'Борис', state: 'sleeping' }),
      terminal({ id: '4', client: '' }),
    ]
    const text = words(await page('/'))
    expect(text).toMatch(/Борис потерян 1 1 1 0 2 .*Без клиента 0 1 0 1 .*Анна 0 1 0 1 /)
  })

  test('link to their terminals, also those without a client', async () => {
    world.terminals = [terminal({ id: '1', client: 'A&B "C"' }), terminal({ id: '2' })]
    const text = await page('/')
    expect(text).toContain('href="/?client=A%26B+%22C%22"')
    expect(text).toContain('href="/?noclient=1"')
    expect(words(await page('/?noclient=1'))).not.toContain('A&amp;B')
  })

  test('are shown twenty-five at a time', async () => {
    world.terminals = Array.from({ length: 150 }, (_, i) =>
      terminal({ id: String(i), client: `Client ${String(i).padStart(3, '0')}` }),
    )
    const first = await page('/')
    expect(first).toContain('150 клиентов')
    expect(first).toContain('>Client 024</a>')
    expect(first).not.toContain('>Client 025</a>')
    expect(await page('/?page=5')).toContain('>Client 149</a>')
  })
})

describe('the terminals', () => {
  test('show state, age in words, contact, threshold with its origin, and source', async () => {
    world.terminals = [
      terminal({
        id: '354002529',
        name: 'А123ВС 77',
        state: 'stale',
        stateSince: NOW - HOUR,
        contactAt: NOW - 3 * HOUR,
        dataAgeSeconds: 3 * 3600 + 12 * 60,
        threshold: { seconds: 5400, from: 'group' },
      }),
    ]
    const text = words(await page('/?all=1'))
    expect(text).toContain('А123ВС 77 354002529 данные устарели с 12:00')
    expect(text).toContain('3 ч 12 мин 10:00 1 ч 30 мин группы gate')
  })

  test('show what is special about them', async () => {
    world.terminals = [
      terminal({
        id: '1',
        dataAgeSeconds: null,
        contactAt: null,
        threshold: { seconds: null, from: 'default' },
        asOf: NOW - DAY,
        lagSeconds: 90,
        expectedAt: NOW + HOUR,
        unstable: true,
        discovered: true,
      }),
    ]
    const text = words(await page('/?all=1'))
    for (const part of [
      'никогда',
      'не оценивается',
      'на 14 янв., 13:00: источник не слышен',
      'отстаёт на 1 мин 30 с',
      'ждём до 14:00',
      'связь неустойчива',
      'не из справочника',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('are paged by cursor and keep the filters', async () => {
    world.terminals = Array.from({ length: 150 }, (_, i) => terminal({ id: String(1000 + i), client: 'A&B' }))
    const first = await page('/?client=A%26B&sort=dataAt')
    expect(first).toContain('href="/?client=A%26B&amp;sort=dataAt&amp;cursor=50"')
    expect(first).toContain('href="/api/v1/terminals?client=A%26B&amp;sort=dataAt&amp;format=csv"')
    const second = await page('/?client=A%26B&sort=dataAt&cursor=100')
    expect(second).toContain('1149')
    expect(second).not.toContain('rel="next"')
  })

  test('are searched, and the form keeps what was asked', async () => {
    world.terminals = [terminal({ id: '11' }), terminal({ id: '22' })]
    const text = await page('/?q=22&state=fresh')
    expect(text).toContain('value="22"')
    expect(text).toContain('<option value="fresh" selected>')
    expect(text).not.toContain('>11')
  })

  test('with a filter that makes no sense are shown unfiltered; a stale cursor leads to the start', async () => {
    world.terminals = [terminal({ id: '11' })]
    expect(await page('/?state=nonsense')).toContain('11')
    const response = await askPage(world, '/?all=1&cursor=old')
    expect(response.headers.get('location')).toBe('/')
  })
})

test('texts from outside are never markup', async () => {
  world.terminals = [terminal({ id: EVIL, name: EVIL, client: EVIL, source: EVIL })]
  world.warnings = [EVIL]
  world.sources = [{ id: EVIL, connected: false, detail: {}, blindSince: NOW }]
  for (const path of [
    '/',
    '/?all=1',
    `/?q=${encodeURIComponent(EVIL)}`,
    `/?client=${encodeURIComponent(EVIL)}`,
    `/?lang=${encodeURIComponent(EVIL)}`,
  ]) {
    const text = await page(path)
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
    expect(text).not.toMatch(/"'>/)
  }
})

test('an empty fleet shows how to send the first message', async () => {
  const text = await page('/')
  expect(text).toContain('mosquitto_pub -h 127.0.0.1 -p 18883 -q 1 -t &#39;fleet/354002529&#39;')
  expect(text).toContain('http://localhost/api/v1/ingest/push')
})

describe('the language', () => {
  test('is the configured one, then what was asked for, and is remembered', async () => {
    expect(await page('/')).toContain('<html lang="ru">')
    const response = await askPage(world, '/?lang=en')
    expect(await response.text()).toContain('No terminals yet')
    expect(response.headers.get('set-cookie')).toBe(
      'lang=en; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax',
    )
    expect(await page('/', { Cookie: 'lang=en' })).toContain('<html lang="en">')
  })

  test('is switched on the present page with its filters', async () => {
    expect(await page('/?state=stale&q=a')).toContain('href="?state=stale&amp;q=a&amp;lang=en"')
    expect(await (await askPage(world, '/check', { form: { text: 'x' } })).text()).toContain(
      'href="/?lang=en"',
    )
  })

  test.each(['//evil.example', '//evil.example/a?q=1', '/%5Cevil.example', '/%5C/evil.example'])(
    'is switched on this host, also under %s',
    async (path) => {
      const here = new URL(`https://watch.example.org${path}`)
      const response = await askPage(world, here.href, { headers: { ...BY_TOKEN, accept: 'text/html' } })
      const link = /hreflang="en" href="([^"]*)"/.exec(await response.text())?.[1] ?? ''
      expect(new URL(link.replaceAll('&amp;', '&'), here).host).toBe(here.host)
      expect(link).toContain('lang=en')
    },
  )
})

test('only a page on which nothing was asked for loads itself anew, where there is no script', async () => {
  expect(await page('/')).toContain('<noscript><meta http-equiv="refresh" content="30"></noscript>')
  expect(await page('/?q=1')).not.toContain('http-equiv="refresh"')
})

test('nothing on a page is inline style or script, as the policy demands', async () => {
  world.terminals = [terminal({ id: '1', state: 'lost' })]
  for (const path of ['/', '/?all=1', '/service', '/login?next=/x']) {
    const text = await (await askPage(world, path, path.startsWith('/login') ? { headers: {} } : {})).text()
    expect(text).not.toMatch(/ style=| on[a-z]+=|<style|<script(?! src="\/assets\/app\.js\?v=[0-9a-f]{8}")/)
  }
})
