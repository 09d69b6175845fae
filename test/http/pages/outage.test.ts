import { beforeEach, describe, expect, test } from 'vitest'
import { NO_BULLETINS, UNHANDLED } from '../../../src/core/outage/handling.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  NOW,
  outage,
} from '../../support/app-deps.ts'
import { newLetter } from '../../support/letters.ts'
import { words } from '../../support/page-words.ts'

const ID = '20260115T085500Z'
const EVIL = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  set({})
})

function set(change: Partial<Outage>): void {
  world.outages = [
    outage({
      id: ID,
      state: 'open',
      end: null,
      start: NOW - HOUR,
      notBefore: NOW - HOUR - MINUTE,
      ...change,
    }),
  ]
}

async function ask(path: string, form?: Record<string, string>): Promise<Response> {
  const app = createApp(appDeps(world), appOptions())
  const body = form && { method: 'POST', body: new URLSearchParams(form) }
  return app.request(path, { headers: BY_TOKEN, ...body })
}

const page = async (query = ''): Promise<string> => (await ask(`/outages/${ID}${query}`)).text()
const submit = (action: string, form: Record<string, string>) => ask(`/outages/${ID}/${action}`, form)

describe('what is known', () => {
  test('is said with bounds, both clocks and who stated what', async () => {
    set({
      letterDueAt: NOW - 5 * MINUTE,
      intermittent: true,
      failed: ['web', 'api'],
      handling: {
        ...UNHANDLED,
        expected: { resolution: NOW + HOUR, note: 'new disks', by: 'anna', at: NOW - MINUTE },
        message: { text: 'one\ntwo', by: 'bob', at: NOW },
        confirmed: { by: 'bob', at: NOW },
      },
      bulletins: { updates: 1, at: NOW, nextAt: NOW + HOUR },
    })
    const text = words(await page())
    expect(text).toContain('15 янв. 2026 г., 12:00:00, не раньше 15 янв. 2026 г., 11:59:00')
    expect(text).toContain('59 мин: столько простоя доказано проверками')
    expect(text).toContain('до 1 ч: если не работал и тогда, когда проверить было нельзя')
    expect(text).toContain('web, api Сервис то отвечает, то нет')
    expect(text).toContain('15 янв. 2026 г., 14:00:00 new disks указано: anna, 15 янв. 2026 г., 12:59:00')
    expect(text).toContain('one two bob, 15 янв. 2026 г., 13:00:00')
    expect(text).toContain('по часам сбоя нужно с 15 янв. 2026 г., 12:55:00')
    expect(text).toContain('обещано не позже 15 янв. 2026 г., 14:01:00')
    expect(text).toContain('Подтверждён bob')
    expect(text).not.toContain('Подтвердить сбой')
  })

  test.each([
    [{}, 'не указан: письма говорят, что срок уточняется'],
    [{ expected: { resolution: null, note: '', by: 'a', at: NOW } }, 'уточняется заново'],
    [{ expected: { resolution: NOW, note: '', by: 'a', at: NOW - HOUR } }, 'этот срок уже прошёл'],
    [{ ordered: { by: 'a', at: NOW } }, 'отправлено раньше срока по решению: a'],
  ])('with %j has "%s"', async (handling, text) => {
    set({ handling: { ...UNHANDLED, ...handling } })
    expect(words(await page())).toContain(text)
  })

  test('has a time line of the outage itself', async () => {
    world.segments = [{ from: NOW - HOUR, to: NOW, class: 'down', ms: HOUR }]
    expect(words(await page())).toContain('Лента сбоя: не работал 1 ч')
  })

  test('is there in English as well', async () => {
    const text = words(await page('?lang=en'))
    expect(text).toContain('Outage that began 15 Jan 2026, 12:00:00 going on')
    expect(text.replace('Русский', '')).not.toMatch(/[а-яё]/i)
  })

  test('is 404 for an outage that does not exist, for people as a page', async () => {
    const app = createApp(appDeps(world), appOptions())
    const response = await app.request('/outages/x', { headers: { ...BY_TOKEN, Accept: 'text/html' } })
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('Проверьте адрес')
  })
})

