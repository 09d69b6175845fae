import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createBrokerWatch } from '../../../src/adapters/mqtt/broker-watch.ts'
import { planLink } from '../../../src/adapters/mqtt/options.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { runSource } from './harness.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/**
 * A peer that speaks just enough MQTT 3.1.1 to be subscribed to. `answer` is the code of the SUBACK for the counter;
 * null closes the connection instead, undefined says nothing.
 */
async function peer(answer: number | null | undefined) {
  let questions = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      if (bytes[0] === 0x10) socket.write(Buffer.from([0x20, 2, 0, 0]))
      if (bytes[0] !== 0x82) return
      const counter = bytes.includes('$SYS')
      if (counter) questions += 1
      const code = counter ? answer : 1
      if (code === null) socket.destroy()
      else if (code !== undefined) socket.write(Buffer.from([0x90, 3, bytes[2] ?? 0, bytes[3] ?? 0, code]))
    })
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `mqtt://127.0.0.1:${address.port}`, questions: () => questions }
}

describe('a broker without a counter of dropped messages', () => {
  test('that refuses it is asked once, and the source is connected all the same', async () => {
    const broker = await peer(0x80)
    await using running = runSource({ url: broker.url, protocolVersion: 4 })
    await running.until(() => running.source.health().detail['brokerWatch'] === 'not offered')
    await running.clock.advance(10 * MINUTE)
    expect(broker.questions()).toBe(1)
    expect(running.kinds()).toEqual(['connected'])
    expect(running.log.lines.filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([])
  })

  test('that ends the connection at the question is not asked again', async () => {
    const broker = await peer(null)
    await using running = runSource({ url: broker.url, protocolVersion: 4 })
    await running.until(() => running.kinds().filter((kind) => kind === 'connected').length === 2)
    await running.clock.advance(10 * MINUTE)
    expect(broker.questions()).toBe(1)
    expect(running.kinds()).toEqual(['connected', 'disconnected', 'connected'])
    expect(running.source.health().detail['brokerWatch']).toBe('not offered: the broker ended the connection')
  })

  test('that does not answer at all costs nothing: the link stays and no second question waits', async () => {
    const broker = await peer(undefined)
    await using running = runSource({ url: broker.url, protocolVersion: 4 })
    await running.until(() => broker.questions() === 1)
    await running.clock.advance(10 * MINUTE)
    expect(broker.questions()).toBe(1)
    expect(running.source.health()).toMatchObject({
      connected: true,
      detail: { brokerWatch: 'not answered yet', brokerDropped: null },
    })
    // The client waits for the answer; the limit of a second is on the fake clock.
    const stopped = running.source.stop()
    await running.clock.advance(1000)
    await stopped
  })

  test('that grants it and never says anything is asked again, and nothing is concluded', async () => {
    const broker = await peer(0)
    await using running = runSource({ url: broker.url, protocolVersion: 4 })
    await running.until(() => broker.questions() >= 3, 5000)
    expect(running.source.health().detail['brokerWatch']).toBe('granted, no value yet')
    expect(running.kinds()).toEqual(['connected'])
  })

  test('is not asked when the source says so', async () => {
    const broker = await peer(0)
    await using running = runSource({ url: broker.url, protocolVersion: 4, watchBroker: false })
    await running.until(() => running.source.health().connected)
    await running.clock.advance(10 * MINUTE)
    expect(broker.questions()).toBe(0)
    expect(running.source.health().detail['brokerWatch']).toBe('off')
  })
})

/** A watch whose questions are counted, on a link that stands. */
function watching(url: string, sharedGroup?: string) {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const told: string[] = []
  let questions = 0
  const watch = createBrokerWatch(planLink({ id: 'gate', url, topics: ['x'], qos: 1, sharedGroup }), {
    clock,
    log,
    metrics,
    ask(answer) {
      questions += 1
      answer(0)
      return true
    },
    events: {
      dropped: (since, count) => told.push(`dropped ${count} in ${clock.now() - since} ms`),
      dropsEnded: () => told.push('ended'),
    },
  })
  const read = (text: string): void => watch.read(Buffer.from(text))
  return { clock, log, metrics, told, watch, read, questions: () => questions }
}

describe('the watch over a broker', () => {
  test.each([
    ['mqtts://mqtt.flespi.io', undefined, 0],
    ['mqtts://flespi.io', undefined, 0],
    ['mqtts://notflespi.io', undefined, 1],
    ['mqtt://broker.example.org', undefined, 1],
    ['mqtt://broker.example.org', 'group', 1],
  ])('%s in the group %s is asked %i times', (url, group, questions) => {
    const watcher = watching(url, group)
    watcher.watch.granted()
    expect(watcher.questions()).toBe(questions)
  })

  test('a loss is told, counted and logged once with what to do; what is no number is ignored', async () => {
    const { clock, log, metrics, told, watch, read } = watching('mqtt://h')
    watch.granted()
    read('5')
    await clock.advance(10_000)
    for (const text of ['lots', '8', '', '9']) read(text)
    expect(told).toEqual(['dropped 3 in 21000 ms', 'dropped 1 in 11000 ms'])
    expect(metrics.value('watch_broker_dropped_total', { source: 'gate' })).toBe(4)
    const warnings = log.lines.filter(({ level }) => level === 'warn')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]?.message).toContain('max_queued_messages 0')
    await clock.advance(30_000)
    read('9')
    expect(told.at(-1)).toBe('ended')
    expect(watch.health()).toEqual({ brokerDropped: 9, brokerWatch: 'watched' })
  })

  test('drops are counted from zero, before there are any', () => {
    const { metrics } = watching('mqtt://h')
    expect(metrics.value('watch_broker_dropped_total', { source: 'gate' })).toBe(0)
  })

  test('a count that grows for ever is one error, and the source is no longer marked for it', async () => {
    const { clock, log, metrics, told, watch, read } = watching('mqtt://h')
    watch.granted()
    for (let count = 0; count < 200; count++) {
      read(String(count))
      await clock.advance(10_000)
    }
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    expect(told.filter((text) => text === 'ended')).toHaveLength(1)
    expect(told.at(-1)).toBe('ended')
    expect(watch.health()).toMatchObject({ brokerWatch: 'given up' })
    expect(metrics.value('watch_broker_dropped_total', { source: 'gate' })).toBe(199)
  })

  test('after stop it asks and tells no more', async () => {
    const { clock, told, watch, read, questions } = watching('mqtt://h')
    watch.granted()
    read('1')
    await clock.advance(1000)
    read('2')
    watch.stop()
    await clock.advance(10 * MINUTE)
    expect(questions()).toBe(1)
    expect(told).toHaveLength(1)
  })
})
