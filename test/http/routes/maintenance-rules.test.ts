import { beforeEach, describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld, NOW } from '../../support/app-deps.ts'

let world: AppWorld
let ask: (path: string, init?: RequestInit) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  const app = createApp(appDeps(world), appOptions())
  ask = async (path, init = {}) => app.request(path, { ...init, headers: { ...BY_TOKEN, ...init.headers } })
})

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})

const RULE = { cron: '0 3 * * 0', duration: '1h30m', reason: 'weekly', announce: true }

describe('rules of planned work', () => {
  test('are added with 201, listed and deleted', async () => {
    const response = await ask('/api/v1/maintenance/rules', post(RULE))
    expect(response.status).toBe(201)
    const made = { id: 'rule-1', ...RULE }
    expect(await response.json()).toEqual(made)
    expect(world.rules).toMatchObject([{ durationMs: HOUR + 30 * MINUTE, announce: true }])
    const list: unknown = await (await ask('/api/v1/maintenance/rules')).json()
    expect(list).toEqual({ items: [made], next: null, total: 1 })
    const remove = async (): Promise<number> =>
      (await ask('/api/v1/maintenance/rules/rule-1', { method: 'DELETE' })).status
    expect(await remove()).toBe(204)
    expect(await remove()).toBe(404)
  })

  test('are silent unless they are to be announced', async () => {
    const silent = { cron: RULE.cron, duration: RULE.duration }
    expect(await (await ask('/api/v1/maintenance/rules', post(silent))).json()).toMatchObject({
      announce: false,
    })
  })

  test.each([
    [{ ...RULE, cron: '' }],
    [{ ...RULE, cron: 'x'.repeat(101) }],
    [{ ...RULE, duration: 'two hours' }],
    [{ ...RULE, duration: 7200 }],
    [{ ...RULE, reason: 'x'.repeat(501) }],
    [{ ...RULE, announce: 'yes' }],
    [{ ...RULE, reason: '' }],
    [{ cron: RULE.cron }],
    [{ ...RULE, extra: 1 }],
  ])('as %j are 422', async (body) => {
    expect((await ask('/api/v1/maintenance/rules', post(body))).status).toBe(422)
    expect(world.rules).toEqual([])
  })

  test('that make no sense are 422 with the reason', async () => {
    world.ruleFault = { code: 'fields', text: 'six fields; give five' }
    const response = await ask('/api/v1/maintenance/rules', post(RULE))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ detail: 'six fields; give five' })
  })
})

describe('a window', () => {
  const WINDOW = { from: '2026-01-15T11:00:00Z', to: '2026-01-15T12:00:00Z', reason: 'upgrade' }

  test('is announced on request', async () => {
    const response = await ask('/api/v1/maintenance', post({ ...WINDOW, announce: true }))
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ announced: true, rule: null })
  })

  test('names the rule that planned it', async () => {
    world.windows = [{ id: 'm', from: NOW, to: NOW + HOUR, reason: '', rule: 'rule-1' }]
    expect(await (await ask('/api/v1/maintenance')).json()).toMatchObject({
      items: [{ id: 'm', announced: false, rule: 'rule-1' }],
    })
  })

  test('on a vehicle cannot be announced', async () => {
    const put = { ...post({ ...WINDOW, announce: true }), method: 'PUT' }
    expect((await ask('/api/v1/terminals/1/maintenance', put)).status).toBe(422)
  })
})
