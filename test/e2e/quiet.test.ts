import { setTimeout as delay } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { setOutageStage } from '../support/outage-stage.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const MESSAGES = 500
const RUN_MS = 8000

test('a service in which all is well logs a few lines at its start and none for a message or a round', async () => {
  await using stage = await setOutageStage()
  await using deployment = await deployService({
    ...stage.config,
    http: { port: 0, publicUrl: 'https://watch.example.net' },
    letters: { ...stage.config.letters, operators: ['duty@example.net'] },
  })
  const service = await deployment.start()
  const client = await connectAsync(`mqtt://127.0.0.1:${service.brokerPort}`, {
    protocolVersion: 4,
    reconnectPeriod: 0,
  })
  await until(async () => (await service.api.service()).state === 'up', 10_000)
  // That a busy machine stood still is said rightly, and is neither a message nor a round.
  const log = () => service.log.filter(({ message }) => message !== 'the process stood still')
  const atStart = log().length
  for (let n = 0; n < MESSAGES; n++) {
    await client.publishAsync(
      `fleet/${230_000_000 + n}`,
      `{"ts":${Date.now()},"lat":56.25,"lon":43.5,"speed":42}`,
      { qos: 1 },
    )
    if (n % 50 === 49) await delay(RUN_MS / (MESSAGES / 50))
  }
  await client.endAsync()
  await until(async () => (await service.api.metric('watch_messages_total', 'source="gate"')) === MESSAGES)
  expect(await service.api.metric('watch_probe_verdicts_total', 'ok')).toBeGreaterThanOrEqual(
    RUN_MS / 1000 - 1,
  )
  expect(log().slice(atStart)).toEqual([])
  expect(await service.end('SIGTERM')).toBe(0)
  expect(log().filter(({ level }) => level !== 'info')).toEqual([])
  expect(log().length).toBeLessThan(12)
}, 60_000)
