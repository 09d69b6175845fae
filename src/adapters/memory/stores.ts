import type { TerminalNote } from '../../core/fleet/note.ts'
import type { SettingsStore, Stores } from '../../ports.ts'
import { type AuditTable, createMemoryAuditTrail } from './audit-trail.ts'
import { createMemoryFlagStore } from './flag-store.ts'
import { createFleetTables, createMemoryFleetStore } from './fleet-store.ts'
import { createLetterTable } from './letter-table.ts'
import { createMemoryOutageStore, type OutageTable, type TraceTable } from './outage-store.ts'
import { createMemoryOutbox } from './outbox.ts'
import { createMemoryPlannedWorkStore, type WindowTable } from './planned-work-store.ts'
import { createMemoryRecipientStore } from './recipient-store.ts'
import { createMemoryNoteStore, createMemoryRecordStore } from './record-store.ts'
import { createMemoryRetentionStore } from './retention-store.ts'
import { createMemoryUptimeStore, type HourTable } from './uptime-store.ts'

/** Every store in memory, for tests, replays and trials: a call that has returned has been carried out. */
export function createMemoryStores(): Stores {
  const fleet = createFleetTables()
  const letters = createLetterTable()
  const audit: AuditTable = []
  const trace: TraceTable = []
  const outages: OutageTable = new Map()
  const windows: WindowTable = new Map()
  const hours: HourTable = new Map()
  const notes: TerminalNote[] = []
  return {
    fleet: createMemoryFleetStore(fleet),
    flags: createMemoryFlagStore(fleet),
    outages: createMemoryOutageStore({ letters, audit, trace, outages }),
    plannedWork: createMemoryPlannedWorkStore({ letters, audit, windows }),
    uptime: createMemoryUptimeStore(trace, hours),
    outbox: createMemoryOutbox({ letters, audit }),
    recipients: createMemoryRecipientStore(audit),
    accounts: createMemoryRecordStore(audit),
    contacts: createMemoryRecordStore(audit),
    firmware: createMemoryRecordStore(audit),
    templates: createMemoryRecordStore(audit),
    requests: createMemoryRecordStore(audit),
    notes: createMemoryNoteStore(audit, notes),
    audit: createMemoryAuditTrail(audit),
    settings: createMemorySettingsStore(),
    retention: createMemoryRetentionStore({ fleet, letters, audit, trace, outages, windows, hours, notes }),
  }
}

/** Settings that end with the process. */
function createMemorySettingsStore(): SettingsStore {
  const settings = new Map<string, string>()
  return {
    get: async (key) => settings.get(key) ?? null,
    set: async (key, value) => {
      settings.set(key, value)
    },
  }
}
