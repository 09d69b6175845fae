import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { createMqttSource } from '../../../src/adapters/mqtt/source.ts'
import { isBlind } from '../../../src/core/freshness/blindness.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { startStation } from '../../support/fleet-station.ts'
import { describeWithMosquitto, startMosquitto } from '../../support/mosquitto.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'
import { connectPublisher, type Running, runSource } from './harness.ts'
import { startProxy } from './proxy.ts'

/** Mosquitto's own limits (1000 queued, 20 under way), its counters renewed as often as it can. */
const DEFAULT_LIMITS = ['allow_anonymous true', 'sys_interval 1']
const SENT = 5000

async function publishMany(port: number): Promise<void> {
  await using publisher = await connectPublisher(port)
  await Promise.all(Array.from({ length: SENT }, (_, n) => publisher.publish('fleet/1', String(n))))
}

/** Messages that the broker of a source says it has dropped since the first reading. */
function lostOf({ metrics }: Running): number {
  return metrics.value('watch_broker_dropped_total', { source: 'gate' }) ?? 0
}

describeWithMosquitto('a Mosquitto that drops what a slow source cannot take', () => {
  describe.each([
    ['MQTT 5', 5],
    ['MQTT 3.1.1', 4],
  ] as const)('%s', (_name, protocolVersion) => {
    test('every lost message is told, since a moment before the loss, and the end of it too', async () => {
      const broker = await startMosquitto(DEFAULT_LIMITS)
      try {
        await using proxy = await startProxy(broker.port)
        await using running = runSource({ url: `mqtt://127.0.0.1:${proxy.port}`, protocolVersion })
        await running.until(() => running.source.health().detail['brokerDropped'] === 0)
        const before = running.clock.now()
        proxy.hold(true)
        await publishMany(broker.port)
        proxy.hold(false)
        // The broker may count the loss in two parts, seconds of real time apart.
        await running.until(() => lostOf(running) + running.texts().length === SENT)
        await running.until(() => running.kinds().at(-1) === 'drops-ended', 500)
        const dropped = running.happenings.filter((happening) => happening.kind === 'dropped')
        const lost = dropped.reduce((sum, { count }) => sum + count, 0)
        expect(lost).toBeGreaterThan(SENT / 2)
        expect(dropped[0]?.since).toBeLessThanOrEqual(before)
        expect(lostOf(running)).toBe(lost)
        expect(running.texts().every((text) => /^\d+$/.test(text) && Number(text) < SENT)).toBe(true)
        expect(running.source.health().detail['brokerWatch']).toBe('watched')
      } finally {
        await broker.dispose()
      }
    })

    test('what was lost while the link was down is told after it', async () => {
      const broker = await startMosquitto(DEFAULT_LIMITS)
      try {
        await using proxy = await startProxy(broker.port)
        await using running = runSource({ url: `mqtt://127.0.0.1:${proxy.port}`, protocolVersion })
        await running.until(() => running.source.health().detail['brokerDropped'] === 0)
        proxy.refuse(true)
        proxy.cut()
        await running.until(() => !running.source.health().connected)
        await publishMany(broker.port)
        proxy.refuse(false)
        await running.until(() => lostOf(running) + running.texts().length === SENT)
        await running.until(() => running.kinds().at(-1) === 'drops-ended', 500)
        expect(running.kinds()).toContain('dropped')
        expect(lostOf(running)).toBeGreaterThan(SENT / 2)
      } finally {
        await broker.dispose()
      }
    })
  })

  test('what it has dropped before our time is no loss of ours', async () => {
    const broker = await startMosquitto(DEFAULT_LIMITS)
    try {
      const away = runSource({ url: `mqtt://127.0.0.1:${broker.port}`, clientId: 'away' })
      await away.until(() => away.source.health().connected)
      await away.source.stop()
      await publishMany(broker.port)
      const url = `mqtt://127.0.0.1:${broker.port}`
      await using earlier = runSource({ url, clientId: 'earlier', topics: ['none/#'] })
      await earlier.until(() => Number(earlier.source.health().detail['brokerDropped']) > 0)
      await using running = runSource({ url, topics: ['none/#'] })
      await running.until(() => running.clock.monotonic() > 10 * MINUTE, 10 * SECOND)
      expect(running.kinds()).toEqual(['connected'])
    } finally {
      await broker.dispose()
    }
  })

  test('no terminal is judged by what was lost; it is by its silence afterwards', async () => {
    const broker = await startMosquitto(DEFAULT_LIMITS)
    const clock = createFakeClock()
    const station = await startStation(clock, createMemoryStores(), { opened: false })
    const watch = station.watches.find('gate')
    if (!watch) throw new Error('no watch')
    try {
      await using proxy = await startProxy(broker.port)
      const source = createMqttSource(
        { id: 'gate', url: `mqtt://127.0.0.1:${proxy.port}`, topics: ['fleet/#'], qos: 1 },
        station.watches.events(watch, { received: () => {}, room: () => null }),
        {
          clock,
          log: createRecordingLog(),
          metrics: createRecordingMetrics(),
          settings: createMemoryStores().settings,
        },
      )
      await using _ = { [Symbol.asyncDispose]: () => source.stop() }
      const looking = (condition: () => boolean) =>
        until(async () => {
          await clock.advance(10)
          return condition()
        }, 10_000)
      await looking(() => source.health().detail['brokerDropped'] === 0)
      await clock.advance(5 * MINUTE)
      station.hear('1')
      await clock.advance(27 * MINUTE)
      expect(station.state('1')).toBe('fresh')

      proxy.hold(true)
      await publishMany(broker.port)
      proxy.hold(false)
      await looking(() => watch.causes.has('dropped'))
      await clock.advance(4 * MINUTE)
      expect(station.state('1')).toBe('unknown')

      await looking(() => !isBlind(watch.blindness))
      await clock.advance(10 * MINUTE)
      expect(station.state('1')).toBe('stale')
    } finally {
      await broker.dispose()
    }
  })
})
