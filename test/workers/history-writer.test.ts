import { expect, test } from 'vitest'
import { HOUR, SECOND } from '../../src/core/time.ts'
import type { HistoryAnswer } from '../../src/ports.ts'
import { createHistoryWriter } from '../../src/workers/history-writer.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { scriptedHistory } from '../support/history-store.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { until } from '../support/until.ts'

const FAILED: HistoryAnswer = { kind: 'failed', reason: 'nobody there' }
const REFUSED: HistoryAnswer = { kind: 'refused', reason: '400: bad line' }

function openWriter({ mostPoints = 100_000 } = {}) {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const store = scriptedHistory()
  const deps = { clock, log, metrics, random: () => 1, mostPoints: () => mostPoints }
  const writer = createHistoryWriter(deps, store)
  let offered = 0
  writer.start()
  return {
    clock,
    store,
    writer,
    offered: () => offered,
    offer(count: number): void {
      const numbers = Array.from({ length: count }, () => offered++)
      writer.offer(numbers, (number) => ({ measurement: 'm', tags: {}, fields: { number }, at: 0 }))
    },
    messages: () => log.lines.map(({ level, message }) => `${level}: ${message}`),
    lines: log.lines,
    count: (result: string) => metrics.value('watch_influx_points_total', { result }) ?? 0,
    up: () => metrics.value('watch_influx_up'),
    queued: () => metrics.value('watch_influx_queue_points'),
  }
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => String(from + i))

test('the database is asked before the first write, and points are there a second or two later', async () => {
  const { clock, store, offer, messages, up, count } = openWriter()
  offer(3)
  await clock.advance(2 * SECOND)
  expect(store.requests).toEqual([[], ['0', '1', '2']])
  expect(messages()).toEqual(['info: InfluxDB takes points'])
  expect([up(), count('written')]).toEqual([1, 3])
})

test('an hour away: the newest are kept, the oldest dropped and counted, and all is written in order after', async () => {
  const { clock, store, offer, offered, messages, count, up, queued, writer } = openWriter({
    mostPoints: 20_000,
  })
  store.answer(() => FAILED)
  for (let minute = 0; minute < 60; minute++) {
    offer(1000)
    await clock.advance(HOUR / 60)
  }
  expect(up()).toBe(0)
  expect(queued()).toBeLessThanOrEqual(20_000)
  // A minute between two tries, and no storm of them.
  expect(store.requests.length).toBeLessThan(75)
  expect(writer.state()).toMatchObject({ standing: { kind: 'failed', reason: 'nobody there' } })

  store.answer(() => ({ kind: 'written' }))
  await clock.advance(HOUR / 60)
  expect(store.written).toEqual(numbers(count('dropped'), offered()))
  expect(store.written.length).toBeGreaterThan(17_500)
  expect(count('written') + count('dropped')).toBe(60_000)
  expect(messages()).toEqual([
    'warn: InfluxDB cannot be reached or has a fault; points wait',
    'warn: points for InfluxDB are dropped, the oldest first: too many wait',
    'info: InfluxDB takes points again',
  ])
  expect([up(), queued()]).toEqual([1, 0])
})

test('a faulty line is found and counted, its neighbours are written, and the log says why once', async () => {
  const { clock, store, offer, lines, count, writer } = openWriter()
  store.answer((written) => (written.includes('700') ? REFUSED : { kind: 'written' }))
  offer(1000)
  await clock.advance(2 * SECOND)
  offer(500)
  await clock.advance(2 * SECOND)
  expect(store.written).toEqual(numbers(0, 1500).filter((number) => number !== '700'))
  expect([count('written'), count('refused')]).toEqual([1499, 1])
  expect(lines.filter(({ level }) => level === 'error')).toEqual([
    {
      level: 'error',
      message: 'InfluxDB refuses points as faulty; they are lost',
      fields: { points: 1, reason: '400: bad line' },
    },
  ])
  expect(writer.state().refused).toEqual({ points: 1, reason: '400: bad line' })
  await clock.advance(HOUR)
  expect(writer.state().refused).toBeNull()
})

test('where every line is refused it does not hammer: the first block is searched, the next ones are given up', async () => {
  const { clock, store, offer, count, lines, up } = openWriter()
  store.answer(() => REFUSED)
  for (let i = 0; i < 10; i++) {
    offer(2000)
    await clock.advance(SECOND)
  }
  expect(count('refused')).toBe(20_000)
  expect(store.requests.length).toBeLessThan(100)
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1)
  // It answers, and takes nothing.
  expect(up()).toBe(0)
  store.answer(() => ({ kind: 'written' }))
  offer(1)
  await clock.advance(2 * SECOND)
  expect(up()).toBe(1)
})

test('a database that says how many it dropped is believed', async () => {
  const { clock, store, offer, count } = openWriter()
  store.answer((written) => (written.length > 0 ? { ...REFUSED, dropped: 7 } : { kind: 'written' }))
  offer(100)
  await clock.advance(2 * SECOND)
  expect([count('written'), count('refused'), store.requests.length]).toEqual([93, 7, 2])
})

test('trouble in the middle of a search loses nothing', async () => {
  const { clock, store, offer, count } = openWriter()
  let requests = 0
  store.answer((written) => {
    if (++requests === 4) return FAILED
    return written.includes('5') ? REFUSED : { kind: 'written' }
  })
  offer(10)
  await clock.advance(5 * SECOND)
  expect(store.written).toEqual(numbers(0, 10).filter((number) => number !== '5'))
  expect([count('written'), count('refused')]).toEqual([9, 1])
})

