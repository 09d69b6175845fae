import type { MaintenanceRule, MaintenanceWindow } from '../../core/outage/outage.ts'
import { type PlannedWorkStore, StoreError } from '../../ports.ts'
import type { AuditTable } from './audit-trail.ts'
import { applyLetters, canApply, type LetterTable } from './letter-table.ts'

export type WindowTable = Map<string, MaintenanceWindow>

type Tables = { readonly letters: LetterTable; readonly audit: AuditTable; readonly windows: WindowTable }

/** Planned work that ends with the process. `tables`: those that other stores share with it. */
export function createMemoryPlannedWorkStore({ letters, audit, windows }: Tables): PlannedWorkStore {
  const rules = new Map<string, MaintenanceRule>()
  return {
    load: async () => ({
      windows: [...windows.values()].sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1)),
      rules: [...rules.values()],
    }),
    commit: async (change) => {
      if (!canApply(letters, change.letters)) throw claimedError()
      applyLetters(letters, change.letters)
      for (const id of change.deleteWindows) windows.delete(id)
      for (const id of change.deleteRules) rules.delete(id)
      for (const window of change.save.windows) windows.set(window.id, window)
      for (const rule of change.save.rules) rules.set(rule.id, rule)
      audit.push(...change.audit)
    },
  }
}

function claimedError(): StoreError {
  return new StoreError(
    'other',
    'A letter to be superseded has meanwhile been claimed; nothing was stored, plan anew.',
  )
}
