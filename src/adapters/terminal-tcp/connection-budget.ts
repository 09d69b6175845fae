import { affordableConnections, openFileLimit } from './open-files.ts'

/**
 * The connections that all listeners of this process may have together. Each is sure of an equal part, as far as it
 * wants it, and may have what the others are not sure of and have not taken.
 */
export type ConnectionBudget = {
  /** A listener that wants `wanted` connections at most and has `taken()` at present. */
  join(wanted: number, taken: () => number): Share
}

export type Share = {
  /** How many connections the listener may have at present; it may have more than that since others joined. */
  most(): number
  /** To be called when all its connections are closed. */
  leave(): void
}

type Member = { readonly wanted: number; readonly taken: () => number }

/** `total`: what the files that this process may hold open are enough for, where nothing is said. */
export function createConnectionBudget(total = affordableConnections(openFileLimit())): ConnectionBudget {
  const members = new Set<Member>()

  function keptFor({ wanted, taken }: Member): number {
    return Math.max(taken(), Math.min(wanted, Math.floor(total / members.size)))
  }

  return {
    join(wanted, taken) {
      const member: Member = { wanted, taken }
      members.add(member)
      return {
        most() {
          let rest = total
          for (const other of members) if (other !== member) rest -= keptFor(other)
          return Math.max(0, Math.min(wanted, rest))
        },
        leave: () => {
          members.delete(member)
        },
      }
    },
  }
}
