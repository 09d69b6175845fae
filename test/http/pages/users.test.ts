import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  createWorld,
  outage,
  sessionOf,
  terminal,
} from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

const EVIL = `<script>alert(1)</script>"'><img src=x>`

let world: AppWorld
let app: ReturnType<typeof createApp>
let admin: Record<string, string>

beforeEach(async () => {
  world = createWorld()
  world.terminals = [terminal({ id: '1', client: EVIL, group: 'Dealer/Agro/Depot' })]
  app = createApp(appDeps(world), appOptions())
  admin = await sessionOf(world, 'admin')
})

const get = async (path: string, headers = admin): Promise<string> =>
  (await app.request(path, { headers })).text()

async function post(
  path: string,
  fields: Record<string, string> | URLSearchParams,
  headers = admin,
): Promise<Response> {
  return app.request(path, { method: 'POST', headers, body: new URLSearchParams(fields) })
}

describe('the page of the users', () => {
  test('offers clients and groups of the inventory, and those above, and escapes everything', async () => {
    const text = await get('/users')
    expect(text).not.toMatch(/<script>|<img/)
    expect(text).toContain('name="clients" value="&lt;script&gt;')
    expect(text).toContain('name="groups" value="Dealer/Agro/Depot"')
    expect(text).toContain('name="groups" value="Dealer/Agro"')
  })

  test('adds a dealer of ticked and written names, and shows his password this once', async () => {
    const fields = new URLSearchParams([
      ['name', 'olga'],
      ['role', 'dealer'],
      ['clients', EVIL],
      ['clients-more', 'Future\r\n\r\n Other '],
      ['groups', 'Dealer/Agro'],
      ['language', ''],
    ])
    const text = await (await post('/users', fields)).text()
    expect(words(text)).toMatch(/Временный пароль для olga [\w-]{20} Показан один раз/)
    expect(world.accounts.get('olga')).toMatchObject({
      clients: [EVIL, 'Future', 'Other'],
      groups: ['Dealer/Agro'],
      language: null,
      mustChange: true,
    })
    const edited = await get('/users?edit=olga')
    expect(edited).toMatch(/name="clients" value="&lt;script[^>]*" checked/)
    expect(edited).toContain('>Future\nOther</textarea>')
    expect(await get('/users')).not.toContain('Временный пароль для')
  })

  test.each([
    [{ name: 'bad name', role: 'dealer', 'clients-more': 'typed' }, 422, 'Имя: от 1 до 64'],
    [{ name: 'olga', role: 'root', 'clients-more': 'typed' }, 422, 'Проверьте роль'],
    [{ name: 'Admin', role: 'dealer', 'clients-more': 'typed' }, 409, 'Такое имя или неотличимое'],
  ])('says what is wrong with %j, and what was typed stays', async (fields, status, text) => {
    const response = await post('/users', fields)
    const body = await response.text()
    expect(response.status).toBe(status)
    expect(words(body)).toContain(text)
    expect(body).toContain('>typed</textarea>')
    expect(world.accounts.list()).toHaveLength(1)
  })

  test('takes hundreds of ticked names, and as many letters of written ones as the form lets one type', async () => {
    const names = (kind: string) => Array.from({ length: 200 }, (_, n) => `${kind} с длинным именем ${n}`)
    const clients = names('Клиент')
    const groups = names('Дилер/Группа')
    const more = Array.from({ length: 120 }, (_, n) => `${'Ж'.repeat(400)}${n}`)
    const fields = new URLSearchParams([
      ['name', 'olga'],
      ['role', 'dealer'],
      ...clients.map((name): [string, string] => ['clients', name]),
      ...groups.map((name): [string, string] => ['groups', name]),
      ['clients-more', more.join('\r\n')],
      ['groups-more', ''],
      ['language', 'ru'],
    ])
    expect((await post('/users', fields)).status).toBe(200)
    expect(world.accounts.get('olga')).toMatchObject({ clients: [...clients, ...more], groups })
    fields.set('clients-more', 'ж'.repeat(200_000))
    expect((await post('/users/olga', fields)).status).toBe(413)
    expect(world.accounts.get('olga')?.clients).toHaveLength(320)
  })

  test('changes, gives a token and a password, and removes', async () => {
    await sessionOf(world, 'operator')
    expect((await post('/users/operator', { role: 'dealer' })).headers.get('location')).toBe(
      '/users?done=saved',
    )
    expect(words(await (await post('/users/operator/token', {})).text())).toMatch(
      /Токен для operator [\w-]{43} /,
    )
    expect((await post('/users/operator/token/remove', {})).status).toBe(303)
    expect(words(await (await post('/users/operator/password', {})).text())).toContain(
      'Временный пароль для operator',
    )
    expect((await post('/users/operator/remove', {})).headers.get('location')).toBe('/users?done=removed')
    expect((await post('/users/operator/remove', {})).status).toBe(409)
    expect((await post('/users/operator', {})).status).toBe(404)
    const last = await post('/users/admin/remove', {})
    expect(words(await last.text())).toContain('Это последний администратор')
  })
})

