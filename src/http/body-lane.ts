/** Large bodies that are taken in at the same time. */
const MOST_AT_ONCE = 4
/** Bytes, as they came, of large bodies that wait. */
const MOST_WAITING = 64 * 1024 * 1024

/**
 * Large bodies are unpacked and taken in a few at a time, in the order in which they came: sixty small files of gzip
 * would be a gigabyte at once.
 */
export function createBodyLane() {
  const waiting: (() => void)[] = []
  let waitingBytes = 0
  let running = 0

  return {
    /** What `work` makes of a body of so many bytes, once it has its turn; null: too much is waiting already. */
    async run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result | null> {
      if (running === MOST_AT_ONCE) {
        if (waitingBytes + bytes > MOST_WAITING) return null
        waitingBytes += bytes
        // Who ends hands its place on.
        await new Promise<void>((resolve) => waiting.push(resolve))
        waitingBytes -= bytes
      } else running += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running -= 1
      }
    },
  }
}
