import { beforeEach, describe, expect, test } from 'vitest'
import type { RequestAction } from '../../../src/core/request/support-request-action.ts'
import type { RequestWish } from '../../../src/core/request/support-request-wish.ts'
import { DAY, HOUR } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import { readerOf } from '../../../src/http/pages/page.ts'
import { requestNote } from '../../../src/http/pages/request-note.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  NOW,
  terminal,
  tokenOf,
} from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

const EVIL = `<script>alert(1)</script>"'><img src=x>`
const ADMIN = { name: 'admin', scope: 'all', since: 0 } as const
const ACTOR = { name: 'admin', via: 'token', address: '' } as const
const ID = 'R-2026-0001'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.terminals = [
    terminal({ id: '1/1', name: 'А123ВС', client: 'Alfa', dealer: 'D' }),
    terminal({ id: '2', client: 'Beta', dealer: 'D' }),
  ]
})

async function ask(path: string, body?: Record<string, string>, headers: Record<string, string> = BY_TOKEN) {
  const app = createApp(appDeps(world), appOptions())
  if (body === undefined) return app.request(path, { headers })
  return app.request(path, { method: 'POST', headers, body: new URLSearchParams(body) })
}

const page = async (path: string, headers?: Record<string, string>): Promise<string> =>
  (await ask(path, undefined, headers)).text()

async function made(
  change: Partial<Pick<RequestWish, 'terminals' | 'about' | 'problem' | 'subject' | 'text'>> = {},
) {
  const wish = {
    terminals: ['1/1'],
    about: 'equipment' as const,
    problem: 'no-data',
    template: { version: 1, draft: true },
    subject: 'Нет данных',
    text: 'Терминал: 1',
    anyway: true,
    ...change,
  }
  await world.requests.seenBy(ADMIN).create(wish, ACTOR)
}

async function act(...actions: readonly RequestAction[]): Promise<void> {
  for (const action of actions) await world.requests.seenBy(ADMIN).act(ID, action, ACTOR)
}

describe('the list', () => {
  test('says so when there is nothing, in both languages', async () => {
    expect(words(await page('/requests'))).toContain('Открытых обращений нет.')
    expect(words(await page('/requests?state=overdue&lang=en'))).toContain('No request is overdue.')
  })

  test('shows what is next with its time, and marks in words what is overdue', async () => {
    await made()
    await made({ problem: 'power', terminals: [] })
    await act({ kind: 'sent' })
    expect(words(await page('/requests'))).toContain('должен прийти номер обращения, до 14:00')
    await world.clock.advance(2 * HOUR)
    const text = await page('/requests')
    const shown = words(text)
    expect(shown).toContain('должен прийти номер обращения, ждали до 14:00')
    expect(shown).toMatch(/R-2026-0001 открыто просрочено не зарегистрировано .* R-2026-0002 открыто /)
    expect(shown).toContain('о сервисе в целом')
    expect(text).toContain('href="/terminals/1%2F1"')
    expect(shown).toContain('Просроченные 1 Не зарегистрированные 1 Закрытые 0')
    expect(await page('/requests?state=overdue')).toContain('aria-current="page">Просроченные')
  })

  test('escapes what people wrote', async () => {
    await made({ subject: EVIL, text: EVIL, problem: EVIL.slice(0, 60) })
    await act(
      { kind: 'sent' },
      { kind: 'ticket', number: EVIL },
      { kind: 'asked', text: EVIL },
      { kind: 'answered', text: EVIL },
      { kind: 'step', text: EVIL, result: EVIL },
      { kind: 'promised', at: NOW + HOUR, note: EVIL, approximate: false },
      { kind: 'close', text: EVIL },
    )
    for (const path of [
      '/requests?state=closed',
      `/requests/${ID}`,
      `/requests/new?subject=${encodeURIComponent(EVIL)}`,
    ]) {
      const text = await page(path)
      expect(text).toContain('alert(1)')
      expect(text).not.toContain('<script>')
      expect(text).not.toContain('<img')
    }
  })

  test('comes in pages of a hundred', async () => {
    for (let number = 0; number < 101; number++) await made()
    expect(await page('/requests')).toContain('/requests?state=open&amp;cursor=100')
    expect(words(await page('/requests?state=open&cursor=100'))).toContain('R-2026-0001')
    expect((await ask('/requests?cursor=x')).headers.get('location')).toBe('/requests')
  })
})

