import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  terminal,
  tokenOf,
} from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

const EVIL = `<script>alert(1)</script>"'><img src=x>`
const ACTOR = { name: 'admin', via: 'token', address: '' } as const

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.terminals = [terminal({ id: '1', client: 'Alfa', dealer: 'Own' })]
})

async function ask(path: string, body?: Record<string, string>, headers: Record<string, string> = BY_TOKEN) {
  const app = createApp(appDeps(world), appOptions())
  if (body === undefined) return app.request(path, { headers })
  return app.request(path, { method: 'POST', headers, body: new URLSearchParams(body) })
}

const contact = (id: string, name = 'Support') => ({ id, name, phone: '112', email: '', hours: '' })

describe('the contacts', () => {
  test('are shown escaped, and their lack is told in both languages', async () => {
    expect(words(await (await ask('/contacts')).text())).toContain('Контактов нет')
    await world.contacts.save(contact(EVIL, EVIL), ACTOR)
    const text = await (await ask('/contacts?lang=en')).text()
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
    expect(words(text)).toContain('There is no common contact')
  })

  test('are added, changed and removed', async () => {
    const fields = { dealer: 'Own', name: 'A', phone: '+7 495 000', email: '', hours: '' }
    const saved = await ask('/contacts', fields)
    expect(saved.headers.get('location')).toBe('/contacts?done=saved')
    expect(world.contacts.contactOf('Own')).toMatchObject({ name: 'A' })
    expect(await (await ask('/contacts?edit=Own')).text()).toContain('value="+7 495 000"')
    await ask('/contacts', { ...fields, dealer: '' })
    expect(world.contacts.list()).toHaveLength(2)
    const removed = await ask('/contacts/remove', { dealer: 'Own' })
    expect(removed.headers.get('location')).toBe('/contacts?done=removed')
    expect((await ask('/contacts/remove', { dealer: 'Own' })).status).toBe(409)
  })

  test('with private mail are taken with a warning', async () => {
    const fields = { dealer: '', name: '', phone: '', email: 'anna@mail.ru', hours: '' }
    const saved = await ask('/contacts', fields)
    expect(saved.headers.get('location')).toBe('/contacts?done=saved&personal=1')
    const text = words(await (await ask('/contacts?done=saved&personal=1')).text())
    expect(text).toContain('адрес похож на личный')
    expect(text).toContain('anna@mail.ru похоже на личную почту')
  })

  test.each([
    [{ name: 't.me/typed', phone: '112' }, 'без мессенджеров'],
    [{ name: 'typed' }, 'Нужен телефон или почта'],
    [{ email: 'typed' }, 'Адрес электронной почты'],
    [{ dealer: 'typed'.repeat(50), phone: '112' }, 'Одна строка, не длиннее 200 знаков'],
  ])('as %j are refused, and what was typed stays', async (fields, reason) => {
    const response = await ask('/contacts', fields)
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(text).toContain('typed')
    expect(words(text)).toContain(reason)
    expect(world.contacts.list()).toEqual([])
  })
})

test('a dealer reads his own contact and the common one, and has no forms', async () => {
  for (const id of ['', 'Own', 'Other']) await world.contacts.save(contact(id), ACTOR)
  const dealer = await tokenOf(world, 'dealer', { clients: ['Alfa'] })
  const text = await (await ask('/contacts', undefined, dealer)).text()
  expect(words(text)).toContain('Own')
  expect(words(text)).not.toContain('Other')
  expect(text).not.toContain('action="/contacts')
  expect((await ask('/contacts', { dealer: 'Own', phone: '113' }, dealer)).status).toBe(403)
  expect(world.contacts.contactOf('Own')?.phone).toBe('112')
})
