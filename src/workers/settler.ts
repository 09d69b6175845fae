import { SECOND } from '../core/time.ts'
import type { Clock, Log, Outbox, Settlement } from '../ports.ts'

export type Settler = {
  /** Resolves when the outcome is stored (true), or when `stop` came first (false). */
  settle(id: string, outcome: Settlement): Promise<boolean>
  stop(): void
  troubles(): readonly string[]
}

const AGAIN_AFTER_MS = 5 * SECOND

/**
 * Stores outcomes until the store takes them. Meanwhile the row stays `sending`, so that nobody sends the letter
 * again; if the process ends before, it becomes ambiguous, which is true.
 */
export function createSettler(deps: {
  readonly clock: Clock
  readonly outbox: Pick<Outbox, 'settle' | 'get'>
  readonly log: Log
}): Settler {
  const { clock, outbox, log } = deps
  const waiting = new Map<string, () => void>()
  let stopped = false
  let lastError = ''

  async function tryOnce(id: string, outcome: Settlement, again: boolean): Promise<boolean> {
    try {
      if (again && (await outbox.get(id))?.letter.state !== 'sending') return true
      await outbox.settle(id, outcome)
      return true
    } catch (error) {
      lastError = error instanceof Error ? error.message : String(error)
      if (!again && !stopped) {
        log.error('The end of a letter cannot be stored; it is tried again', { letter: id, error: lastError })
      }
      return false
    }
  }

  function pause(id: string): Promise<void> {
    return new Promise((resolve) => {
      waiting.set(id, resolve)
      clock.after(AGAIN_AFTER_MS, resolve)
    })
  }

  return {
    async settle(id, outcome) {
      for (let again = false; !stopped; again = true) {
        // A failed call may have been stored after all (the answer was lost): then the row is no longer `sending`.
        if (await tryOnce(id, outcome, again)) {
          waiting.delete(id)
          return true
        }
        if (!stopped) await pause(id)
      }
      waiting.delete(id)
      return false
    },
    stop() {
      stopped = true
      for (const resume of waiting.values()) resume()
    },
    troubles: () =>
      waiting.size === 0 ? [] : [`letters: ${waiting.size} outcomes cannot be stored: ${lastError}`],
  }
}
