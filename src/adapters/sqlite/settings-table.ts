import type { DatabaseSync } from 'node:sqlite'
import type { SettingsStore } from '../../ports.ts'
import { rowOf } from './database.ts'
import type { Sync } from './operations.ts'

export function createSettingsTable(db: DatabaseSync): Sync<SettingsStore> {
  const select = db.prepare('SELECT value FROM settings WHERE key = ?')
  const upsert = db.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  return {
    get: (key) => rowOf<{ value: string }>(select, key)?.value ?? null,
    set: (key, value) => {
      upsert.run(key, value)
    },
  }
}
