/** Things with one deadline each: so many milliseconds after they were last touched. */
export type Expiry<T> = {
  /** Starts the time of `item` anew. `now` is monotonic and never goes back between calls. */
  touch(item: T, now: number): void
  /** Starts its time unless it runs already. */
  start(item: T, now: number): void
  forget(item: T): void
  /** Those whose time is over, longest first; they are forgotten. */
  expired(now: number): readonly T[]
  size(): number
}

/**
 * A Map keeps the order in which things were added, and all have the same time to live: looking at the oldest is
 * enough, however many there are.
 */
export function createExpiry<T>(lifetimeMs: number): Expiry<T> {
  const touchedAt = new Map<T, number>()
  return {
    touch(item, now) {
      touchedAt.delete(item)
      touchedAt.set(item, now)
    },
    start(item, now) {
      if (!touchedAt.has(item)) touchedAt.set(item, now)
    },
    forget(item) {
      touchedAt.delete(item)
    },
    expired(now) {
      const over: T[] = []
      for (const [item, at] of touchedAt) {
        if (now - at < lifetimeMs) break
        touchedAt.delete(item)
        over.push(item)
      }
      return over
    },
    size: () => touchedAt.size,
  }
}
