import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { openProbing } from '../../src/compose/probing.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { HOUR, SECOND } from '../../src/core/time.ts'
import { type OutageStore, StoreError } from '../../src/ports.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

/** Probing of nothing, on memory stores whose `load` the test may replace. */
async function setUp() {
  const loaded = await loadConfig({ file: undefined, env: {}, cwd: import.meta.dirname })
  if (!loaded.ok) throw new Error('the defaults are a good configuration')
  const config = { ...loaded.config, service: { ...loaded.config.service, components: [] } }
  const clock = createFakeClock()
  const outages = createMemoryStores().outages
  const trap: { load: OutageStore['load'] } = { load: outages.load }
  const probing = await openProbing(
    {
      clock,
      log: createRecordingLog(),
      metrics: createRecordingMetrics(),
      store: { ...outages, load: () => trap.load() },
      letters: { plan: async () => ({ add: [], supersede: [] }) },
      lettersStored: () => {},
      version: '0',
    },
    config,
  )
  const rounds = async () => (await outages.trace(0, Number.MAX_SAFE_INTEGER)).length
  return { config, clock, outages, trap, probing, rounds }
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
  const added = probing.maintenance.add({ from, to: from + HOUR, reason: 'work' })
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
