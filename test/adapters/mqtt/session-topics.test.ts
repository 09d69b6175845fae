import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { planLink } from '../../../src/adapters/mqtt/options.ts'
import { createSessionTopics } from '../../../src/adapters/mqtt/session-topics.ts'
import type { SettingsStore } from '../../../src/ports.ts'
import { createRecordingLog } from '../../support/recorders.ts'

/** A run with these topics, at a broker that takes them out of the session, or ends the link meanwhile. */
function run(settings: SettingsStore, topics: readonly string[], clientId = 'ours') {
  const log = createRecordingLog()
  const plan = planLink({ id: 'hub', url: 'mqtt://broker', topics, qos: 1, clientId })
  const session = createSessionTopics(plan, { settings, log })
  const unsubscribed: (readonly string[])[] = []
  return {
    log,
    unsubscribed,
    settled: session.settled,
    settle: (resumed: boolean, isTaken = true) =>
      session.settle(resumed, async (filters) => {
        unsubscribed.push(filters)
        return isTaken
      }),
  }
}

describe('topics of an earlier run', () => {
  test('that are no longer wanted are unsubscribed, once', async () => {
    const { settings } = createMemoryStores()
    await run(settings, ['a/#', 'b', 'c']).settle(false)
    const next = run(settings, ['b', 'd'])
    await next.settle(true)
    await next.settle(true)
    expect(next.unsubscribed).toEqual([['a/#', 'c']])
    const third = run(settings, ['b', 'd'])
    await third.settle(true)
    expect(third.unsubscribed).toEqual([])
    expect(third.settled()).toBe(true)
  })

  test('went with a session that the broker did not keep', async () => {
    const { settings } = createMemoryStores()
    await run(settings, ['a']).settle(false)
    const next = run(settings, ['b'])
    await next.settle(false)
    const third = run(settings, ['c'])
    await third.settle(true)
    expect([next.unsubscribed, third.unsubscribed]).toEqual([[], [['b']]])
  })

  test('are asked for again where the link ended before the broker answered', async () => {
    const { settings } = createMemoryStores()
    await run(settings, ['a']).settle(false)
    const next = run(settings, ['b'])
    await next.settle(true, false)
    expect(next.settled()).toBe(false)
    await next.settle(true)
    expect(next.unsubscribed).toEqual([['a'], ['a']])
    expect(next.settled()).toBe(true)
  })

  test('of another client are left alone', async () => {
    const { settings } = createMemoryStores()
    await run(settings, ['a'], 'theirs').settle(false)
    const next = run(settings, ['b'])
    await next.settle(true)
    expect(next.unsubscribed).toEqual([])
  })
})

test('settings that fail are told, and asked again with the next connection', async () => {
  const { settings } = createMemoryStores()
  let isBroken = true
  const flaky: SettingsStore = {
    get: settings.get,
    set: (key, value) => (isBroken ? Promise.reject(new Error('disk full')) : settings.set(key, value)),
  }
  const first = run(flaky, ['a'])
  await first.settle(false)
  expect(first.log.lines.map(({ level }) => level)).toEqual(['warn'])
  expect(first.settled()).toBe(false)
  isBroken = false
  await first.settle(true)
  expect(first.settled()).toBe(true)
})
