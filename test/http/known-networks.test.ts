import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createKnownNetworks } from '../../src/http/known-networks.ts'
import type { SettingsStore } from '../../src/ports.ts'

test('networks outlive a restart, and a store that cannot be read for a while loses none of them', async () => {
  const { settings } = createMemoryStores()
  await createKnownNetworks(settings).remember('olga', '192.0.2.1')

  let fails = true
  const failing: SettingsStore = {
    ...settings,
    get: async (key) => (fails ? Promise.reject(new Error('busy')) : settings.get(key)),
  }
  const restarted = createKnownNetworks(failing)
  expect(await restarted.isKnown('olga', '192.0.2.1')).toBe(false)
  await restarted.remember('boris', '192.0.2.2')
  fails = false
  expect(await restarted.isKnown('olga', '192.0.2.1')).toBe(true)
  await restarted.remember('boris', '192.0.2.2')
  const later = createKnownNetworks(settings)
  expect(await later.isKnown('olga', '192.0.2.1')).toBe(true)
  expect(await later.isKnown('boris', '192.0.2.2')).toBe(true)
})
