import type { Fleet } from '../fleet/fleet.ts'
import { applyPlan } from '../fleet/import-apply.ts'
import { planImport } from '../fleet/import-plan.ts'
import { readingInventory } from '../fleet/inventory-csv.ts'
import type { Instant } from '../time.ts'

/** An inventory that waits for the first line of a recording. */
export type Registration = {
  /** Lines that are wrong; with one of them nothing is registered. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
  readonly rejectedTotal: number
  readonly warnings: readonly string[]
  /** Registers the terminals as of `at`. */
  register(at: Instant): void
}

/** Reads an inventory file, as `import-terminals` does, for a fleet that is still empty. */
export function readRegistration(fleet: Fleet, bytes: Uint8Array): Registration {
  const csv = atOnce(readingInventory(bytes))
  const plan = atOnce(planImport(fleet, csv.rows, { replacements: 'followed' }))
  return {
    rejected: [...csv.rejected, ...plan.rejected].sort((a, b) => a.line - b.line),
    rejectedTotal: csv.rejectedTotal + plan.rejected.length,
    warnings: [...csv.warnings, ...plan.warnings],
    register: (at) => void atOnce(applyPlan(fleet, plan.rows, at)),
  }
}

function atOnce<Result>(steps: Generator<number, Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
