import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createNameResolver } from '../../src/adapters/probe/name-resolver.ts'
import { openProbing } from '../../src/compose/probing.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import type { Notice } from '../../src/core/letters/notice.ts'
import { SEEING } from '../../src/core/outage/service-blindness.ts'
import { HOUR, SECOND } from '../../src/core/time.ts'
import { type OutageStore, type Probe, StoreError } from '../../src/ports.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { exampleOutage } from '../support/letters.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

const NO_LETTERS = async () => ({ add: [], supersede: [] })
const CLARA = { name: 'clara', via: 'token', address: '192.0.2.7' } as const

/** Probing of nothing, or of what `probe` says, on memory stores whose `load` the test may replace. */
async function setUp(probe?: Probe) {
  const loaded = await loadConfig({ file: undefined, env: {}, cwd: import.meta.dirname })
  if (!loaded.ok) throw new Error('the defaults are a good configuration')
  const { service } = loaded.config
  const components = probe === undefined ? [] : service.components.slice(0, 1)
  const controls = ['tcp://127.0.0.1:1', 'tcp://127.0.0.1:2']
  const config = { ...loaded.config, service: { ...service, components, controls } }
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const { outages } = stores
  const trap: { load: OutageStore['load'] } = { load: outages.load }
  const notices: Notice[] = []
  const probing = await openProbing(
    {
      clock,
      log: createRecordingLog(),
      metrics: createRecordingMetrics(),
      stores: { ...stores, outages: { ...outages, load: () => trap.load() } },
      timetable: {
        fault: () => null,
        next: (_cron, zone) => [clock.now() + HOUR + (zone === 'UTC' ? 0 : 1000)],
      },
      letters: { plan: NO_LETTERS, reminder: NO_LETTERS, announce: NO_LETTERS },
      holdClaims: (work) => work(),
      lettersStored: () => {},
      notices: { raise: (notice) => notices.push(notice) },
      probes: ({ service: { components: all } }) =>
        new Map(probe === undefined ? [] : all.map(({ id }) => [id, probe])),
      resolveName: createNameResolver({ clock }),
      version: '0',
    },
    config,
  )
  const rounds = async () => (await outages.trace(0, Number.MAX_SAFE_INTEGER)).length
  return { config, clock, stores, outages, trap, probing, rounds, notices }
}

/** Another configuration of the service: an unchanged one keeps the prober. */
function named(config: Config, name: string): Config {
  return { ...config, service: { ...config.service, name } }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn()
}

const failing = (): Promise<never> => Promise.reject(new StoreError('corrupt', 'the file is damaged'))

test('a reload with a failing store keeps nobody waiting, is told of, and is made up for', async () => {
  const { config, clock, outages, trap, probing, rounds } = await setUp()
  probing.start()
  await settled()
  trap.load = failing
  await probing.reconfigure(named(config, 'other'))
  expect(probing.troubles()).toEqual([expect.stringContaining('the file is damaged')])
  await clock.advance(3 * 60 * SECOND)
  expect(await rounds()).toBe(1)
  trap.load = outages.load
  await clock.advance(5 * SECOND)
  await settled()
  expect(probing.troubles()).toEqual([])
  expect(await rounds()).toBe(2)
  await probing.stop()
})

test('a stop ends the attempts to start again', async () => {
  const { config, clock, outages, trap, probing, rounds } = await setUp()
  probing.start()
  await settled()
  trap.load = failing
  await probing.reconfigure(named(config, 'other'))
  await probing.stop()
  trap.load = outages.load
  await clock.advance(10 * 60 * SECOND)
  await settled()
  expect(await rounds()).toBe(1)
})

