import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { openFleet } from '../../src/compose/fleet.ts'
import { openInputs } from '../../src/compose/inputs.ts'
import { createNetwork } from '../../src/compose/network.ts'
import { parseConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { SECOND } from '../../src/core/time.ts'
import type { SettingsStore } from '../../src/ports.ts'
import { connectPublisher } from '../adapters/mqtt/harness.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { describeWithMosquitto, startMosquitto } from '../support/mosquitto.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

function configOf(sources: readonly object[]): Config {
  const parsed = parseConfig(JSON.stringify({ sources, service: { components: [] } }), {})
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

const PUSH = { id: 'push', kind: 'http', token: 'push-token' }
const START = createFakeClock().now()

/** `settings`: in place of those of memory for the tokens of push sources. */
async function setUp(first: Config, settings?: SettingsStore) {
  const base = { clock: createFakeClock(), log: createRecordingLog(), metrics: createRecordingMetrics() }
  const stores = createMemoryStores()
  const fleet = await openFleet({ ...base, stores }, first)
  const { online } = createNetwork({ ...base, version: '0' })
  const inputs = await openInputs(
    {
      ...base,
      ...fleet,
      notices: { raise: () => {} },
      settings: settings ?? stores.settings,
      online,
      applyTree: fleet.desk.applyTree,
    },
    first,
    0,
  )
  const reload = async (next: Config): Promise<void> => {
    await fleet.reconfigure(next)
    await inputs.reconfigure(next)
  }
  const blind = () => inputs.states().map(({ id, blindSince }) => [id, blindSince !== null])
  return { fleet, inputs, reload, blind }
}

test('a source that cannot be opened at a reload keeps no other from being heard, and the next reload mends it', async () => {
  using folder = tempFolder()
  const ca = folder.file('ca.pem')
  await writeFile(ca, '')
  const next = configOf([{ id: 'hub', kind: 'mqtt', url: 'mqtts://127.0.0.1:1', topics: ['#'], ca }, PUSH])
  const { fleet, inputs, reload, blind } = await setUp(configOf([PUSH]))
  expect(blind()).toEqual([['push', false]])

  await rm(ca)
  await expect(reload(next)).rejects.toThrow('ENOENT')
  expect(fleet.fleet.sources.map(({ causes }) => causes.has('link'))).toEqual([false, true])
  expect(blind()).toEqual([['push', false]])

  await writeFile(ca, '')
  await reload(next)
  expect(blind()).toEqual([
    ['push', false],
    ['hub', true],
  ])
  await inputs.close()
  await fleet.stop()
})

test('a reload closes and opens only what has changed', async () => {
  const listener = { id: 'direct', kind: 'omnicomm-tcp', port: 0 }
  const { fleet, inputs, reload } = await setUp(configOf([PUSH, listener]))
  const port = () => inputs.states().find(({ id }) => id === 'direct')?.detail['port']
  await until(() => Number(port()) > 0)
  const before = port()
  const socket = connect(Number(before), '127.0.0.1')
  await once(socket, 'connect')

  await reload(configOf([{ ...PUSH, token: 'other-token' }, listener]))
  expect(port()).toBe(before)
  expect(socket.closed).toBe(false)
  expect(inputs.pushSources.get('push')?.token).toBe('other-token')

  await reload(
    configOf([
      { ...PUSH, token: 'other-token' },
      { ...listener, interval: '10s' },
    ]),
  )
  await until(() => socket.closed)
  await inputs.close()
  await fleet.stop()
})

test('a push source that has changed is there all the time that a reload takes', async () => {
  const settings = createSlowSettings()
  const { fleet, inputs, reload } = await setUp(configOf([PUSH]), settings)
  const other = { id: 'other', kind: 'http' }
  const reloading = reload(configOf([other, { ...PUSH, token: 'other-token' }]))
  await until(() => fleet.feeds.has('other'))
  expect([inputs.pushSources.get('push')?.token, fleet.feeds.has('push')]).toEqual(['push-token', true])
  settings.answer()
  await reloading
  expect([inputs.pushSources.get('push')?.token, fleet.feeds.has('push')]).toEqual(['other-token', true])

  await reload(configOf([other]))
  expect([...inputs.pushSources.keys()]).toEqual(['other'])
  await inputs.close()
  await fleet.stop()
})

/** Settings that are read when `answer` is called. */
function createSlowSettings() {
  const { settings } = createMemoryStores()
  const { promise, resolve } = Promise.withResolvers<void>()
  const get = async (key: string) => {
    await promise
    return settings.get(key)
  }
  return { ...settings, get, answer: resolve }
}

describeWithMosquitto('what a broker keeps over a reload', () => {
  async function setUpHub() {
    const broker = await startMosquitto()
    const hub = { id: 'hub', kind: 'mqtt', url: `mqtt://127.0.0.1:${broker.port}`, topics: ['fleet/#'] }
    const service = await setUp(configOf([hub]))
    const isHeard = () => service.inputs.states().some(({ id, connected }) => id === 'hub' && connected)
    await until(isHeard)
    const publisher = await connectPublisher(broker.port)
    return {
      ...service,
      hub,
      isHeard,
      publish: (id: string) =>
        publisher.publish(`fleet/${id}`, JSON.stringify({ ident: id, ts: START / SECOND })),
      isKnown: (id: string) => service.fleet.fleet.rows.get(id) !== undefined,
      async [Symbol.asyncDispose]() {
        await publisher[Symbol.asyncDispose]()
        await service.inputs.close()
        await service.fleet.stop()
        await broker.dispose()
      },
    }
  }

  test('is nothing of a source that was removed', async () => {
    await using service = await setUpHub()
    const { hub, reload, publish, isHeard, isKnown } = service
    await reload(configOf([PUSH]))
    await publish('while-removed')
    await reload(configOf([hub]))
    await until(isHeard)
    await publish('back')
    await until(() => isKnown('back'))
    expect(isKnown('while-removed')).toBe(false)
  })

  test('is everything of a source of which something else has changed', async () => {
    await using service = await setUpHub()
    const { hub, reload, publish, isHeard, isKnown } = service
    let isOver = false
    const ids: string[] = []
    const publishing = (async () => {
      while (!isOver || ids.length < 10) {
        const id = `t${ids.length}`
        ids.push(id)
        await publish(id)
      }
    })()
    await reload(configOf([{ ...hub, interval: '10s' }]))
    await until(isHeard)
    isOver = true
    await publishing
    await until(() => ids.every(isKnown))
  })
})
