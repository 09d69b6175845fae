import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { deployService, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const MOVING_MS = 3000

/** Short times: a moving terminal is stale after 3 s. */
const CONFIG = {
  sources: [
    { id: 'gate', kind: 'mqtt', url: 'mqtt://127.0.0.1:0', topics: ['fleet/#'], interval: '500ms' },
    { id: 'push', kind: 'http', token: 'push-token', interval: '500ms' },
  ],
  freshness: { default: { moving: '3s', parked: '6s' }, resumeGrace: '1s' },
  service: { components: [] },
}

async function connectTerminal({ brokerPort }: ServiceProcess, id: string) {
  const client = await connectAsync(`mqtt://127.0.0.1:${brokerPort}`, {
    protocolVersion: 4,
    reconnectPeriod: 0,
  })
  return {
    speak: (speed: number) =>
      client.publishAsync(
        `fleet/${id}`,
        JSON.stringify({ ts: Date.now(), lat: 56.25, lon: 43.5, speed, sats: 11 }),
        { qos: 1 },
      ),
    [Symbol.asyncDispose]: () => client.endAsync(),
  }
}

async function stateOf({ api }: ServiceProcess, id: string): Promise<string | undefined> {
  return (await api.terminal(id))?.state
}

test('a terminal that publishes is fresh, falls silent, is stale when it was due, and comes back', async () => {
  await using deployment = await deployService(CONFIG)
  const service = await deployment.start()
  await using terminal = await connectTerminal(service, '200000123')
  const spokeAt = Date.now()
  await terminal.speak(42)
  await until(async () => (await stateOf(service, '200000123')) === 'fresh')
  const seen = await service.api.terminal('200000123')
  expect(seen).toMatchObject({ source: 'gate', discovered: true, parked: false, threshold: { seconds: 3 } })
  expect(seen?.readings).toMatchObject({ speedKmh: { value: 42 }, satellites: { value: 11 } })
  const contactAt = Date.parse(seen?.contactAt ?? '')
  expect(contactAt).toBeGreaterThanOrEqual(spokeAt)

  await until(async () => (await stateOf(service, '200000123')) === 'stale', 15_000)
  // The change is read from the store, which gets it with the next flush.
  await until(async () => (await service.api.history('200000123'))[0]?.to === 'stale')
  const [stale] = await service.api.history('200000123')
  expect(stale).toMatchObject({ from: 'fresh', to: 'stale', contactAt: seen?.contactAt })
  const lateMs = Date.parse(stale?.at ?? '') - (contactAt + MOVING_MS)
  // On a machine that stood still the source was blind, and that time is no silence.
  const stoodStill = service.log.some(({ message }) => message === 'the process stood still')
  expect(lateMs).toBeGreaterThanOrEqual(0)
  expect(lateMs).toBeLessThan(stoodStill ? 5000 : 50)

  await terminal.speak(42)
  await until(async () => Date.parse((await service.api.terminal('200000123'))?.contactAt ?? '') > contactAt)
  expect(await stateOf(service, '200000123')).toBe('stale')
  await terminal.speak(42)
  await until(async () => (await stateOf(service, '200000123')) === 'fresh')
  await until(async () => (await service.api.history('200000123'))[0]?.to === 'fresh')
  const story = (await service.api.history('200000123')).map(({ from, to }) => `${from}>${to}`)
  expect(story.slice(0, 2)).toEqual(['stale>fresh', 'fresh>stale'])
})

test('a parked terminal sleeps between the moving and the parked threshold', async () => {
  await using deployment = await deployService(CONFIG)
  const service = await deployment.start()
  await using terminal = await connectTerminal(service, '200000124')
  await terminal.speak(0)
  for (const state of ['fresh', 'sleeping', 'stale'])
    await until(async () => (await stateOf(service, '200000124')) === state, 15_000, `it is ${state}`)
})

test('what is no message is counted and disturbs nothing', async () => {
  await using deployment = await deployService(CONFIG)
  const service = await deployment.start()
  const client = await connectAsync(`mqtt://127.0.0.1:${service.brokerPort}`, {
    reconnectPeriod: 0,
    protocolVersion: 4,
  })
  for (const payload of ['', '{', '\u0000\u0001', '"text"', '{"ident":{"a":1}}', '['.repeat(50_000)])
    await client.publishAsync('fleet/200000125', payload, { qos: 1 })
  await client.publishAsync('fleet/200000126', '{"lat":56.25,"lon":43.5,"speed":10}', { qos: 1 })
  await client.endAsync()
  await until(async () => (await stateOf(service, '200000126')) === 'fresh')
  await until(
    async () => (await service.api.metric('watch_messages_rejected_total', 'reason="not-json"')) === 3,
  )
  expect((await service.api.readiness()).status).toBe(200)
  const warnings = service.log.filter(({ message }) => message === 'message rejected')
  expect(warnings.length).toBeLessThanOrEqual(4)
})
