import { describe, expect, test } from 'vitest'
import type { SettingsStore } from '../../src/ports.ts'

/** Every SettingsStore must pass this; `create` gives an empty one. */
export function settingsStoreContract(name: string, create: () => Promise<SettingsStore>): void {
  describe(`SettingsStore contract: ${name}`, () => {
    test('a setting that was never set is null', async () => {
      expect(await (await create()).get('key')).toBeNull()
    })

    test('the last text set for a key is read back', async () => {
      const settings = await create()
      await settings.set('key', 'one')
      await settings.set('other', '')
      await settings.set('key', 'два "\n')
      expect(await settings.get('key')).toBe('два "\n')
      expect(await settings.get('other')).toBe('')
    })
  })
}
