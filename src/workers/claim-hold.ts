import type { Outbox } from '../ports.ts'

/** Runs the work while no letter is claimed for sending; gives what it gives. */
export type HoldClaims = <Result>(work: () => Promise<Result>) => Promise<Result>

/**
 * Whoever replaces letters that wait must find them as the plan saw them: meanwhile the courier takes none. What it was
 * taking when the work began counts as leaving, and the courier gets it, to look whether it still holds, when the work
 * is done.
 *
 * A hold waits for the claims that the store is working on, a claim waits for holds, and the work must wait for neither:
 * so nothing can wait in a circle. `outbox`: the same with claims that can be held.
 */
export function createClaimHold(outbox: Outbox): { readonly outbox: Outbox; readonly hold: HoldClaims } {
  const holds = new Set<Promise<void>>()
  /** Claims that the store is working on. */
  const underWay = new Set<Promise<unknown>>()

  return {
    outbox: {
      ...outbox,
      async claim(...how) {
        // Nothing may come between this look and the call.
        while (holds.size > 0) await Promise.all(holds)
        const claimed = outbox.claim(...how)
        underWay.add(claimed)
        try {
          return await claimed
        } finally {
          underWay.delete(claimed)
          while (holds.size > 0) await Promise.all(holds)
        }
      },
    },
    async hold(work) {
      const { promise, resolve } = Promise.withResolvers<void>()
      holds.add(promise)
      try {
        await Promise.allSettled(underWay)
        return await work()
      } finally {
        holds.delete(promise)
        resolve()
      }
    },
  }
}
