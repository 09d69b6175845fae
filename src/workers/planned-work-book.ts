import type { LetterChange } from '../core/letters/letter.ts'
import type { MaintenanceRule, MaintenanceWindow } from '../core/outage/outage.ts'
import { mergeWindows, type Span } from '../core/outage/planned-work.ts'
import { type Instant, toIso } from '../core/time.ts'
import type { Clock, PlannedWork, PlannedWorkStore } from '../ports.ts'
import type { HoldClaims } from './claim-hold.ts'
import type { Draft } from './planned-work-draft.ts'

export type BookDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<PlannedWorkStore, 'commit'>
  /** Writes the letters that announce a window, or that take the announcement back. */
  readonly announce: (window: MaintenanceWindow, withdrawn: boolean, at: Instant) => Promise<LetterChange>
  /** None of the letters that are to be taken back leaves between plan and transaction. */
  readonly holdClaims: HoldClaims
  /** Called when letters were stored. */
  readonly lettersStored: () => void
  /** Called after each change. */
  readonly changed: () => void
}

/** The windows and rules as they are stored. */
export function createPlannedWorkBook(deps: BookDeps, stored: PlannedWork) {
  const windows = new Map(stored.windows.map((window) => [window.id, window]))
  const rules = new Map(stored.rules.map((rule) => [rule.id, rule]))
  let merged = mergeWindows(stored.windows)

  async function lettersOf({ announce, withdraw }: Draft): Promise<LetterChange> {
    const at = deps.clock.now()
    const changes: LetterChange[] = []
    for (const window of withdraw) changes.push(await deps.announce(window, true, at))
    for (const window of announce) changes.push(await deps.announce(window, false, at))
    return {
      add: changes.flatMap(({ add }) => add),
      supersede: changes.flatMap(({ supersede }) => supersede),
    }
  }

  function apply({ save, deleteWindows, deleteRules }: Draft): void {
    for (const id of deleteWindows) windows.delete(id)
    for (const id of deleteRules) rules.delete(id)
    for (const window of save.windows) windows.set(window.id, window)
    for (const rule of save.rules) rules.set(rule.id, rule)
    merged = mergeWindows([...windows.values()])
    deps.changed()
  }

  return {
    windows: windows as ReadonlyMap<string, MaintenanceWindow>,
    rules: rules as ReadonlyMap<string, MaintenanceRule>,
    merged: (): readonly Span[] => merged,

    /** One transaction with its letters. Rejects with StoreError when nothing was stored. */
    async commit(draft: Draft): Promise<void> {
      const { save, deleteWindows, deleteRules, audit } = draft
      const isWritten = await deps.holdClaims(async () => {
        const letters = await lettersOf(draft)
        await deps.store.commit({ save, deleteWindows, deleteRules, letters, audit })
        apply(draft)
        return letters.add.length > 0
      })
      if (isWritten) deps.lettersStored()
    },

    /** Never used twice, nor by one that was deleted: letters and audit entries go by it. */
    windowId(from: Instant, draft: Draft): string {
      const base = `m${toIso(from).replace(/[-:]|\.000|\./g, '')}-${deps.clock.now().toString(36)}`
      for (let number = 1; ; number++) {
        const id = number === 1 ? base : `${base}-${number}`
        if (!windows.has(id) && !draft.save.windows.some((window) => window.id === id)) return id
      }
    },

    ruleId(): string {
      for (let number = deps.clock.now(); ; number++) {
        const id = `r${number.toString(36)}`
        if (!rules.has(id)) return id
      }
    },
  }
}

export type PlannedWorkBook = ReturnType<typeof createPlannedWorkBook>