test('a window that is entered during a reload counts after it', async () => {
  const { config, clock, outages, trap, probing } = await setUp()
  probing.start()
  await settled()
  const gate = Promise.withResolvers<void>()
  trap.load = async () => {
    const stored = await outages.load()
    await gate.promise
    return stored
  }
  const reloaded = probing.reconfigure(named(config, 'other'))
  await settled()
  const from = clock.now() + HOUR
  const added = probing.maintenance.add({ from, to: from + HOUR, reason: 'work', announce: false }, CLARA)
  await settled()
  gate.resolve()
  await reloaded
  expect(await added).toMatchObject({ from })
  expect(probing.maintenance.list()).toEqual([await added])
  await probing.stop()
})

test('of two reloads in a row only the last one leaves a prober', async () => {
  const { config, outages, trap, probing, rounds } = await setUp()
  probing.start()
  await settled()
  const gate = Promise.withResolvers<void>()
  trap.load = async () => {
    await gate.promise
    return outages.load()
  }
  const first = probing.reconfigure(named(config, 'other'))
  await settled()
  const second = probing.reconfigure(named(config, 'third'))
  await settled()
  gate.resolve()
  await Promise.all([first, second])
  await settled()
  expect(await rounds()).toBe(2)
  await probing.stop()
})

test('a reload that leaves the service as it is leaves the prober alone', async () => {
  const { config, trap, probing } = await setUp()
  probing.start()
  await settled()
  trap.load = failing
  await probing.reconfigure({ ...config, language: 'en' })
  expect(probing.troubles()).toEqual([])
  await probing.stop()
})

test('an action that is taken during a reload is done by the next prober', async () => {
  const { config, outages, trap, probing } = await setUp()
  const open = exampleOutage()
  await outages.commit({ outages: [open], letters: { add: [], supersede: [] }, audit: [] })
  probing.start()
  await settled()
  const gate = Promise.withResolvers<void>()
  trap.load = async () => {
    await gate.promise
    return outages.load()
  }
  const reloaded = probing.reconfigure(named(config, 'other'))
  await settled()
  const acted = probing.desk.act(open.id, { kind: 'confirm' }, CLARA)
  gate.resolve()
  await reloaded
  expect(await acted).toMatchObject({ kind: 'done', outage: { handling: { confirmed: { by: 'clara' } } } })
  await probing.stop()
})

test('a reload of what letters are timed by makes a new prober', async () => {
  const { config, probing, rounds } = await setUp()
  probing.start()
  await settled()
  const { letters } = config
  await probing.reconfigure({ ...config, letters: { ...letters, updateEvery: 2 * HOUR } })
  await settled()
  expect(await rounds()).toBe(2)
  await probing.reconfigure({ ...config, letters: { ...letters, warnAfter: HOUR / 2 } })
  await settled()
  expect(await rounds()).toBe(3)
  await probing.reconfigure({ ...config, letters: { ...letters, warnAfter: HOUR / 2 } })
  expect(await rounds()).toBe(3)
  await probing.stop()
})

test('planned work counts only when the configuration says so', async () => {
  const { config, clock, probing } = await setUp()
  await probing.maintenance.add(
    { from: clock.now(), to: clock.now() + HOUR, reason: 'work', announce: false },
    CLARA,
  )
  expect(probing.pauses()).toHaveLength(1)
  await probing.reconfigure({ ...config, service: { ...config.service, maintenancePauses: false } })
  expect(probing.pauses()).toEqual([])
  await probing.stop()
})

test('a component that cannot be watched is shown and told of with the next step', async () => {
  const { probing, notices } = await setUp(async () => ({ kind: 'unusable', reason: 'set service.account' }))
  probing.start()
  await settled()
  expect(probing.service.status().components).toMatchObject([
    { state: 'not-watched', reason: 'set service.account' },
  ])
  expect(notices).toEqual([{ topic: 'component-unusable', key: 'web', reason: 'set service.account' }])
  expect(probing.isOver('20260101T000000Z')).toBe(true)
  expect(probing.isCancelled('20260101T000000Z')).toBe(false)
  expect(probing.blindness()).toEqual(SEEING)
  await probing.stop()
})
