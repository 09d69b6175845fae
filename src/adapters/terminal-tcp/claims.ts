/** Which connection speaks for which terminal: at most one, the newest. */
export type Claims<T> = {
  /** `holder` speaks for the terminal from now on; who did until now, when it was another one. */
  claim(terminalId: string, holder: T): T | undefined
  /** Gives the terminal back, unless somebody else has claimed it since. */
  release(terminalId: string, holder: T): void
  size(): number
}

/** A holder claims one terminal at a time, so that there are never more claims than connections. */
export function createClaims<T>(): Claims<T> {
  const holders = new Map<string, T>()
  return {
    claim(terminalId, holder) {
      const before = holders.get(terminalId)
      holders.set(terminalId, holder)
      return before === holder ? undefined : before
    },
    release(terminalId, holder) {
      if (holders.get(terminalId) === holder) holders.delete(terminalId)
    },
    size: () => holders.size,
  }
}
