import type { MaintenanceWindow } from '../core/outage/outage.ts'
import { mergeWindows, type Span } from '../core/outage/planned-work.ts'
import { type Instant, toIso } from '../core/time.ts'
import type { Clock, OutageStore } from '../ports.ts'

export type WindowDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<OutageStore, 'saveWindow' | 'deleteWindow'>
  /** Called after each change. */
  readonly changed: () => void
}

/** Maintenance windows: the stored ones and their changes. Methods reject with StoreError when nothing was stored. */
export function createWindows({ clock, store, changed }: WindowDeps, stored: readonly MaintenanceWindow[]) {
  const windows = new Map(stored.map((window) => [window.id, window]))
  let merged = mergeWindows(stored)

  function refresh(): void {
    merged = mergeWindows([...windows.values()])
    changed()
  }

  function freeId(from: Instant): string {
    const base = `m${toIso(from).replace(/[-:]|\.000|\./g, '')}`
    for (let number = 1; ; number++) {
      const id = number === 1 ? base : `${base}-${number}`
      if (!windows.has(id)) return id
    }
  }

  return {
    list: (): readonly MaintenanceWindow[] => [...windows.values()].sort((a, b) => a.from - b.from),
    merged: (): readonly Span[] => merged,

    /** `past`: letters may rest on what has been, so a window cannot begin there. */
    async add(window: Omit<MaintenanceWindow, 'id'>): Promise<MaintenanceWindow | 'past'> {
      if (window.from < clock.now()) return 'past'
      const added = { ...window, id: freeId(window.from) }
      // Reserved before it is stored, so that a second call meanwhile takes another id.
      windows.set(added.id, added)
      try {
        await store.saveWindow(added)
      } catch (error) {
        windows.delete(added.id)
        throw error
      }
      refresh()
      return added
    },

    /** Ends a running window now, deletes one that has not begun. */
    async remove(id: string): Promise<'removed' | 'ended' | 'over' | 'missing'> {
      const window = windows.get(id)
      const now = clock.now()
      if (window === undefined) return 'missing'
      if (window.to <= now) return 'over'
      if (window.from >= now) {
        await store.deleteWindow(id)
        windows.delete(id)
        refresh()
        return 'removed'
      }
      const ended = { ...window, to: now }
      await store.saveWindow(ended)
      windows.set(id, ended)
      refresh()
      return 'ended'
    },
  }
}
