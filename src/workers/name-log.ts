import type { Fleet } from '../core/fleet/fleet.ts'
import type { Log } from '../ports.ts'

/** Terminals named in one log line. */
const NAMED = 5

/** Tells what data taught of the names of terminals, a line for all that came together. */
export function createNameLog({ fleet, log }: { readonly fleet: Fleet; readonly log: Log }) {
  let disputes = 0
  return {
    report(): void {
      if (fleet.learnt.length > 0) {
        const terminals = fleet.learnt.slice(0, NAMED)
        log.info('discovered terminals turned out to be others', { count: fleet.learnt.length, terminals })
        fleet.learnt = []
      }
      if (fleet.disputes.size === disputes) return
      const added = [...fleet.disputes.values()].slice(disputes)
      disputes = fleet.disputes.size
      const conflicts = added.slice(0, NAMED).map(({ text }) => text)
      log.warn('data gives terminals the names of others; nothing was changed', {
        count: added.length,
        conflicts,
      })
    },
  }
}
