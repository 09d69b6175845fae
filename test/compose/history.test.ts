import { expect, onTestFinished, test } from 'vitest'
import { openHistory } from '../../src/compose/history.ts'
import { parseConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { SECOND } from '../../src/core/time.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createScenario, T0 } from '../support/fleet-scenario.ts'
import { influxError, startInfluxStub } from '../support/influx-stub.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

const GOOD = 'good-token'

function configured(url: string, token = GOOD): Config {
  const loaded = parseConfig(`influx: { url: "${url}", org: o, bucket: b, token: ${token} }`, {})
  if (!loaded.ok) throw new Error('the configuration is good')
  return loaded.config
}

/** An InfluxDB that knows one token, and a history that is written to it. */
async function setUp(token = GOOD) {
  const stub = await startInfluxStub(({ token: shown, lines }) => {
    if (shown !== `Token ${GOOD}`) return influxError(401, `unauthorized access of ${shown}`)
    return lines.length === 0 ? influxError(400, 'writing requires points') : { status: 204 }
  })
  onTestFinished(() => stub[Symbol.asyncDispose]())
  const clock = createFakeClock(T0)
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const history = openHistory({ clock, log, metrics }, configured(stub.url, token))
  onTestFinished(() => history.stop())
  const offer = (...numbers: number[]): void =>
    history.offer(numbers, (number) => ({ measurement: 'm', tags: {}, fields: { v: number }, at: 1 }))
  return { stub, clock, log, metrics, history, offer }
}

test('a wrong token is told in the log and on the pages, and the right one after a reload writes what waits', async () => {
  const { stub, clock, log, history, offer } = await setUp('bad-token')
  offer(1, 2)
  await clock.advance(2 * SECOND)
  expect(history.warnings('en')).toEqual([
    'InfluxDB refuses influx.token, or it may not write to influx.bucket. The graphs of the past are behind, points that wait: 2. (401: unauthorized access of Token ***)',
  ])
  expect(history.warnings('ru')[0]).toContain('не принимает influx.token')
  expect(JSON.stringify(log.lines)).not.toContain('bad-token')

  await history.reconfigure(configured(stub.url))
  await clock.advance(2 * SECOND)
  expect(stub.written).toEqual(['m v=1 1000000', 'm v=2 1000000'])
  expect(history.warnings('en')).toEqual([])
})

test('a database that is away for moments only is on no page', async () => {
  const { stub, clock, history, offer } = await setUp()
  stub.answer(() => ({ status: 500 }))
  offer(1)
  await clock.advance(5 * SECOND)
  expect(history.warnings('en')).toEqual([])
  await clock.advance(60 * SECOND)
  expect(history.warnings('en')[0]).toContain('InfluxDB cannot be reached or has a fault.')
})

test('without an address the last points are written and no more come; with one again they do', async () => {
  const { stub, clock, history, metrics, offer } = await setUp()
  await clock.advance(2 * SECOND)
  expect(metrics.value('watch_influx_up')).toBe(1)
  offer(1)
  await history.reconfigure(configured(''))
  expect(stub.written).toHaveLength(1)
  expect(metrics.value('watch_influx_up')).toBeNaN()
  offer(2)
  await clock.advance(5 * SECOND)
  expect(stub.written).toHaveLength(1)
  await history.reconfigure(configured(stub.url))
  offer(3)
  await clock.advance(2 * SECOND)
  expect(stub.written).toEqual(['m v=1 1000000', 'm v=3 1000000'])
})

test('every 30 s the terminals of each client are counted by state', async () => {
  const { stub, clock, history } = await setUp()
  const { fleet, observe, run } = createScenario()
  observe('1', { eventAt: T0 })
  observe('2', { eventAt: T0 })
  history.follow(fleet)
  await clock.advance(33 * SECOND)
  run(SECOND)
  await clock.advance(30 * SECOND)
  expect(stub.written).toEqual([
    `fleet,client=-,state=lost terminals=0 ${T0 + 30_000}000000`,
    `fleet,client=-,state=stale terminals=0 ${T0 + 30_000}000000`,
    `fleet,client=-,state=unknown terminals=2 ${T0 + 30_000}000000`,
    `fleet,client=-,state=unknown terminals=0 ${T0 + 60_000}000000`,
    `fleet,client=-,state=fresh terminals=2 ${T0 + 60_000}000000`,
  ])
})
