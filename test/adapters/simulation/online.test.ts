import { expect, test } from 'vitest'
import { SLOW_MS, startControlHost, startOnline } from '../../../src/adapters/simulation/online.ts'
import type { OnlineApi } from '../../../src/adapters/simulation/online-api.ts'
import type { Mood } from '../../../src/adapters/simulation/online-script.ts'
import { SECOND } from '../../../src/core/time.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { until } from '../../support/until.ts'

const SCRIPT = [
  { atMs: 0, mood: 'answering' },
  { atMs: 10 * SECOND, mood: 'error' },
  { atMs: 20 * SECOND, mood: 'refusing' },
  { atMs: 30 * SECOND, mood: 'answering' },
  { atMs: 40 * SECOND, mood: 'slow' },
] as const

/** Answers one path. */
const api: OnlineApi = ({ method, target, authorization, body }) =>
  target.pathname === '/auth/echo'
    ? { status: 202, value: { method, query: target.search, authorization, body } }
    : undefined

/** Status and text of an answer, or that there is none. */
async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' } })
    return `${response.status} ${(await response.text()).includes('Omnicomm Online')}`
  } catch {
    return 'refused'
  }
}

async function post(url: string, body: string): Promise<Response> {
  const headers = { connection: 'close', authorization: 'JWT t' }
  return fetch(url, { method: 'POST', headers, body })
}

test('the simulated Omnicomm Online plays its script again and again', async () => {
  const clock = createFakeClock()
  const scenes: Mood[] = []
  const online = await startOnline(clock, {
    script: SCRIPT,
    cycleMs: 60 * SECOND,
    onScene: (mood) => scenes.push(mood),
    api,
  })
  const echo = `${online.url}auth/echo?jwt=1`
  try {
    for (let cycle = 0; cycle < 2; cycle++) {
      await clock.advance(1)
      await until(async () => (await ask(online.url)) === '200 true')
      const answer = await post(echo, 'hello')
      const echoed = { method: 'POST', query: '?jwt=1', authorization: 'JWT t', body: 'hello' }
      expect([answer.status, await answer.json()]).toEqual([202, echoed])
      await clock.advance(10 * SECOND)
      expect(await ask(online.url)).toBe('503 false')
      expect((await post(echo, 'hello')).status).toBe(503)
      await clock.advance(10 * SECOND)
      await until(async () => (await ask(online.url)) === 'refused')
      await clock.advance(10 * SECOND)
      await until(async () => (await ask(online.url)) === '200 true')
      await clock.advance(10 * SECOND)
      await expectSlow(clock, online.url)
      await clock.advance(60 * SECOND * (cycle + 1) - clock.monotonic())
    }
    expect(scenes.slice(0, 5)).toEqual(['error', 'refusing', 'answering', 'slow', 'answering'])
  } finally {
    await online.stop()
  }
  expect(await ask(online.url)).toBe('refused')
})

/** The answer takes its time by the clock, however long that takes in earnest. */
async function expectSlow(clock: FakeClock, url: string): Promise<void> {
  const before = clock.monotonic()
  let answer = ''
  const asked = ask(url).then((text) => {
    answer = text
  })
  await until(async () => {
    await clock.advance(50)
    return answer !== ''
  })
  await asked
  expect(answer).toBe('200 true')
  expect(clock.monotonic() - before).toBeGreaterThanOrEqual(SLOW_MS)
}

test('the simulated Omnicomm Online hangs up on a body that nobody has to send', async () => {
  const online = await startOnline(createFakeClock(), {
    script: SCRIPT,
    cycleMs: 60 * SECOND,
    onScene: () => {},
    api,
  })
  await expect(post(`${online.url}auth/echo`, 'x'.repeat(100_000))).rejects.toThrow()
  expect(await ask(online.url)).toBe('200 true')
  await online.stop()
})

test('a control host answers', async () => {
  const control = await startControlHost()
  expect((await fetch(control.url)).status).toBe(200)
  await control.stop()
})
