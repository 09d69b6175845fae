import { beforeEach, describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  component,
  createWorld,
  NOW,
  outage,
} from '../../support/app-deps.ts'
import { askPage } from '../../support/ask-page.ts'
import { newLetter } from '../../support/letters.ts'
import { words } from '../../support/page-words.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

async function ask(path: string, form?: Record<string, string>): Promise<Response> {
  const app = createApp(appDeps(world), appOptions())
  const body = form && { method: 'POST', body: new URLSearchParams(form) }
  return app.request(path, { headers: BY_TOKEN, ...body })
}

const page = async (path = '/service'): Promise<string> => (await ask(path)).text()

test('the strip has a bar for each stretch, and the same in words', async () => {
  world.segments = [
    { from: NOW - DAY, to: NOW - 12 * HOUR, class: 'up', ms: 12 * HOUR },
    { from: NOW - 12 * HOUR, to: NOW - 6 * HOUR, class: 'down', ms: 6 * HOUR },
  ]
  const text = await page()
  expect(text).toMatch(/<rect class="up" x="0.0" y="0" width="720.0"/)
  expect(text).toMatch(/<rect class="down" x="720.0" y="0" width="360.0"/)
  expect(words(text)).toContain('Последние 24 часа: работал 12 ч, не работал 6 ч')
  expect(words(text)).toContain('15 янв. 2026 г., 01:00:00 – 15 янв. 2026 г., 07:00:00 : не работал (6 ч)')
})

test('a stretch that reaches beyond the day is cut, and a short one stays visible', async () => {
  world.segments = [
    { from: NOW - 2 * DAY, to: NOW - 12 * HOUR, class: 'up', ms: 36 * HOUR },
    { from: NOW - HOUR, to: NOW - HOUR + 1000, class: 'down', ms: 1000 },
  ]
  const text = await page()
  expect(text).toMatch(/<rect class="up" x="0.0" y="0" width="720.0"/)
  expect(text).toMatch(/<rect class="down" x="1380.0" y="0" width="2.0"/)
})

test('uptime promises no more than was proven', async () => {
  const text = words(await page())
  expect(text).toContain('Доступность: 24 часа 99,95 % от 99,95 % до 100,00 %; наблюдалось 100,00 % времени')
})

test('components show state, latency and the reason', async () => {
  world.status = {
    state: 'degraded',
    since: NOW - HOUR,
    components: [
      component({ state: 'degraded', latencyMs: 2800, reason: 'slower than 2 s' }),
      component({ id: 'auth', state: 'not-watched', latencyMs: null, checkedAt: null, reason: 'no account' }),
    ],
  }
  const text = words(await page())
  expect(text).toContain('web http медленно slower than 2 s 2 800 мс 12:59')
  expect(text).toContain('auth http не наблюдается no account – –')
})

test.each([
  [component({ state: 'unknown', checkedAt: null }), 'Проверок ещё не было.'],
  [component({ state: 'not-watched', checkedAt: NOW }), 'Проверок ещё не было.'],
  [
    component({ state: 'unknown', checkedAt: NOW }),
    'Проверки идут, но вывода ещё нет. Наши проверки сейчас ничего не доказывают',
  ],
])('before the first verdict the banner says whether probes were made (%#)', async (probed, text) => {
  world.status = { state: 'unknown', since: null, components: [probed] }
  expect(words(await page())).toContain(`состояние неизвестно ${text}`)
})

test('outages show both bounds, both clocks and what became of the letters', async () => {
  world.outages = [outage({ id: 'o', letterDueAt: NOW - 2 * HOUR, intermittent: true })]
  await world.stores.outbox.add([newLetter({ id: 'l', subject: 'o' })])
  const text = words(await page())
  expect(text).toContain('15 янв. 2026 г., 10:00:00 не раньше 15 янв. 2026 г., 09:59:00')
  expect(text).toContain('точно 59 мин возможно до 1 ч нужно с 11:00 в очереди: 1')
  expect(text).toContain('прерывистое')
})

test('the strip of a service that is watched since lately begins with the first observation', async () => {
  world.segments = [
    { from: NOW - DAY, to: NOW - HOUR, class: 'unknown', ms: 23 * HOUR },
    { from: NOW - HOUR, to: NOW, class: 'down', ms: HOUR },
  ]
  const text = await page()
  expect(text).toMatch(/<rect class="down" x="0.0" y="0" width="1440.0"/)
  expect(words(text)).toContain('С начала наблюдений')
})

test('everything is there in English as well', async () => {
  world.segments = [{ from: NOW - DAY, to: NOW, class: 'up', ms: DAY }]
  world.outages = [outage({ id: 'o' })]
  const text = words(await page('/service?lang=en'))
  for (const part of ['Omnicomm Online is up', 'The last 24 hours', 'none was due', 'Planned work']) {
    expect(text).toContain(part)
  }
  expect(text.replace('Русский', '')).not.toMatch(/[а-яё]/i)
})

