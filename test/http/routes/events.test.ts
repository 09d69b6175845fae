import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY, SECOND } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import { type Listening, listen } from '../../../src/http/server.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  sessionOf,
  TEST_ACTOR,
  terminal,
  tokenOf,
} from '../../support/app-deps.ts'
import { until } from '../../support/until.ts'

let world: AppWorld
let server: Listening

beforeEach(async () => {
  world = createWorld()
  world.terminals = [terminal({ id: '1', client: 'A', state: 'lost' }), terminal({ id: '2', client: 'B' })]
  server = await listen(createApp(appDeps(world), appOptions()), '127.0.0.1', 0)
})

afterEach(async () => {
  world.live.stop()
  await server.close()
})

/** A page that is open: what it was told so far, and whether the stream is over. */
async function open(headers: Record<string, string> = BY_TOKEN) {
  const leaving = new AbortController()
  const response = await fetch(`http://127.0.0.1:${server.port}/events`, { headers, signal: leaving.signal })
  const page = { response, text: '', isOver: false, leave: () => leaving.abort() }
  void read(response, page).catch(() => {})
  return page
}

async function read(response: Response, page: { text: string; isOver: boolean }): Promise<void> {
  const decoder = new TextDecoder()
  for await (const piece of response.body ?? []) page.text += decoder.decode(piece, { stream: true })
  page.isOver = true
}

function events({ text }: { readonly text: string }): { states: Record<string, number>; changes: number }[] {
  return Array.from(text.matchAll(/^data: (.*)$/gm), ([, data]) => JSON.parse(data ?? ''))
}

describe('the stream', () => {
  test('begins with when to try again and how the fleet is', async () => {
    const page = await open()
    expect(page.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(page.response.headers.get('cache-control')).toBe('no-store')
    await until(() => events(page).length === 1)
    expect(page.text).toMatch(/^retry: 5000\n\ndata: \{/)
    expect(events(page)[0]?.states).toMatchObject({ lost: 1, fresh: 1 })
  })

  test('says only what has changed, and something now and then so that it stays open', async () => {
    const page = await open()
    await until(() => events(page).length === 1)
    await world.clock.advance(15 * SECOND)
    expect(events(page)).toHaveLength(1)
    expect(page.text).not.toContain(': still here')
    await world.clock.advance(10 * SECOND)
    await until(() => page.text.includes(': still here\n\n'))
    world.stateChanges = 3
    await world.clock.advance(5 * SECOND)
    await until(() => events(page).length === 2)
    expect(events(page)[1]?.changes).toBe(3)
  })

  test('tells a dealer the numbers of his terminals alone', async () => {
    const page = await open(await tokenOf(world, 'dealer', { clients: ['B'] }))
    await until(() => events(page).length === 1)
    expect(events(page)[0]?.states).toMatchObject({ lost: 0, fresh: 1 })
  })

  test('is for people with an account: no stranger, no machine that only sends', async () => {
    const stranger = await fetch(`http://127.0.0.1:${server.port}/events`, { redirect: 'manual' })
    expect(stranger.status).toBe(303)
    expect((await open(await tokenOf(world, 'ingest'))).response.status).toBe(403)
  })
})

describe('the stream ends', () => {
  test('when the browser leaves, and another page may listen in its place', async () => {
    const pages = []
    for (let i = 0; i < 5; i++) pages.push(await open())
    const refused = await open()
    expect(refused.response.status).toBe(429)
    expect(refused.response.headers.get('retry-after')).toBe('60')
    pages[0]?.leave()
    await until(async () => {
      const page = await open()
      if (page.response.status === 200) return true
      return false
    })
  })

  test('when the session is over', async () => {
    const page = await open(await sessionOf(world, 'operator'))
    await until(() => events(page).length === 1)
    await world.clock.advance(8 * DAY)
    await until(() => page.isOver)
  })

  test('when the account may see other terminals than before', async () => {
    const page = await open(await tokenOf(world, 'dealer', { clients: ['A'] }))
    await until(() => events(page).length === 1)
    await world.accounts.change('dealer', { clients: ['B'] }, TEST_ACTOR)
    await world.clock.advance(5 * SECOND)
    await until(() => page.isOver)
    expect(events(page)).toHaveLength(1)
  })

  test('when the service stops, without anybody having to wait for it', async () => {
    const page = await open()
    await until(() => events(page).length === 1)
    world.live.stop()
    await until(() => page.isOver)
    await server.close()
    expect(page.text).not.toContain('data: null')
  })
})

test('who asks for the headers only takes no place', async () => {
  for (let n = 0; n < 6; n++) {
    const asked = await fetch(`http://127.0.0.1:${server.port}/events`, { method: 'HEAD', headers: BY_TOKEN })
    expect([asked.status, asked.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ])
  }
  const page = await open()
  expect(page.response.status).toBe(200)
})

test('two hundred pages may listen; the next one is told to try later', async () => {
  for (let i = 0; i < 200; i++) world.live.listen({ name: `page ${i}`, scope: 'all' }, () => {})
  const refused = await open()
  expect(refused.response.status).toBe(503)
  expect(refused.response.headers.get('retry-after')).toBe('60')
})
