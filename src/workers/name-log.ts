import type { Fleet } from '../core/fleet/fleet.ts'
import type { Log } from '../ports.ts'

/** Terminals named in one log line. */
const NAMED = 5

/** Tells what data taught of the names of terminals, a line for all that came together. */
export function createNameLog({ fleet, log }: { readonly fleet: Fleet; readonly log: Log }) {
  return {
    report(): void {
      if (fleet.learnt.length > 0) {
        const names = fleet.learnt.slice(0, NAMED)
        log.info('data taught names of terminals', { count: fleet.learnt.length, names })
        fleet.learnt = []
      }
      if (fleet.disputed.length === 0) return
      const conflicts = fleet.disputed.slice(0, NAMED).map(({ text }) => text)
      log.warn('data disputes names of terminals', { count: fleet.disputed.length, conflicts })
      fleet.disputed = []
    },
  }
}
