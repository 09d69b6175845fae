import { beforeEach, describe, expect, test } from 'vitest'
import type { TerminalView } from '../../../src/core/fleet/view.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  incident,
  NOW,
  outage,
  sessionOf,
  terminal,
} from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

const EVIL = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return createApp(appDeps(world), appOptions()).request(path, { headers: BY_TOKEN, ...init })
}

async function page(path = '/', headers: Record<string, string> = BY_TOKEN): Promise<string> {
  const response = await ask(path, { headers })
  expect(response.status).toBe(200)
  return response.text()
}

function silent(view: Partial<TerminalView> & { readonly id: string }): TerminalView {
  return terminal({
    state: 'lost',
    stateSince: NOW - HOUR,
    dataAgeSeconds: 7200,
    cause: { code: 'power-cut', confidence: 'medium', evidence: [] },
    ...view,
  })
}

const known = { until: NOW + DAY, reason: 'ремонт', by: 'anna' }
const explained = { id: 'i1', dimension: 'operator', group: 'MTS' } as const

describe('what needs attention', () => {
  test('stands after the banner, the requests and the incidents, and before the numbers and the clients', async () => {
    world.status = { state: 'down', since: NOW, components: [], outage: outage({ id: 'o', state: 'open' }) }
    world.incidents = [incident({ id: 'i1' })]
    world.terminals = [silent({ id: '1', client: 'Ромашка' })]
    const text = await page()
    const places = [
      'id="service-state"',
      'id="incident-i1"',
      'role="search"',
      'id="attention"',
      'class="tiles"',
      'id="clients"',
    ].map((part) => text.indexOf(part))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
  })

  test('is told with state, age, since when, cause, first step, and leads to the terminal and its check', async () => {
    world.terminals = [silent({ id: '3 5', name: 'А123ВС 77', client: 'Ромашка' })]
    const text = await page()
    expect(words(text)).toMatch(
      /А123ВС 77 3 5 потерян 2 ч 12:00 Перед тем как замолчать, терминал потерял внешнее питание\. Узнайте у клиента, не отключали ли массу или аккумулятор и не было ли ремонта\. Проверить/,
    )
    expect(text).toContain('href="/terminals/3%205"')
    expect(text).toContain('href="/check?q=3%205"')
  })

  test('is grouped by client, each with its counts', async () => {
    world.terminals = [
      silent({ id: '1', client: 'A' }),
      silent({ id: '2', client: 'A' }),
      terminal({ id: '3', client: 'A' }),
      silent({ id: '4', client: '' }),
    ]
    const text = words(await page())
    expect(text).toContain('A требуют внимания: 2 из 3')
    expect(text).toContain('Без клиента требуют внимания: 1 из 1')
    expect((await page()).match(/scope="rowgroup"/g)).toHaveLength(2)
  })

  test('is without those that are known, explained or in maintenance, which are counted with a link', async () => {
    world.terminals = [
      silent({ id: 'needs' }),
      silent({ id: 'known', acknowledged: known }),
      silent({ id: 'explained', incident: explained }),
      terminal({ id: 'work', state: 'maintenance' }),
    ]
    const text = await page()
    expect(text).toContain('value="needs"')
    for (const id of ['known', 'explained', 'work']) expect(text).not.toContain(`value="${id}"`)
    expect(words(text)).toContain(
      'Требуют внимания: 1 ? Скачать CSV Печать Внимание: требуют внимания; Порядок: по клиентам; Напечатано: 15 янв. 2026 г., 13:00:00 Молчание известно : 1 Объяснены массовым молчанием : 1 На обслуживании : 1',
    )
    const lists = {
      known: '/?needs=acknowledged&sort=client',
      explained: '/?needs=incident&sort=client',
      work: '/?state=maintenance',
    }
    for (const [id, address] of Object.entries(lists)) {
      expect(text).toContain(`href="${address.replace('&', '&amp;')}"`)
      const list = words(await page(address))
      expect(list).toContain('Показано: 1.')
      expect(list).toContain(id)
    }
  })

  test('shows five of each client, and leads to all of them by fifty', async () => {
    world.terminals = Array.from({ length: 130 }, (_, i) =>
      silent({ id: String(1000 + i), client: `C${i % 3}` }),
    )
    const text = await page()
    expect(text.match(/name="id"/g)).toHaveLength(15)
    expect(text).toContain('href="/?needs=attention&amp;sort=client"')
    const list = await page('/?needs=attention&sort=client')
    expect(list.match(/name="id"/g)).toHaveLength(50)
    expect(list).toContain('href="/?needs=attention&amp;sort=client&amp;cursor=50"')
    const rest = await page('/?needs=attention&sort=client&cursor=100')
    expect(rest.match(/name="id"/g)).toHaveLength(30)
    expect(words(rest)).toContain('C2 требуют внимания: 43 из 43')
  })

  test('of a client with hundreds leaves room for the others, and leads to the rest of each', async () => {
    world.terminals = [
      ...Array.from({ length: 500 }, (_, i) => silent({ id: String(1000 + i), client: 'A&B' })),
      ...['B', 'C', 'D', 'E'].flatMap((client) => [1, 2].map((i) => silent({ id: `${client}${i}`, client }))),
    ]
    const text = await page()
    expect(text.match(/name="id"/g)).toHaveLength(13)
    expect(words(text)).toContain('и ещё 495')
    expect(text.match(/class="rest"/g)).toHaveLength(1)
    expect(text).toContain('href="/?needs=attention&amp;client=A%26B&amp;sort=client"')
    expect(text).toContain('value="E2"')
    expect(words(await page('/?lang=en'))).toContain('and 495 more')
    expect(await page('/?needs=attention&client=A%26B&sort=client')).not.toContain('class="rest"')
  })

  test('shows twenty-five of many clients', async () => {
    world.terminals = Array.from({ length: 60 }, (_, i) => silent({ id: `t${i}`, client: `C${i % 12}` }))
    expect((await page()).match(/name="id"/g)).toHaveLength(25)
  })

  test('is counted by cause, most first, each with its list; what is explained does not count', async () => {
    const sim = { code: 'sim', confidence: 'low', evidence: [] } as const
    world.terminals = [
      silent({ id: '1' }),
      silent({ id: '2', cause: sim }),
      silent({ id: '3', cause: sim }),
      silent({ id: '4', cause: sim, acknowledged: known }),
    ]
    const text = await page()
    expect(words(text)).toContain('SIM-карта : 2 отключено питание : 1')
    expect(text).toContain('href="/?needs=attention&amp;cause=sim&amp;sort=client"')
    const list = await page('/?needs=attention&cause=sim&sort=client')
    expect(words(list)).toContain('Причина: SIM-карта')
    expect(list).toContain('<option value="sim" selected>')
    expect(list.match(/type="checkbox" name="id"/g)).toHaveLength(2)
  })

  test('says that there is nothing', async () => {
    world.terminals = [terminal({ id: '1' })]
    expect(words(await page())).toContain('Сейчас ничего не требует внимания.')
  })

  test('is told in English, too', async () => {
    world.terminals = [silent({ id: '1', client: '' }), silent({ id: '2', acknowledged: known })]
    const text = words(await page('/?lang=en'))
    expect(text).toContain('Need attention: 1')
    expect(text).toContain('Silence is known : 1')
    expect(text).toContain('Without a client need attention: 1 of 2')
    expect(text).toContain('The terminal lost its external supply before it fell silent.')
  })

  test('of a dealer is his own alone', async () => {
    world.terminals = [silent({ id: 'mine', client: 'A' }), silent({ id: 'theirs', client: 'B' })]
    const headers = await sessionOf(world, 'dealer', { clients: ['A'] })
    for (const path of ['/', '/?needs=attention&sort=client', '/?client=B', '/?q=theirs']) {
      expect(await page(path, headers)).not.toContain('value="theirs" form')
    }
    expect(words(await page('/', headers))).toContain('A требуют внимания: 1 из 1')
  })

  test('is never markup, whatever the names, reasons and numbers are', async () => {
    world.terminals = [
      silent({ id: EVIL, name: EVIL, client: EVIL, dealer: EVIL }),
      silent({ id: 'k', acknowledged: { ...known, reason: EVIL, by: EVIL } }),
      silent({ id: 'i', incident: { ...explained, group: EVIL } }),
    ]
    for (const path of [
      '/',
      '/?all=1',
      '/?needs=acknowledged&sort=client',
      `/?group=${encodeURIComponent(EVIL)}`,
    ]) {
      const text = await page(path)
      expect(text).not.toContain('<script>')
      expect(text).not.toContain('<img')
      expect(text).not.toMatch(/"'>/)
    }
  })
})

test('filters by dealer, group and need stand in the form and name themselves on paper', async () => {
  world.terminals = [silent({ id: '1', dealer: 'D', group: 'G' }), silent({ id: '2', dealer: 'E' })]
  const text = await page('/?dealer=D&group=G&needs=attention&sort=client')
  expect(text).toContain('<option value="attention" selected>')
  expect(text).toContain('name="group" value="G"')
  expect(text).toContain('<details class="further" open>')
  expect(words(text)).toContain(
    'Внимание: требуют внимания; Дилер: D; Группа: G; Порядок: по клиентам; Напечатано: 15 янв. 2026 г., 13:00:00',
  )
  expect(text).toContain('value="1"')
  expect(text).not.toContain('value="2"')
})

describe('several at once', () => {
  const form = { until: '2026-01-15T15:00', reason: 'repair' }

  async function post(
    fields: readonly (readonly [string, string])[],
    headers: Record<string, string> = BY_TOKEN,
  ) {
    const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]))
    return ask('/terminals/acknowledge', { method: 'POST', headers, body })
  }

  beforeEach(() => {
    world.terminals = ['1', '2', '3'].map((id) =>
      silent({ id, name: `Truck ${id}`, client: id === '3' ? 'B' : 'A' }),
    )
  })

  test('are noted as known, and one is back where one was', async () => {
    const back = '/?needs=attention&sort=client&cursor=100'
    const response = await post([['id', '1'], ['id', '2'], ['back', back], ...Object.entries(form)])
    expect(response.status).toBe(303)
    const acknowledged = { until: NOW + 2 * HOUR, reason: 'repair', by: 'admin' }
    expect(world.changes).toEqual(['1', '2'].map((id) => ({ id, change: { acknowledged } })))
    const target = response.headers.get('location') ?? ''
    expect(target).toBe(`${back}&done=known&count=2`)
    expect(words(await page('/?done=known&count=2'))).toContain(
      'Записано, 2 терминала: до этого времени об их молчании',
    )
    expect(words(await page('/?done=known&count=1'))).toContain(
      'Записано, 1 терминал: до этого времени о его молчании',
    )
    expect(words(await page('/?done=known&count=1&lang=en'))).toContain('Noted for 1 terminal:')
  })

  test('are not looked for in a form with more fields than a list has', async () => {
    const many = Array.from({ length: 600 }, () => ['id', '1'] as const)
    expect((await post([...Object.entries(form), ...many])).status).toBe(422)
    expect(world.changes).toEqual([])
  })

  test('are taken back, whatever stands in the fields', async () => {
    const response = await post([
      ['id', '1'],
      ['withdraw', '1'],
      ['until', ''],
    ])
    expect(response.headers.get('location')).toBe('/?done=unknown&count=1')
    expect(world.changes).toEqual([{ id: '1', change: { acknowledged: null } }])
  })

  test('are asked for again with what was typed and ticked when it cannot be taken', async () => {
    const response = await post([
      ['id', '1'],
      ['until', '2026-01-15T12:00'],
      ['reason', '"x"'],
    ])
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(text).toContain('role="alert"')
    expect(text).toContain('name="id" value="1" checked')
    expect(text).toContain('value="2026-01-15T12:00"')
    expect(text).toContain('value="&quot;x&quot;"')
    expect(world.changes).toEqual([])
  })

  test('of none that was ticked nothing is noted', async () => {
    const response = await post(Object.entries(form))
    expect(response.status).toBe(422)
    expect(words(await response.text())).toContain('Отметьте в списке хотя бы один терминал.')
  })

  test('are only those of the scope: others do not exist', async () => {
    const headers = await sessionOf(world, 'dealer', { clients: ['A'] })
    const fields = Object.entries(form)
    const response = await post([['id', '1'], ['id', '3'], ...fields], headers)
    expect(response.headers.get('location')).toBe('/?done=known&count=1')
    expect(world.changes.map(({ id }) => id)).toEqual(['1'])
    expect((await post([['id', '3'], ...fields], headers)).status).toBe(422)
    expect(world.changes).toHaveLength(1)
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil', 'javascript:alert(1)', '/terminals/1'])(
    'lead to the start and not to %s',
    async (back) => {
      const response = await post([['id', '1'], ['back', back], ...Object.entries(form)])
      expect(response.headers.get('location')).toBe('/?done=known&count=1')
    },
  )

  test('are not taken from another site', async () => {
    const headers = { ...(await sessionOf(world, 'operator')), Origin: 'https://evil.example' }
    expect((await post([['id', '1'], ...Object.entries(form)], headers)).status).toBe(403)
    expect(world.changes).toEqual([])
  })
})

test('a count that nobody can have made is not repeated', async () => {
  world.terminals = [silent({ id: '1', stateSince: NOW - MINUTE })]
  expect(await page('/?done=known&count=%3Cb%3E')).not.toContain('role="status">')
  expect(await page('/?done=constructor&count=1')).not.toContain('class="note good"')
})