test('a body that is too large is halved, and later ones are not as large again', async () => {
  const { clock, store, offer, count } = openWriter()
  store.answer((written) =>
    written.length > 600 ? { kind: 'too-large', reason: '413' } : { kind: 'written' },
  )
  offer(2000)
  await clock.advance(2 * SECOND)
  const tries = store.requests.length
  offer(2000)
  await clock.advance(2 * SECOND)
  expect(store.written).toEqual(numbers(0, 4000))
  expect(count('refused')).toBe(0)
  expect(store.requests.slice(tries).every(({ length }) => length <= 600)).toBe(true)
})

test('a proxy that found everything too large for a while is tried with larger bodies again', async () => {
  const { clock, store, offer, count } = openWriter()
  store.answer((written) =>
    written.length > 10 ? { kind: 'too-large', reason: '413' } : { kind: 'written' },
  )
  offer(1000)
  await clock.advance(2 * SECOND)
  store.answer(() => ({ kind: 'written' }))
  for (let i = 0; i < 10; i++) {
    offer(2000)
    await clock.advance(2 * SECOND)
  }
  expect(store.written).toEqual(numbers(0, 21_000))
  expect(count('refused')).toBe(0)
  expect(store.requests.at(-1)?.length).toBeGreaterThan(100)
})

test('another database is not taken to like only small ones', async () => {
  const { clock, store, offer, writer } = openWriter()
  store.answer((written) =>
    written.length > 600 ? { kind: 'too-large', reason: '413' } : { kind: 'written' },
  )
  offer(1000)
  await clock.advance(2 * SECOND)
  const next = scriptedHistory()
  writer.use(next)
  offer(1000)
  await clock.advance(2 * SECOND)
  expect(next.requests.map(({ length }) => length)).toEqual([0, 1000])
})

test('a single point that is too large is lost, not tried for ever', async () => {
  const { clock, store, offer, count } = openWriter()
  store.answer((written) =>
    written.includes('1') ? { kind: 'too-large', reason: '413' } : { kind: 'written' },
  )
  offer(3)
  await clock.advance(2 * SECOND)
  expect(store.written).toEqual(['0', '2'])
  expect(count('refused')).toBe(1)
})

test.each<[HistoryAnswer, string, number]>([
  [
    { kind: 'denied', reason: '401' },
    'warn: InfluxDB refuses influx.token, or it may not write to influx.bucket; points wait',
    5,
  ],
  [
    { kind: 'missing', reason: '404' },
    'warn: InfluxDB does not know influx.org or influx.bucket, or influx.url is another program; points wait',
    6,
  ],
  [{ kind: 'busy', reason: '429', retryAfterMs: 5 * 60 * SECOND }, 'warn: InfluxDB is busy; points wait', 4],
])('%o is told once and tried again seldom, then everything is written', async (answer, message, most) => {
  const { clock, store, offer, messages } = openWriter()
  store.answer(() => answer)
  offer(10)
  await clock.advance(15 * 60 * SECOND)
  expect(messages()).toEqual([message])
  expect(store.requests.length).toBeGreaterThanOrEqual(3)
  expect(store.requests.length).toBeLessThanOrEqual(most)
  store.answer(() => ({ kind: 'written' }))
  await clock.advance(15 * 60 * SECOND)
  expect(store.written).toEqual(numbers(0, 10))
})

test('another database takes over what waits, at once', async () => {
  const { clock, store, offer, writer } = openWriter()
  store.answer(() => ({ kind: 'denied', reason: '401' }))
  offer(3)
  await clock.advance(2 * SECOND)
  const next = scriptedHistory()
  writer.use(next)
  await clock.advance(2 * SECOND)
  expect(next.written).toEqual(numbers(0, 3))
  expect(store.isClosed()).toBe(true)
})

test('a write that is under way when the database changes is made to the new one', async () => {
  const { clock, store, offer, writer, count } = openWriter()
  store.answer((lines) => (lines.length === 0 ? { kind: 'written' } : new Promise(() => {})))
  offer(3)
  const second = clock.advance(SECOND)
  await until(() => store.requests.length === 2)
  const next = scriptedHistory()
  writer.use(next)
  await second
  await clock.advance(2 * SECOND)
  expect(next.written).toEqual(numbers(0, 3))
  expect(count('written')).toBe(3)
})

test('a clean stop writes what waits, though the next try was not due yet', async () => {
  const { clock, store, offer, writer, count } = openWriter()
  store.answer(() => ({ kind: 'denied', reason: '401' }))
  offer(5)
  await clock.advance(2 * SECOND)
  store.answer(() => ({ kind: 'written' }))
  offer(5)
  await writer.stop()
  expect(store.written).toEqual(numbers(0, 10))
  expect([count('written'), count('dropped')]).toEqual([10, 0])
})

test('a stop waits 2 s for a database that does not answer, and counts what is lost', async () => {
  const { clock, store, offer, writer, count, messages } = openWriter()
  store.answer((lines) => (lines.length === 0 ? { kind: 'written' } : new Promise(() => {})))
  await clock.advance(2 * SECOND)
  offer(5)
  const stopped = writer.stop()
  await until(() => store.requests.length === 2)
  await clock.advance(2 * SECOND)
  await stopped
  expect(store.isClosed()).toBe(true)
  expect([count('written'), count('dropped')]).toEqual([0, 5])
  expect(messages().at(-1)).toBe(
    'warn: points that waited for InfluxDB are lost: nothing is written to it any more',
  )
})