describe('planned work', () => {
  const typed = { from: '2026-01-15T14:00', to: '2026-01-15T15:30', reason: 'upgrade' }

  test('is read in the configured zone', async () => {
    const response = await ask('/service/maintenance', typed)
    expect(response.status).toBe(303)
    expect(world.windows).toEqual([
      { id: 'window-1', from: NOW + HOUR, to: NOW + 2.5 * HOUR, reason: 'upgrade', announced: false },
    ])
  })

  test('is announced when the box is ticked, and the page says that it was added', async () => {
    const response = await ask('/service/maintenance', { ...typed, announce: '1' })
    expect(response.headers.get('location')).toBe('/service?done=windowAdded#maintenance')
    expect(world.windows[0]?.announced).toBe(true)
    const text = words(await page('/service?done=windowAdded'))
    expect(text).toContain('Окно добавлено.')
    expect(text).toContain('объявлено письмом')
  })

  test('begins at once when no start is given', async () => {
    expect((await ask('/service/maintenance', { ...typed, from: '' })).status).toBe(303)
    expect(world.windows[0]?.from).toBe(NOW + 1000)
  })

  test.each([
    [{ ...typed, from: '2026-01-15T12:00' }, 409, 'Окно не может начинаться в прошлом.'],
    [{ ...typed, to: '2026-01-15T13:30' }, 422, 'Укажите окончание позже начала'],
    [{ ...typed, to: '' }, 422, 'Укажите окончание позже начала'],
  ])('as %j is refused with %i, and what was typed stays', async (form, status, text) => {
    const response = await ask('/service/maintenance', form)
    const body = await response.text()
    expect(response.status).toBe(status)
    expect(body).toContain(text)
    expect(body).toContain('value="upgrade"')
    expect(world.windows).toEqual([])
  })

  test('is ended with a button, once', async () => {
    world.windows = [{ id: 'a/b', from: NOW - MINUTE, to: NOW + HOUR, reason: '<b>' }]
    const text = await page()
    expect(text).toContain('action="/service/maintenance/a%2Fb/end"')
    expect(text).toContain('&lt;b&gt;')
    expect((await ask('/service/maintenance/a%2Fb/end', {})).status).toBe(303)
    expect(world.windows).toEqual([])
    expect((await ask('/service/maintenance/a%2Fb/end', {})).status).toBe(409)
  })

  test('with a form that is far too long is refused, by a page in the language of the reader', async () => {
    const form = { ...typed, reason: 'x'.repeat(70_000) }
    expect((await ask('/service/maintenance', form)).status).toBe(413)
    const headers = { ...BY_TOKEN, Accept: 'text/html' }
    const response = await askPage(world, '/service/maintenance', { headers, form })
    expect(response.status).toBe(413)
    expect(words(await response.text())).toContain('Форма слишком длинная, ничего не сохранено.')
  })
})

describe('rules of planned work', () => {
  const typed = { cron: '0 3 * * 0', duration: '2h', reason: '<i>weekly</i>', announce: '1' }

  test('are added, shown with escaped reason, and deleted', async () => {
    const response = await ask('/service/rules', typed)
    expect(response.headers.get('location')).toBe('/service?done=ruleAdded#rules')
    expect(world.rules).toMatchObject([{ cron: '0 3 * * 0', durationMs: 2 * HOUR, announce: true }])
    const text = await page()
    expect(text).toContain('&lt;i&gt;weekly&lt;/i&gt;')
    expect(text).toContain('action="/service/rules/rule-1/remove"')
    expect(words(text)).toContain('0 3 * * 0 Длительность: 2 ч')
    expect((await ask('/service/rules/rule-1/remove', {})).status).toBe(303)
    expect(world.rules).toEqual([])
    expect((await ask('/service/rules/rule-1/remove', {})).status).toBe(409)
  })

  test.each([
    [{ ...typed, duration: 'two' }, null, 'Укажите пять полей cron'],
    [{ ...typed, cron: '' }, null, 'Укажите пять полей cron'],
    [
      typed,
      { code: 'never', text: 'never happens' } as const,
      'Правило не подходит: такого дня нет ни в одном месяце.',
    ],
  ])('as %j (fault %s) are refused, and what was typed stays', async (form, fault, text) => {
    world.ruleFault = fault
    const response = await ask('/service/rules', form)
    const body = await response.text()
    expect(response.status).toBe(422)
    expect(body).toContain(text)
    expect(body).toContain('value="&lt;i&gt;weekly&lt;/i&gt;"')
    expect(body).toMatch(/name="announce" value="1" checked/)
  })
})

test('a rule that is refused is told in English to who reads English', async () => {
  world.ruleFault = { code: 'never', text: 'never happens' }
  const form = { cron: '0 3 31 2 *', duration: '2h', reason: '' }
  expect(await (await ask('/service/rules?lang=en', form)).text()).toContain(
    'The rule does not fit: never happens',
  )
})

describe('uptime by period', () => {
  beforeEach(() => {
    const figures = { ratio: 0.99956, coverage: 0.95, lower: 0.9, upper: 0.99999 }
    const parts = [{ ...figures, id: '<web>', ratio: null }]
    world.reports = [
      { from: Date.UTC(2025, 10, 30, 21), to: Date.UTC(2025, 11, 31, 21), ...figures, components: parts },
    ]
  })

  test('has figures, coverage, bounds and components', async () => {
    const text = await page('/service?period=month')
    expect(words(text)).toContain(
      'декабрь 2025 г. 99,95 % от 90,00 % до 100,00 % 95,00 % &lt;web&gt;: мало наблюдений',
    )
    expect(text).toContain('/api/v1/reports/uptime?period=month&amp;format=csv')
  })

  test.each([
    ['', 'day', '1 дек. 2025 г.'],
    ['?period=week', 'week', '1 дек. 2025 г. – 31 дек. 2025 г.'],
    ['?period=century', 'day', '1 дек. 2025 г.'],
  ])('is asked for with %j', async (query, period, name) => {
    expect(words(await page(`/service${query}`))).toContain(name)
    expect(world.asked).toMatchObject([{ period, to: NOW }])
  })
})