describe('a request', () => {
  test('warns that without a number it is not registered', async () => {
    await made()
    await act({ kind: 'sent' })
    expect(words(await page(`/requests/${ID}`))).toContain(
      'письмо не доставлено и обращение в поддержке не зарегистрировано',
    )
    await act({ kind: 'ticket', number: '777' })
    const text = words(await page(`/requests/${ID}`))
    expect(text).not.toContain('письмо не доставлено')
    expect(text).toContain('777 Назовите этот номер, когда звоните в поддержку.')
  })

  test('offers its letters, its steps and its history', async () => {
    await made()
    await act(
      { kind: 'sent' },
      { kind: 'follow-up', text: 'Снова.' },
      { kind: 'step', text: 'Перезапустить', result: '' },
      { kind: 'promised', at: NOW + 5 * HOUR, note: 'архив', approximate: true },
    )
    const text = await page(`/requests/${ID}?lang=en`)
    expect(text).toContain(`href="/api/v1/requests/${ID}.eml"`)
    expect(text).toContain(`href="/api/v1/requests/${ID}/letters/2.eml"`)
    const shown = words(text)
    expect(shown).toContain('time named by support, until about 18:00')
    expect(shown).toContain('Перезапустить not done yet')
    expect(shown).toMatch(/A time was named: until .* Added in the same thread .* Sent .* Made/)
  })

  test('shows how clients reach the dealer', async () => {
    await world.contacts.save({ id: 'D', name: 'Support', phone: '112', email: '', hours: '9-18' }, ACTOR)
    await made()
    expect(words(await page(`/requests/${ID}`))).toContain('Контакт дилера Support, 112 (9-18)')
  })

  test('does not exist for a dealer who does not see it', async () => {
    await made({ terminals: ['2'] })
    const dealer = await tokenOf(world, 'dealer', { clients: ['Alfa'] })
    expect((await ask(`/requests/${ID}`, undefined, dealer)).status).toBe(404)
    expect((await ask(`/requests/${ID}/note`, { text: 'x' }, dealer)).status).toBe(404)
    expect(words(await page('/requests', dealer))).toContain('Открытых обращений нет.')
    expect(world.requests.seenBy(ADMIN).get(ID)?.events).toHaveLength(1)
  })
})

describe('a form', () => {
  beforeEach(() => made())

  test.each([
    ['sent', { messageId: '' }, { sentAt: NOW }],
    ['ticket', { number: ' 777 ' }, { ticket: '777' }],
    ['note', { text: 'line\r\nline' }, { events: [{}, { kind: 'note', text: 'line\nline' }] }],
    ['step', { text: 'Restart', result: '' }, { steps: [{ text: 'Restart', doneAt: null }] }],
    ['close', { text: '' }, { closedAt: NOW }],
  ])('%s with %j is taken and leads back', async (name, fields, expected) => {
    const response = await ask(`/requests/${ID}/${name}`, fields)
    expect(response.headers.get('location')).toBe(`/requests/${ID}?done=${name}`)
    expect(world.requests.seenBy(ADMIN).get(ID)).toMatchObject(expected)
    expect(await page(`/requests/${ID}?done=${name}`)).toContain('role="status"')
  })

  test('takes a promised time in local time, and takes it back', async () => {
    await act({ kind: 'sent' })
    await ask(`/requests/${ID}/promised`, { at: '2026-01-16T12:00', note: 'архив', approximate: '1' })
    const promised = () => world.requests.seenBy(ADMIN).get(ID)?.promised
    expect(promised()).toEqual({ at: Date.parse('2026-01-16T09:00:00Z'), note: 'архив', approximate: true })
    await ask(`/requests/${ID}/promised`, { at: '', note: '', withdraw: '1' })
    expect(promised()).toBeNull()
  })

  test.each([
    ['ticket', { number: '' }, 422, 'Одна непустая строка'],
    ['sent', { messageId: 'typed' }, 422, 'Message-ID выглядит так'],
    ['note', { text: '' }, 422, 'Непустой текст'],
    ['promised', { at: '2020-01-01T00:00', note: 'typed' }, 422, 'время в будущем'],
    ['asked', { text: 'typed' }, 409, 'ещё не отправлено'],
    ['reopen', { text: '' }, 409, 'и так открыто'],
    ['unknown', {}, 404, 'Здесь ничего нет'],
  ])('%s with %j is %s and says why', async (name, fields: Record<string, string>, status, reason) => {
    if (name === 'promised') await act({ kind: 'sent' })
    const response = await ask(`/requests/${ID}/${name}`, fields)
    expect(response.status).toBe(status)
    const text = await response.text()
    expect(words(text)).toContain(reason)
    if (Object.values(fields).includes('typed')) expect(text).toContain('typed')
  })

  test('what was typed into a form that is gone meanwhile stands in that of a note', async () => {
    await act(
      { kind: 'sent' },
      { kind: 'step', text: 'Restart it.', result: '' },
      { kind: 'close', text: '' },
    )
    for (const [name, fields] of [
      ['follow-up', { text: 'typed for long' }],
      ['step-done', { step: '1', result: 'typed for long' }],
      ['ticket', { number: 'typed for long' }],
    ] as const) {
      const response = await ask(`/requests/${ID}/${name}`, fields)
      expect(response.status).toBe(409)
      const text = await response.text()
      expect(text).toContain('<details id="note" open>')
      expect(text).toMatch(/<textarea id="note-text"[^>]*>typed for long<\/textarea>/)
    }
  })

  test('what was typed stays in its form when the history is full', async () => {
    await act({ kind: 'sent' }, ...Array.from({ length: 497 }, () => ({ kind: 'note', text: 'x' }) as const))
    const response = await ask(`/requests/${ID}/follow-up`, { text: 'typed for long' })
    expect(response.status).toBe(409)
    const text = await response.text()
    expect(text).toContain('<details id="follow-up" open>')
    expect(text).toContain('>typed for long</textarea>')
  })
})

