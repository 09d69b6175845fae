/** Runs the work while no letter is claimed for sending; gives what it gives. */
export type HoldClaims = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Takes letters from the outbox while nobody holds claims; gives what `take` gives. */
export type Claiming = <Claimed>(take: () => Promise<Claimed>) => Promise<Claimed>

/**
 * Whoever replaces letters that wait must find them as the plan saw them: meanwhile the courier takes none. What it was
 * taking when the work began counts as leaving, and the courier gets it, to look whether it still holds, when the work
 * is done.
 *
 * A hold waits for the claims that the store is working on, a claim waits for holds, and the work must wait for neither:
 * so nothing can wait in a circle.
 */
export function createClaimHold(): { readonly claim: Claiming; readonly hold: HoldClaims } {
  const holds = new Set<Promise<void>>()
  /** Claims that the store is working on. */
  const underWay = new Set<Promise<unknown>>()

  return {
    async claim(take) {
      // Nothing may come between this look and the call.
      while (holds.size > 0) await Promise.all(holds)
      const claimed = take()
      underWay.add(claimed)
      try {
        return await claimed
      } finally {
        underWay.delete(claimed)
        while (holds.size > 0) await Promise.all(holds)
      }
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