describe('what can be done', () => {
  test('is nothing when the outage is over or cancelled', async () => {
    for (const change of [{ state: 'closed', end: NOW }, { state: 'cancelled' }] as const) {
      set(change)
      expect(await page()).not.toContain(`action="/outages/${ID}`)
    }
  })

  test('the expected time is read in the configured zone and leads back with a notice', async () => {
    const response = await submit('expected-resolution', { at: '2026-01-15T15:00', note: 'disks' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`/outages/${ID}?done=expected`)
    expect(world.outages[0]?.handling.expected).toEqual({
      resolution: NOW + 2 * HOUR,
      note: 'disks',
      by: 'admin',
      at: NOW,
    })
    const text = await page('?done=expected')
    expect(text).toContain('role="status">Срок сохранён.')
    expect(text).toContain('value="2026-01-15T15:00" min="2026-01-15T13:01"')
  })

  test('the expected time is withdrawn with its own button', async () => {
    set({ handling: { ...UNHANDLED, expected: { resolution: NOW + HOUR, note: '', by: 'a', at: NOW } } })
    expect(await page()).toContain('name="withdraw"')
    await submit('expected-resolution', { at: '2026-01-15T15:00', note: '', withdraw: '1' })
    expect(world.outages[0]?.handling.expected?.resolution).toBeNull()
    expect(await page()).not.toContain('name="withdraw"')
  })

  test.each([
    ['expected-resolution', { at: '2026-01-15T12:00', note: 'typed' }, 'Укажите будущее время'],
    ['expected-resolution', { at: '', note: 'typed' }, 'Укажите будущее время'],
    [
      'expected-resolution',
      { at: '2026-01-15T15:00', note: `typed${'x'.repeat(500)}` },
      'Пояснение: одна строка',
    ],
    ['message', { text: `typed${'x'.repeat(1000)}` }, 'Напишите сообщение'],
    ['message', { text: '' }, 'Напишите сообщение'],
    ['cancel', { reason: `typed${'x'.repeat(500)}` }, 'Напишите причину'],
    ['cancel', { reason: ' ' }, 'Напишите причину'],
  ])(
    '%s with %j is refused, and what was typed stays',
    async (action, form: Record<string, string>, fault) => {
      const response = await submit(action, form)
      const text = await response.text()
      expect(response.status).toBe(422)
      expect(text).toContain(`role="alert">${fault}`)
      for (const value of Object.values(form)) if (value.includes('typed')) expect(text).toContain(value)
      expect(world.outages[0]?.handling).toEqual(UNHANDLED)
    },
  )

  test('a message keeps its lines', async () => {
    await submit('message', { text: 'one\r\ntwo' })
    expect(world.outages[0]?.handling.message?.text).toBe('one\ntwo')
  })

  test('cancelling takes a second step that shows the reason', async () => {
    const first = await submit('cancel', { reason: EVIL })
    const text = await first.text()
    expect(first.status).toBe(200)
    expect(text).toContain('Отменить этот сбой как ложный?')
    expect(text).not.toContain('<script>')
    expect(text).toContain('name="sure" value="1"')
    expect(world.outages[0]?.state).toBe('open')
    expect((await submit('cancel', { reason: 'firewall', sure: '1' })).status).toBe(303)
    expect(world.outages[0]?.handling.cancelled?.reason).toBe('firewall')
    expect(words(await page('?done=cancel'))).toContain('Сбой отменён как ложный.')
  })

  test('the letter can be ordered as long as none was written, and the page says who gets it', async () => {
    expect(words(await page())).toContain('Получателей нет: письмо не уйдёт никому.')
    world.recipients = [{ id: 'r', email: 'a@example.org', name: '', language: 'ru', origin: 'page' }]
    expect(words(await page())).toContain('Письмо получит 1 получатель.')
    expect((await submit('send-letter', {})).status).toBe(303)
    expect(await page()).not.toContain('id="send-letter"')
    set({ letterDueAt: NOW, bulletins: { updates: 0, at: NOW, nextAt: NOW + HOUR } })
    expect(await page()).not.toContain('id="send-letter"')
  })

  test('an open question about unknown time comes first', async () => {
    set({ operatorAlarmAt: NOW, bulletins: NO_BULLETINS })
    const text = await page()
    expect(words(text)).toContain('возможен, но не доказан')
    expect(text.indexOf('id="send-letter"')).toBeLessThan(text.indexOf('id="expected-resolution"'))
    set({ operatorAlarmAt: NOW, letterDueAt: NOW })
    expect(words(await page())).not.toContain('возможен, но не доказан')
  })

  test('an action that came too late is 409 with the reason', async () => {
    set({ state: 'closed', end: NOW })
    const response = await submit('confirm', {})
    expect(response.status).toBe(409)
    expect(await response.text()).toContain('role="alert">Сбой уже закончился')
    expect((await ask('/outages/x/confirm', {})).status).toBe(404)
  })

  test('a body that is no form is refused like an empty form', async () => {
    const app = createApp(appDeps(world), appOptions())
    const headers = { ...BY_TOKEN, 'Content-Type': 'multipart/form-data; boundary=x' }
    const response = await app.request(`/outages/${ID}/message`, { method: 'POST', headers, body: 'garbage' })
    expect(response.status).toBe(422)
  })

  test('strangers are led to the login, and other sites are refused', async () => {
    const app = createApp(appDeps(world), appOptions())
    const init = { method: 'POST', body: new URLSearchParams({ text: 'x' }) }
    expect((await app.request(`/outages/${ID}/message`, init)).headers.get('location')).toBe('/login')
    expect((await app.request(`/outages/${ID}`)).headers.get('location')).toBe(
      `/login?next=${encodeURIComponent(`/outages/${ID}`)}`,
    )
    expect(world.outages[0]?.handling.message).toBeNull()
  })
})

describe('the letters of the outage', () => {
  test('are counted, the undeliverable ones first, with a link to all of them', async () => {
    const { outbox } = world.stores
    await outbox.add(
      ['a', 'b', 'c'].map((id) => newLetter({ id, subject: ID, recipient: `${id}@example.org`, dueAt: NOW })),
    )
    await outbox.claim(NOW, 1)
    const attempt = { at: NOW, result: 'dead', reply: '550 <b>no</b>' }
    await outbox.settle('a', { state: 'dead', nextAt: null, sentAt: null, bodyHandedOver: false, attempt })
    const text = await page()
    expect(words(text)).toContain('в очереди: 2, не доставлено: 1')
    expect(text).toContain('550 &lt;b&gt;no&lt;/b&gt;')
    expect(text).toContain(`<a href="/letters?outage=${ID}">Все письма (3)</a>`)
    expect(text.indexOf('a@example.org')).toBeLessThan(text.indexOf('c@example.org'))
  })
})

test('what people did is listed with what changed', async () => {
  await submit('confirm', {})
  await submit('cancel', { reason: 'x', sure: '1' })
  const text = words(await page())
  expect(text).toContain('сбой отменён как ложный состояние: open cancelled')
  expect(text).toContain('admin по токену')
})

test('nothing that people or the outside wrote is read as HTML', async () => {
  set({
    failed: [EVIL],
    handling: {
      expected: { resolution: null, note: EVIL, by: EVIL, at: NOW },
      message: { text: EVIL, by: EVIL, at: NOW },
      confirmed: { by: EVIL, at: NOW },
      cancelled: null,
      ordered: { by: EVIL, at: NOW },
    },
  })
  await world.stores.outbox.add([newLetter({ id: 'l', subject: ID, recipient: EVIL })])
  await world.stores.audit.add([
    {
      at: NOW,
      actor: { name: EVIL, via: 'token', address: EVIL },
      action: EVIL,
      subject: ID,
      before: { [EVIL]: EVIL },
      after: { list: [EVIL] },
    },
  ])
  for (const path of [
    `/outages/${ID}`,
    '/service',
    '/audit',
    `/audit?subject=${encodeURIComponent(EVIL)}`,
    '/letters',
  ]) {
    const text = await (await ask(path)).text()
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
  }
})