test('a request about a terminal that turned out to be another one stands with that one', async () => {
  await made({ terminals: ['2'] })
  world.terminals = world.terminals.slice(0, 1)
  world.facts = { '1/1': { aliases: ['2'] } }
  for (const path of ['/terminals/1%2F1', '/terminals/1%2F1/visit', '/api/v1/requests?terminal=1/1']) {
    expect(await page(path)).toContain(ID)
  }
})

describe('a new request', () => {
  const fields = {
    terminals: '1/1\r\n2',
    problem: 'no-data',
    subject: 'Нет данных',
    text: 'строка\r\nстрока',
    version: '2',
    draft: 'no',
  }

  test('is made of the form, also of one that the check has filled in', async () => {
    const response = await ask('/requests', fields)
    expect(response.headers.get('location')).toBe(`/requests/${ID}?done=created`)
    expect(world.requests.seenBy(ADMIN).get(ID)).toMatchObject({
      terminals: ['1/1', '2'],
      text: 'строка\nстрока',
      template: { version: 2, draft: false },
    })
  })

  test('may be as long as the register takes', async () => {
    const text = 'ж'.repeat(20_000)
    expect((await ask('/requests', { ...fields, text })).status).toBe(303)
    expect((await ask('/requests', { ...fields, text: `${text}ж`, problem: 'p' })).status).toBe(422)
    expect((await ask('/requests', { ...fields, text: 'ж'.repeat(50_000) })).status).toBe(413)
  })

  test('shows an open one about the same before it is made all the same', async () => {
    await made()
    const response = await ask('/requests', fields)
    expect(response.status).toBe(409)
    const text = await response.text()
    expect(words(text)).toContain(`О той же проблеме уже открыто обращение ${ID}.`)
    expect(text).toContain(`href="/requests/${ID}"`)
    expect(text).toContain('name="version" value="2"')
    expect(text).toContain('name="anyway" value="1"')
    expect((await ask('/requests', { ...fields, anyway: '1' })).status).toBe(303)
  })

  test('is refused with what was typed and what is wrong', async () => {
    const unknown = await ask('/requests', { ...fields, terminals: 'none' })
    expect(unknown.status).toBe(422)
    expect(words(await unknown.text())).toContain('Таких терминалов нет: none')
    const empty = await ask('/requests', { ...fields, subject: '' })
    expect(empty.status).toBe(422)
    expect(await empty.text()).toContain('Одна непустая строка')
  })

  test('can be filled in by its address', async () => {
    const text = await page('/requests/new?terminals=1%2F1&problem=power')
    expect(text).toContain('>1/1</textarea>')
    expect(text).toContain('value="power"')
  })
})

