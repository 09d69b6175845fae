import type { SettingsStore, Stores } from '../../ports.ts'
import { createMemoryFleetStore } from './fleet-store.ts'
import { createLetterTable } from './letter-table.ts'
import { createMemoryOutageStore } from './outage-store.ts'
import { createMemoryOutbox } from './outbox.ts'

/** Every store in memory, for tests, replays and trials: a call that has returned has been carried out. */
export function createMemoryStores(): Stores {
  const letters = createLetterTable()
  return {
    fleet: createMemoryFleetStore(),
    outages: createMemoryOutageStore(letters),
    outbox: createMemoryOutbox(letters),
    settings: createMemorySettingsStore(),
  }
}

/** Settings that end with the process. */
export function createMemorySettingsStore(): SettingsStore {
  const settings = new Map<string, string>()
  return {
    get: async (key) => settings.get(key) ?? null,
    set: async (key, value) => {
      settings.set(key, value)
    },
  }
}
