import type { Instant } from '../core/time.ts'
import type { Clock } from '../ports.ts'

/** Sources that hold their messages back because enough waits. */
export function createHoldback(clock: Pick<Clock, 'now'>) {
  /** Since when each has not been without anything to wait for. */
  const since = new Map<string, Instant>()
  let room = Promise.withResolvers<void>()

  return {
    /** Resolves when the source may go on. */
    hold(source: string): Promise<void> {
      if (!since.has(source)) since.set(source, clock.now())
      return room.promise
    },
    /** All may go on. `caughtUp`: nothing waits any more, so who holds back after this begins to do so then. */
    release(caughtUp: boolean): void {
      if (caughtUp) since.clear()
      room.resolve()
      room = Promise.withResolvers<void>()
    },
    /** Who has held back for longest; null: nobody does. */
    longest(): { readonly source: string; readonly since: Instant } | null {
      // They are in the order in which they began.
      for (const [source, at] of since) return { source, since: at }
      return null
    },
  }
}
