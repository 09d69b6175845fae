import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { isBlind } from '../../../src/core/freshness/blindness.ts'
import { WAITING_MESSAGES } from '../../../src/workers/ingest-queue.ts'
import { startScript } from '../../support/child-script.ts'
import { describeWithMosquitto, startMosquitto } from '../../support/mosquitto.ts'
import { until } from '../../support/until.ts'
import { startWorker } from './worker.ts'

const LOAD = new URL('../../bench/mqtt-load.ts', import.meta.url)
const MESSAGES = 300_000
const TERMINALS = 10_000
const HUGE = 20

describeWithMosquitto('a hostile publisher', () => {
  test('floods the queue within its bounds, and every message is taken in or counted as dropped', {
    timeout: 180_000,
  }, async () => {
    const broker = await startMosquitto(['allow_anonymous true', 'max_queued_messages 0'])
    let deepest = 0
    const worker = startWorker({ clientId: 'flooded', port: broker.port }, () => {
      deepest = Math.max(deepest, worker.ingest.depth())
    })
    try {
      await until(() => worker.source.health().connected)
      const sender = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0 })
      for (let n = 0; n < HUGE; n++)
        await sender.publishAsync('fleet/huge', Buffer.alloc(1024 * 1024), { qos: 1 })
      await sender.endAsync()
      const args = [broker.port, 'fleet', 0, MESSAGES, TERMINALS, 'END'].map(String)
      await using load = startScript(LOAD, args)
      await until(() => load.lines.length === 1, 60_000)
      const counted = (name: string, labels: Record<string, string>) => {
        worker.ingest.report()
        return worker.metrics.value(name, { source: 'gate', ...labels }) ?? 0
      }
      const kinds = ['live', 'archive', 'snapshot']
      const taken = () => kinds.reduce((sum, kind) => sum + counted('watch_messages_total', { kind }), 0)
      const rejected = (reason: string) => counted('watch_messages_rejected_total', { reason })
      await until(() => taken() + rejected('dropped') === MESSAGES + 1, 120_000)
      expect(deepest).toBeGreaterThan(0)
      expect(deepest).toBeLessThanOrEqual(WAITING_MESSAGES)
      expect(rejected('too-large')).toBe(HUGE)
      expect(worker.fleet.inventory.length).toBeLessThanOrEqual(TERMINALS + 1)
      expect(isBlind(worker.watch.blindness)).toBe(false)
    } finally {
      await worker.source.stop()
      await broker.dispose()
    }
  })
})
