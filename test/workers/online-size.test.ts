import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { SettingsStore } from '../../src/ports.ts'
import { readOnlineSize } from '../../src/workers/online-size.ts'
import { createRecordingLog } from '../support/recorders.ts'

const read = (settings: SettingsStore, source = 'online') =>
  readOnlineSize({ settings, log: createRecordingLog() }, source)

test('the size that was kept last is what the next run of that source begins with', async () => {
  const { settings } = createMemoryStores()
  const first = await read(settings)
  expect(first.rows).toBeNull()
  for (const rows of [2000, 900]) await first.keep(rows)
  expect((await read(settings)).rows).toBe(900)
  expect((await read(settings, 'other')).rows).toBeNull()
})

test('what stands in its place and is no size is not known', async () => {
  const { settings } = createMemoryStores()
  for (const text of ['', '-1', '1e3', 'many', '9'.repeat(20)]) {
    await settings.set('rows:online', text)
    expect((await read(settings)).rows).toBeNull()
  }
})

test('a store that fails keeps no poller from its work, and what it did not take is kept with the next answer', async () => {
  const { settings } = createMemoryStores()
  let isFailing = true
  const written: string[] = []
  const flaky: SettingsStore = {
    get: async (key) => {
      if (isFailing) throw new Error('locked')
      return settings.get(key)
    },
    set: async (key, value) => {
      if (isFailing) throw new Error('locked')
      written.push(value)
      return settings.set(key, value)
    },
  }
  const size = await read(flaky)
  expect(size.rows).toBeNull()
  await size.keep(7)
  isFailing = false
  for (const rows of [7, 7, 8]) await size.keep(rows)
  expect(written).toEqual(['7', '8'])
  expect((await read(flaky)).rows).toBe(8)
})
