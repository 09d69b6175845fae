import { beforeEach, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld, NOW } from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

let world: AppWorld

beforeEach(async () => {
  world = createWorld()
})

async function page(path = '/audit'): Promise<string> {
  const app = createApp(appDeps(world), appOptions())
  return (await app.request(path, { headers: BY_TOKEN })).text()
}

async function record(action: string, subject: string, count = 1): Promise<void> {
  const entry = {
    at: NOW,
    actor: { name: 'anna', via: 'session', address: '10.0.0.7' } as const,
    action,
    subject,
    before: { reason: 'old', kept: 'same', gone: 'x' },
    after: { reason: 'new', kept: 'same', gone: null },
  }
  await world.stores.audit.add(Array.from({ length: count }, () => entry))
}

test('the trail says who did what, when, from where, and only what changed', async () => {
  await record('outage.cancel', '20260115T085500Z')
  await record('something.new', 'x/y')
  const text = await page()
  expect(words(text)).toContain('anna на странице, 10.0.0.7')
  expect(words(text)).toContain('сбой отменён как ложный 20260115T085500Z причина: old new')
  expect(text).toContain('<del>old</del> <ins>new</ins>')
  expect(text).toContain('<del>x</del>')
  expect(text).not.toContain('same')
  expect(words(text)).toContain('something.new')
  expect(text).toContain('href="/outages/20260115T085500Z"')
  expect(text).toContain('href="/audit?subject=x%2Fy"')
})

test('the trail shows times in the zone of the pages, and says when an action changed nothing', async () => {
  const signed = { by: 'anna', at: '2026-01-15T09:59:00.000Z' }
  const stated = { resolution: '2026-01-15T15:00:00.000Z', note: '', ...signed }
  const actor = { name: 'anna', via: 'session', address: '' } as const
  const action = 'outage.expected-resolution'
  const entry = { at: NOW, actor, action, subject: '20260115T085500Z' }
  await world.stores.audit.add([
    { ...entry, before: null, after: stated },
    { ...entry, before: stated, after: stated },
  ])
  const text = words(await page())
  expect(text).toContain('срок: 15 янв. 2026 г., 18:00:00')
  expect(text).not.toContain('2026-01-15T')
  expect(text).not.toContain('by:')
  expect(text).toContain('указан срок 20260115T085500Z ничего не изменилось')
})

test('the trail tells of its own removals and of contacts in the words of the reader', async () => {
  const system = { name: 'system', via: 'system', address: '' } as const
  const contact = { id: 'Север', name: 'Анна', phone: '+7 912', email: '', hours: '9-18' }
  const entry = { at: NOW, actor: system, before: null }
  await world.stores.audit.add([
    { ...entry, action: 'audit.remove', subject: 'audit', after: { before: '2025-01-15T21:00:00.000Z' } },
    { ...entry, action: 'contact.add', subject: 'Север', after: contact },
  ])
  const text = words(await page())
  expect(text).toContain('старые записи журнала убраны audit те, что раньше: 16 янв. 2025 г., 00:00:00')
  expect(text).toContain('дилер: Север')
  expect(text).toContain('телефон: +7 912')
  expect(text).toContain('когда отвечают: 9-18')
  const english = words(await page('/audit?lang=en'))
  expect(english).toMatch(/old entries of the trail removed audit those before: .*2025/)
})

test('the trail does not say of something said again that nothing changed', async () => {
  const actor = { name: 'anna', via: 'session', address: '' } as const
  const [before, after] = ['09:59:00.001', '09:59:00.002'].map((time) => ({
    text: 'x',
    at: `2026-01-15T${time}Z`,
  }))
  if (before === undefined || after === undefined) throw new Error('two are needed')
  await world.stores.audit.add([{ at: NOW, actor, action: 'outage.message', subject: 's', before, after }])
  expect(words(await page())).not.toContain('ничего не изменилось')
})

test('the trail has pages and can be looked at for one thing', async () => {
  await record('recipient.add', 'r1', 101)
  await record('recipient.add', 'r2')
  const all = await page()
  expect(all).toContain('href="/audit?cursor=3"')
  const text = await page('/audit?subject=r1')
  expect(text).toContain('href="/audit?subject=r1&amp;cursor=2"')
  expect(words(text)).toContain('Только r1')
  expect(text).not.toContain('r2')
})

test('the trail of nothing, and a cursor that is none', async () => {
  expect(words(await page())).toContain('Действий не было.')
  const app = createApp(appDeps(world), appOptions())
  const response = await app.request('/audit?cursor=x', { headers: BY_TOKEN })
  expect(response.headers.get('location')).toBe('/audit')
})
