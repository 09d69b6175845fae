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
  expect(words(text)).toContain('сбой отменён как ложный 20260115T085500Z reason: old new')
  expect(text).toContain('<del>old</del> <ins>new</ins>')
  expect(text).toContain('<del>x</del>')
  expect(text).not.toContain('same')
  expect(words(text)).toContain('something.new')
  expect(text).toContain('href="/outages/20260115T085500Z"')
  expect(text).toContain('href="/audit?subject=x%2Fy"')
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
