import { beforeEach, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld } from '../../support/app-deps.ts'

let world: AppWorld
let ask: (method: string) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  const app = createApp(appDeps(world), appOptions())
  ask = async (method) => app.request('/api/v1/recording', { method, headers: BY_TOKEN })
})

test('a recording is given as it is made, and no other while its place is taken', async () => {
  const lines = ['{"a":1}\n', '{"end":"2026-01-15T10:00:00.000Z"}\n']
  world.recordings = [{ next: async () => lines.shift() ?? null, stop: () => {} }]
  const response = await ask('GET')
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
  expect(await response.text()).toBe('{"a":1}\n{"end":"2026-01-15T10:00:00.000Z"}\n')
  expect((await ask('GET')).status).toBe(409)
})

test('who asks for the headers only takes no place', async () => {
  world.recordings = [{ next: async () => null, stop: () => {} }]
  const asked = await ask('HEAD')
  expect([asked.status, asked.headers.get('content-type')]).toEqual([
    200,
    'application/x-ndjson; charset=utf-8',
  ])
  expect(world.recordings).toHaveLength(1)
})