describe('a question to a department', () => {
  const finance = { about: 'department', problem: 'finance', subject: 'Гарантия' } as const

  test('says in the list and on its page to whom it goes, and awaits neither number nor official answer', async () => {
    world.support = {
      ...world.support,
      addresses: { support: 'support@example.org', department: 'finance@example.org' },
    }
    await made(finance)
    await act({ kind: 'sent' })
    await world.clock.advance(10 * DAY)
    expect(words(await page('/requests'))).toContain('отдел финансов или гарантии')
    expect(words(await page('/requests?state=overdue'))).toContain('Просроченных обращений нет.')
    const text = await page(`/requests/${ID}`)
    expect(words(text)).toContain('Кому: отдел финансов или гарантии, finance@example.org')
    expect(words(text)).toContain('ждём ответа отдела')
    expect(words(text)).toContain('не обязателен')
    expect(words(text)).not.toContain('не зарегистрировано')
    expect(text).not.toContain('official-asked')
    expect(await (await ask(`/api/v1/requests/${ID}.eml`)).text()).toContain(
      '\r\nTo: finance@example.org\r\n',
    )
  })

  test('cannot be asked of it in time, as point 14 is about support', async () => {
    await made(finance)
    await act({ kind: 'sent' })
    const response = await ask(`/requests/${ID}/official-asked`, { text: '' })
    expect(response.status).toBe(409)
    expect(words(await response.text())).toContain('даёт только техническая поддержка')
  })

  test('is not said to await a number, nor to be answered by support', async () => {
    await made(finance)
    const { headers } = await ask(`/requests/${ID}/sent`, { messageId: '' })
    const text = words(await page(headers.get('location') ?? ''))
    expect(text).toContain('Отмечено: отправлено.')
    expect(text).not.toContain('должен прийти номер')
    await act({ kind: 'step', text: 'Пришлите акт', result: '' })
    const steps = words(await page(`/requests/${ID}`))
    expect(steps).toContain('Рекомендации отдела')
    expect(steps).not.toContain('Рекомендации поддержки')
  })

  test('is made by hand, too', async () => {
    expect(await page('/requests/new')).toContain('value="finance"')
    await ask('/requests', {
      terminals: '',
      problem: 'finance',
      subject: 'S',
      text: 'T',
      version: '0',
      draft: 'yes',
    })
    expect(world.requests.seenBy(ADMIN).get(ID)).toMatchObject({
      addressee: 'department',
      problem: 'finance',
    })
  })
})

describe('a letter of a request', () => {
  test('says where to put the address while none is configured', async () => {
    await made()
    const mail = await (await ask(`/api/v1/requests/${ID}.eml`)).text()
    expect(mail).not.toContain('\r\nTo:')
    const body = Buffer.from(mail.split('\r\n\r\n')[1] ?? '', 'base64').toString()
    expect(body).toContain('[Адрес технической поддержки в настройках не указан (support.address)')
    expect(words(await page(`/requests/${ID}`))).toContain(
      'Адрес технической поддержки в настройках не указан',
    )
  })

  test('goes to the configured address', async () => {
    world.support = { ...world.support, addresses: { support: 'support@example.org', department: '' } }
    await made()
    const mail = await (await ask(`/api/v1/requests/${ID}.eml`)).text()
    expect(mail).toContain('\r\nTo: support@example.org\r\n')
    expect(words(await page(`/requests/${ID}?lang=en`))).toContain(
      'To: technical support, support@example.org',
    )
  })
})

describe('the note on the page of the fleet', () => {
  const note = async (show: (reader: ReturnType<typeof readerOf>) => unknown): Promise<string> => {
    const app = createApp(appDeps(world), appOptions())
    app.get('/healthz/note', (c) => c.html(String(show(readerOf(c, appOptions(), world.clock.now())))))
    return words(await (await app.request('/healthz/note', { headers: BY_TOKEN })).text())
  }
  const requests = () => world.requests.seenBy(ADMIN)

  test('counts what is overdue or without a number, and is absent without either', async () => {
    await made()
    expect(await note((reader) => requestNote(reader, requests(), world.support))).toBe('')
    await act({ kind: 'sent' })
    expect(await note((reader) => requestNote(reader, requests(), world.support))).toContain(
      '1 отправлено без номера',
    )
    await world.clock.advance(2 * HOUR)
    expect(await note((reader) => requestNote(reader, requests(), world.support))).toContain(
      '1 обращение просрочено',
    )
  })
})
