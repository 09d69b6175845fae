import { expect, test } from 'vitest'
import { deployService, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const TOKEN = 'push-token'

const SOURCES = [{ id: 'push', kind: 'http', token: TOKEN }]
const COMMON = { broker: { enabled: false }, service: { components: [] } }

function configOf(moving: string, sources: readonly object[] = SOURCES) {
  return { ...COMMON, sources, freshness: { default: { moving } } }
}

async function thresholdOf({ api }: ServiceProcess): Promise<number | null | undefined> {
  return (await api.terminal('200000123'))?.threshold.seconds
}

function logged(service: ServiceProcess, message: string): number {
  return service.log.filter((line) => line.message === message).length
}

test('SIGHUP refuses a bad configuration, keeps the old one and takes a good one over', async () => {
  await using deployment = await deployService(configOf('20m'))
  const service = await deployment.start()
  await service.api.push('push', TOKEN, '{"ident":"200000123","speed":42}')
  await until(async () => (await thresholdOf(service)) === 1200)

  for (const [index, bad] of [
    'freshness: [',
    JSON.stringify({ freshness: { default: { moving: 'soon' } }, nonsense: 1 }),
  ].entries()) {
    await deployment.configure(bad)
    service.hangUp()
    await until(() => logged(service, 'configuration refused; the old one stays') === index + 1)
    expect(await thresholdOf(service)).toBe(1200)
  }
  const refusals = service.log.filter(({ level }) => level === 'error')
  expect(JSON.stringify(refusals.at(-1))).toContain('freshness.default.moving')
  expect(JSON.stringify(refusals.at(-1))).toContain('nonsense')
  expect(await service.api.metric('watch_config_last_reload_successful')).toBe(0)

  await deployment.configure(configOf('25m'))
  service.hangUp()
  await until(async () => (await thresholdOf(service)) === 1500)
  await until(() => logged(service, 'configuration reloaded') === 1)
  expect(await service.api.metric('watch_config_last_reload_successful')).toBe(1)
  expect((await service.api.push('push', TOKEN, '{"ident":"200000123","speed":42}')).status).toBe(202)
})

test('SIGHUP adds and removes sources, and their terminals stay', async () => {
  await using deployment = await deployService(configOf('20m'))
  const service = await deployment.start()
  await service.api.push('push', TOKEN, '{"ident":"200000123","speed":42}')
  await deployment.configure(configOf('20m', [{ id: 'other', kind: 'http', token: 'other-token' }]))
  service.hangUp()
  await until(
    async () => (await service.api.push('other', 'other-token', '{"ident":"200000124"}')).status === 202,
  )
  expect((await service.api.push('push', TOKEN, '{"ident":"200000123"}')).status).toBe(404)
  expect(await service.api.terminal('200000123')).toMatchObject({ source: 'push' })
  expect(await service.api.terminal('200000124')).toMatchObject({ source: 'other' })
})

test('SIGHUP takes the series of removed sources and components away, and keeps all others', async () => {
  const component = (id: string) => ({ id, kind: 'tcp', host: '127.0.0.1', port: 9, counts: 'outage' })
  const config = (sources: readonly string[], components: readonly string[]) => ({
    broker: { enabled: false },
    sources: sources.map((id) => ({ id, kind: 'http', token: `${id}-token` })),
    service: { interval: '1s', timeout: '500ms', components: components.map(component) },
  })
  await using deployment = await deployService(config(['push', 'gone'], ['web', 'old']))
  const service = await deployment.start()
  const series = async (label: string): Promise<readonly string[]> => {
    const lines = (await (await service.api.request('/metrics')).text()).split('\n')
    return lines.filter((line) => line.includes(label))
  }
  for (const source of ['push', 'gone']) {
    await service.api.push(source, `${source}-token`, '{"ident":"200000123"}')
    await service.api.push(source, `${source}-token`, '{"nothing":1}')
  }
  await until(async () => (await series('source="gone"')).length >= 6)
  await until(async () => (await series('component="old"')).some((line) => line.includes('_count')))
  const kept = await series('source="push"')

  await deployment.configure(config(['push'], ['web']))
  service.hangUp()
  await until(() => logged(service, 'configuration reloaded') === 1)
  expect([await series('source="gone"'), await series('component="old"')]).toEqual([[], []])
  const names = (lines: readonly string[]) => lines.map((line) => line.split(' ')[0])
  expect(names(await series('source="push"'))).toEqual(names(kept))
  expect((await series('component="web"')).some((line) => line.includes('_count'))).toBe(true)

  await deployment.configure(config(['push', 'gone'], ['web']))
  service.hangUp()
  await until(() => logged(service, 'configuration reloaded') === 2)
  await service.api.push('gone', 'gone-token', '{"ident":"200000123"}')
  await until(async () =>
    (await series('source="gone"')).some((line) => line.startsWith('watch_messages_total')),
  )
  expect(await series('watch_messages_total{source="gone"')).toEqual([expect.stringMatching(/ 1$/)])
})

test('what takes effect after a restart only leaves the letters as they are, and is named', async () => {
  const letters = { recipients: [{ email: 'anna@example.org' }] }
  const first = { ...configOf('20m'), letters, timezone: 'Europe/Moscow', language: 'en' }
  await using deployment = await deployService(first)
  const service = await deployment.start()
  const preview = async (kind: string): Promise<string> => {
    const path = `/api/v1/letters/preview?kind=${kind}&language=en`
    return (await service.api.request(path)).text()
  }
  expect(await preview('initial')).toContain('(Europe/Moscow, UTC+03:00)')
  await deployment.configure({
    ...first,
    timezone: 'Asia/Tokyo',
    language: 'ru',
    http: { port: 0, publicUrl: 'https://watch.example.net' },
  })
  service.hangUp()
  await until(() => logged(service, 'configuration reloaded') === 1)
  expect(await preview('initial')).toContain('(Europe/Moscow, UTC+03:00)')
  expect(await preview('operator')).not.toContain('watch.example.net')
  const recipients = await (await service.api.request('/api/v1/recipients')).text()
  expect(recipients).toContain('"language":"en"')
  for (const key of ['http', 'language', 'timezone'])
    expect(JSON.stringify(service.log)).toContain(`${key} takes effect after a restart`)
})

test('signals that follow each other closely leave the newest configuration', async () => {
  await using deployment = await deployService(configOf('20m'))
  const service = await deployment.start()
  await service.api.push('push', TOKEN, '{"ident":"200000123","speed":42}')
  for (const moving of ['21m', '22m', '23m', '24m']) {
    await deployment.configure(configOf(moving))
    service.hangUp()
  }
  await until(async () => (await thresholdOf(service)) === 24 * 60)
  expect(await service.end('SIGTERM')).toBe(0)
})
