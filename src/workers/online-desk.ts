import type { Fleet } from '../core/fleet/fleet.ts'
import { wasPolled } from '../core/freshness/polls.ts'
import type { AskOutcome } from '../core/online/ask.ts'
import type { OnlinePoller } from './online-poller.ts'

/** Lets people ask the service about one terminal now, whichever source polls it. */
export type OnlineDesk = {
  /** `id`: of the terminal or one of its aliases. */
  ask(id: string): Promise<AskOutcome>
  /** What the service last said of the vehicle in place of its state; null: nothing. */
  remark(id: string): string | null
}

/** `pollers`: those that run now. */
export function createOnlineDesk(
  fleet: Pick<Fleet, 'rows' | 'inventory' | 'sources' | 'sourceNumbers' | 'table'>,
  pollers: () => readonly OnlinePoller[],
): OnlineDesk {
  /** The poller whose account has the terminal: first that of the source that heard it last. */
  function pollerOf(row: number): OnlinePoller | undefined {
    const owners = pollers().filter(({ id }) => {
      const polls = fleet.sources[(fleet.sourceNumbers.get(id) ?? 0) - 1]?.polls
      return polls ? wasPolled(polls, row) : false
    })
    return owners.find(({ id }) => fleet.sourceNumbers.get(id) === fleet.table.source[row]) ?? owners[0]
  }

  function find(id: string): { readonly terminalId: string; readonly poller: OnlinePoller } | undefined {
    const row = fleet.rows.get(id)
    const poller = row === undefined ? undefined : pollerOf(row)
    const terminalId = row === undefined ? undefined : fleet.inventory.at(row)?.id
    return poller && terminalId !== undefined ? { terminalId, poller } : undefined
  }

  return {
    async ask(id) {
      const found = find(id)
      return found ? found.poller.ask(found.terminalId) : NOT_POLLED
    },
    remark(id) {
      const found = find(id)
      return found ? found.poller.remark(found.terminalId) : null
    },
  }
}

const NOT_POLLED: AskOutcome = {
  kind: 'refused',
  why: 'not-polled',
  reason: 'no polled source has this terminal',
}
