import { OpenAPIHono } from '@hono/zod-openapi'
import { expect, test } from 'vitest'
import type { AskOutcome } from '../../../src/core/online/ask.ts'
import type { HttpEnv } from '../../../src/http/env.ts'
import { addTerminalAsk } from '../../../src/http/routes/terminal-ask.ts'
import { appDeps, appOptions, createWorld, NOW, terminal } from '../../support/app-deps.ts'

/** The route alone, with a service that says `outcome`; before that it told a voltage. */
function begin(outcome: AskOutcome) {
  const world = createWorld()
  world.terminals = [terminal({ id: '1' })]
  const asked: string[] = []
  const app = new OpenAPIHono<HttpEnv>()
  app.use(async (c, next) => {
    c.set('identity', {
      name: 'admin',
      role: 'admin',
      scope: 'all',
      since: 0,
      via: 'token',
      language: null,
      mustChange: false,
    })
    await next()
  })
  const asker = {
    async ask(id: string): Promise<AskOutcome> {
      asked.push(id)
      world.terminals = [terminal({ id: '1', readings: { voltage: { value: 12.5, at: NOW } } })]
      return outcome
    },
  }
  addTerminalAsk(app, { ...appDeps(world), asker }, appOptions())
  return { asked, post: (id: string) => app.request(`/api/v1/terminals/${id}/ask`, { method: 'POST' }) }
}

test('answers with the terminal as it is known then', async () => {
  const { asked, post } = begin({ kind: 'answered' })
  const response = await post('1')
  expect([response.status, asked]).toEqual([200, ['1']])
  expect(await response.json()).toMatchObject({ id: '1', readings: { voltage: { value: 12.5 } } })
})

test('an unknown terminal is asked about nowhere', async () => {
  const { asked, post } = begin({ kind: 'answered' })
  expect([(await post('2')).status, asked]).toEqual([404, []])
})

test('says why the service told nothing', async () => {
  const response = await begin({
    kind: 'refused',
    why: 'not-polled',
    reason: 'no polled source has this terminal',
  }).post('1')
  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({
    detail: 'The service has not told anything: no polled source has this terminal.',
  })
})

test.each([
  [1, '1'],
  [39_001, '40'],
])('says when to ask again after %i ms', async (retryAfterMs, seconds) => {
  const response = await begin({ kind: 'too-often', retryAfterMs }).post('1')
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, seconds])
})
