import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { describeWithMosquitto, startMosquitto } from '../../support/mosquitto.ts'
import { connectPublisher, runSource } from './harness.ts'
import { startProxy } from './proxy.ts'

const CONFIG = new URL('../../../config/mosquitto/mosquitto.conf', import.meta.url)
/** What the test server sets by itself: its own port and folder. */
const OWN = /^(listener|persistence|persistence_location) /

async function startRecommended() {
  const text = await readFile(CONFIG, 'utf8')
  return startMosquitto(text.split('\n').filter((line) => !OWN.test(line)))
}

describeWithMosquitto('the recommended Mosquitto configuration', () => {
  test('drops nothing for a source that does not read for a while', async () => {
    const broker = await startRecommended()
    try {
      await using proxy = await startProxy(broker.port)
      await using running = runSource({ url: `mqtt://127.0.0.1:${proxy.port}` })
      await running.until(() => running.source.health().detail['brokerDropped'] === 0)
      proxy.hold(true)
      await using publisher = await connectPublisher(broker.port)
      const sent = Array.from({ length: 20_000 }, (_, index) => String(index))
      await Promise.all(sent.map((message) => publisher.publish('fleet/1', message)))
      proxy.hold(false)
      await running.until(() => running.texts().length >= sent.length)
      expect(running.texts()).toEqual(sent)
      expect(running.kinds()).not.toContain('dropped')
    } finally {
      await broker.dispose()
    }
  })

  test('is accepted, and keeps more than the default thousand messages for a source that is away', async () => {
    const broker = await startRecommended()
    try {
      const options = { url: `mqtt://127.0.0.1:${broker.port}` }
      const away = runSource(options)
      await away.until(() => away.source.health().connected)
      await away.source.stop()
      await using publisher = await connectPublisher(broker.port)
      const sent = Array.from({ length: 3000 }, (_, index) => String(index))
      await Promise.all(sent.map((message) => publisher.publish('fleet/1', message)))
      await using back = runSource(options)
      await back.until(() => back.texts().length >= sent.length)
      expect(back.texts()).toEqual(sent)
    } finally {
      await broker.dispose()
    }
  })
})
