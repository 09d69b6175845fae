import type { Log, Notices } from '../ports.ts'
import type { OnlineFault } from './online-fault.ts'

export type TroubleDeps = { readonly log: Log; readonly notices: Notices }

export type TroubleOptions = { readonly source: string; readonly account: string; readonly part: string }

/**
 * What is wrong with one part of a poller, for its health, for the log, which has a line per change of `key`, and for
 * operators where the account is refused, lacks rights or is blocked.
 */
export type Trouble = {
  raise(fault: OnlineFault): void
  clear(): void
  /** Null: nothing is wrong. */
  text(): string | null
}

export function createTrouble({ log, notices }: TroubleDeps, options: TroubleOptions): Trouble {
  const { source, account, part } = options
  let current: OnlineFault | null = null

  /**
   * Each time anew: operators hear of it once a day, and of an account once, whichever source or part finds it; rights are
   * lacked by part.
   */
  function alarm({ why, text }: OnlineFault): void {
    if (why !== 'credentials' && why !== 'rights' && why !== 'blocked') return
    const lacking = why === 'rights' ? { part } : {}
    notices.raise({ topic: 'account-unusable', key: account, reason: text, cause: why, ...lacking })
  }

  return {
    raise(fault) {
      if (fault.key !== current?.key) log.warn('polling is in trouble', { source, part, trouble: fault.text })
      current = fault
      alarm(fault)
    },
    clear() {
      if (current !== null) log.info('polling is out of trouble', { source, part })
      current = null
    },
    text: () => current?.text ?? null,
  }
}