describe('the page of the own account', () => {
  test('signs out everywhere and chooses a language that this browser then shows', async () => {
    const done = await post('/account', { language: 'en' })
    expect(done.headers.get('set-cookie')).toContain('lang=; Max-Age=0')
    expect(world.accounts.get('admin')?.language).toBe('en')
    expect((await post('/account/sign-out', {})).headers.get('location')).toBe('/login')
    expect((await app.request('/account', { headers: admin })).status).toBe(303)
  })

  test('says what is wrong with a new password', async () => {
    const wrong = async (current: string, next: string, again = next) =>
      words(await (await post('/account/password', { current, next, again })).text())
    expect(await wrong('x', 'a long password', 'another password')).toContain('введён дважды по-разному')
    expect(await wrong('x', 'short')).toContain('короче 12 знаков')
    expect(await wrong('x', 'a long password')).toContain('Нынешний пароль не подходит.')
  })
})

describe('what a dealer sees', () => {
  test('without clients is an empty fleet with the reason and whom to ask', async () => {
    const text = words(await get('/', await sessionOf(world, 'dealer')))
    expect(text).toContain('Вам пока не видно ни одного терминала')
    expect(text).toContain('не закреплены ни клиенты, ни группы')
    expect(text).toContain('Попросите администратора tests')
    expect(text).not.toContain('curl')
  })

  test('with clients that no terminal has names them', async () => {
    const text = words(await get('/', await sessionOf(world, 'dealer', { clients: ['Gone'] })))
    expect(text).toContain('1 клиент: Gone')
  })

  test('has no warnings for operators and no sections that are not his', async () => {
    world.warnings = ['no recipients']
    const text = await get('/', await sessionOf(world, 'dealer', { groups: ['Dealer'] }))
    expect(text).not.toContain('no recipients')
    expect(text).not.toMatch(/href="\/(letters|inventory|recipients|users|audit|templates)"/)
    expect(text).toContain('href="/check"')
    expect(await get('/')).toContain('href="/users"')
  })

  test('of a section that is not his is a page in his language', async () => {
    const dealer = await sessionOf(world, 'dealer')
    await world.accounts.change('dealer', { language: 'en' }, { name: 't', via: 'system', address: '' })
    const response = await app.request('/letters', { headers: dealer })
    expect(response.status).toBe(403)
    const text = await response.text()
    expect(text).toContain('<html lang="en">')
    expect(words(text)).toContain('Your account may not open this section')
    expect(text).toContain('href="/service"')
    expect(text).not.toContain('href="/users"')
  })

  test('of service and outage is without forms, recipients and the trail', async () => {
    world.outages = [outage({ id: 'o', state: 'open', end: null })]
    world.rules = [{ id: 'r', cron: '0 3 * * 0', durationMs: 1000, reason: 'x', announce: false }]
    await world.stores.audit.add([
      {
        at: 0,
        actor: { name: 'secret operator', via: 'token', address: '' },
        action: 'outage.confirm',
        subject: 'o',
        before: null,
        after: null,
      },
    ])
    const dealer = await sessionOf(world, 'dealer')
    for (const path of ['/service', '/outages/o']) {
      const own = await get(path, dealer)
      const main = own.slice(own.indexOf('<main'))
      expect(main).not.toContain('<form method="post"')
      expect(main).not.toContain('secret operator')
      expect(main).not.toContain('href="/letters')
      expect((await get(path)).slice(own.indexOf('<main'))).toContain('<form method="post"')
    }
    const json = await get('/api/v1/outages/o', dealer)
    expect(json).not.toContain('secret operator')
    expect(await get('/api/v1/outages/o')).toContain('secret operator')
  })
})
