import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startScript } from '../support/child-script.ts'
import { describeWithMosquitto, startMosquitto } from '../support/mosquitto.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const MESSAGES = 400_000
const STOPPED_MS = 2000
const LOAD = new URL('../bench/mqtt-load.ts', import.meta.url)

describeWithMosquitto('a backlog in the broker', () => {
  test('is taken in whole after the service stood still', async () => {
    const broker = await startMosquitto([
      'allow_anonymous true',
      'max_queued_messages 0',
      'max_inflight_messages 0',
    ])
    try {
      await using deployment = await deployService({
        broker: { enabled: false },
        sources: [
          { id: 'gate', kind: 'mqtt', url: `mqtt://127.0.0.1:${broker.port}`, topics: ['fleet/#'], qos: 0 },
        ],
        service: { components: [] },
      })
      const { api, log, pid } = await deployment.start()
      await until(() => log.some(({ message }) => message === 'MQTT source connected'), 10_000)
      const args = [broker.port, 'fleet', 0, MESSAGES, 10_000, 'END'].map(String)
      await using load = startScript(LOAD, args)
      await until(() => load.lines.length === 1, 20_000)
      process.kill(pid, 'SIGSTOP')
      await delay(STOPPED_MS)
      process.kill(pid, 'SIGCONT')
      const taken = () => api.metric('watch_messages_total')
      const dropped = () => api.metric('watch_messages_rejected_total', 'reason="dropped"')
      await until(async () => (await taken()) + (await dropped()) === MESSAGES + 1, 60_000, 'all are counted')
      expect(await dropped()).toBe(0)
    } finally {
      await broker.dispose()
    }
  }, 120_000)
})
