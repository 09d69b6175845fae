import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createMailBuilder } from '../../src/adapters/smtp/build.ts'
import type { NewLetter } from '../../src/core/letters/letter.ts'
import type { Notice } from '../../src/core/letters/notice.ts'
import { DAY, HOUR, MINUTE, parseIso } from '../../src/core/time.ts'
import { StoreError } from '../../src/ports.ts'
import { createLetterWriter } from '../../src/workers/letter-writer.ts'
import { createOperatorNotices } from '../../src/workers/operator-notices.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { LETTER_SETTING, shippedTemplates } from '../support/letters.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

const unusable = (key: string): Notice => ({
  topic: 'component-unusable',
  key,
  reason: `${key} has no account`,
})
const dead = (key: string): Notice => ({ topic: 'letter-dead', key, reason: `${key} was refused` })

function setUp(operators: readonly string[] = ['ops@example.org']) {
  const clock = createFakeClock(parseIso('2026-11-23T12:00:00Z'))
  const { outbox } = createMemoryStores()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const world = { fails: false, stored: 0 }
  const writer = createLetterWriter(
    { outbox, builder: createMailBuilder() },
    {
      ...LETTER_SETTING,
      from: 'w@example.org',
      operators,
      recipients: () => [],
      templates: shippedTemplates(),
    },
  )
  const notices = createOperatorNotices(
    {
      clock,
      log,
      metrics,
      outbox: {
        add: (letters: readonly NewLetter[]) =>
          world.fails ? Promise.reject(new StoreError('full', 'the disk is full')) : outbox.add(letters),
      },
      write: writer.operatorLetter,
      stored: () => {
        world.stored++
      },
    },
    { timezone: () => 'Europe/Moscow' },
  )
  notices.start()
  const settle = () => clock.advance(MINUTE)
  const subjects = async () =>
    (await outbox.list({ limit: 100 })).items.map(({ subject }) => subject).reverse()
  return { clock, outbox, log, metrics, world, notices, settle, subjects }
}

describe('a notice to operators', () => {
  test('is a line in the log and a letter to each operator', async () => {
    const rig = setUp(['ops@example.org', 'boss@example.org'])
    rig.notices.raise(unusable('api'))
    await rig.settle()
    const { items } = await rig.outbox.list({ limit: 10 })
    expect(items.map(({ kind, recipient }) => `${kind} ${recipient}`).sort()).toEqual([
      'operator boss@example.org',
      'operator ops@example.org',
    ])
    expect(rig.log.lines).toMatchObject([
      { level: 'warn', fields: { key: 'api', reason: 'api has no account' } },
    ])
    expect(rig.metrics.value('watch_notices_total', { topic: 'component-unusable' })).toBe(1)
    expect(rig.world.stored).toBe(1)
  })

  test('is repeated neither for the same key nor within the same day of the zone', async () => {
    const rig = setUp()
    for (let hour = 0; hour < 8; hour++) {
      rig.notices.raise(unusable('api'))
      await rig.clock.advance(HOUR)
    }
    expect(await rig.subjects()).toHaveLength(1)
    expect(rig.log.lines).toHaveLength(1)
    // 21:00 UTC is midnight in Moscow.
    await rig.clock.advance(HOUR)
    rig.notices.raise(unusable('api'))
    await rig.settle()
    expect((await rig.subjects()).map((subject) => subject.slice(-8))).toEqual(['20261123', '20261124'])
  })

  test('is told anew on the same day when it has another cause', async () => {
    const rig = setUp()
    const notices: readonly Notice[] = [
      { topic: 'component-unusable', key: 'api', cause: 'setup', reason: 'no account' },
      { topic: 'component-unusable', key: 'api', cause: 'credentials', reason: 'a wrong password' },
      { topic: 'account-unusable', key: 'main', cause: 'blocked', reason: 'too many calls' },
      { topic: 'account-unusable', key: 'main', cause: 'rights', reason: 'no right to the tree' },
      { topic: 'relay-refuses', key: 'relay', code: 535, reason: '535 a wrong password' },
      { topic: 'relay-refuses', key: 'relay', code: 550, reason: '550 not this sender' },
      { topic: 'request-overdue', key: 'R-1', step: 'register', reason: 'lost data' },
      { topic: 'request-overdue', key: 'R-1', step: 'promise', reason: 'lost data' },
    ]
    for (const notice of notices) {
      rig.notices.raise(notice)
      rig.notices.raise({ ...notice, reason: `${notice.reason}, again` })
      await rig.settle()
    }
    expect(new Set(await rig.subjects()).size).toBe(8)
    expect(rig.log.lines.map(({ fields }) => fields?.['reason'])).toEqual([
      'no account',
      'a wrong password',
      'lost data',
      'lost data',
    ])
  })

  test('without operators is in the log only', async () => {
    const rig = setUp([])
    rig.notices.raise(unusable('api'))
    await rig.settle()
    expect(await rig.subjects()).toEqual([])
    expect(rig.log.lines).toHaveLength(1)
    expect(rig.world.stored).toBe(0)
  })

  test('goes into one letter with others of its topic that follow within the minute', async () => {
    const rig = setUp()
    for (let i = 0; i < 1200; i++) rig.notices.raise(dead(`letter-${i}`))
    rig.notices.raise(unusable('api'))
    await rig.clock.advance(2 * MINUTE)
    const { items } = await rig.outbox.list({ limit: 100 })
    expect(items.length).toBeLessThanOrEqual(3)
    const texts = await Promise.all(items.map(async ({ id }) => (await rig.outbox.get(id))?.mime))
    const seen = texts.map((mime) => Buffer.from(mime ?? []).toString()).join()
    expect(seen.length).toBeLessThan(50_000)
  })

  test('about a dead notice of a dead letter is no letter: it would go round in circles', async () => {
    const rig = setUp()
    rig.notices.raise(dead('notice-letter-dead-0-20261123-operator-1-0'))
    await rig.settle()
    expect(await rig.subjects()).toEqual([])
    expect(rig.log.lines).toEqual([])
  })

  test('waits for a store that fails, and comes with the next minute', async () => {
    const rig = setUp()
    rig.world.fails = true
    rig.notices.raise(unusable('api'))
    await rig.clock.advance(3 * MINUTE)
    rig.notices.raise(unusable('web'))
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    rig.world.fails = false
    await rig.settle()
    expect(await rig.subjects()).toHaveLength(1)
    expect(rig.log.lines.at(-1)).toMatchObject({ level: 'info' })
  })

  test('is stored by a stop', async () => {
    const rig = setUp()
    rig.notices.raise(unusable('api'))
    await rig.notices.stop()
    expect(await rig.subjects()).toHaveLength(1)
    await rig.clock.advance(DAY)
    expect(await rig.subjects()).toHaveLength(1)
  })
})
