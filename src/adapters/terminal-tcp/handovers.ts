import { HOUR, MINUTE, SECOND } from '../../core/time.ts'

/** What a handover makes known. */
export type Handover = {
  /** The terminal was not contested before this one. */
  readonly isNew: boolean
  /** Operators should be told now. */
  readonly isDue: boolean
}

/** Terminals that go to and fro between addresses. Times are monotonic. */
export type Handovers = {
  /** A live connection of the terminal was replaced by one from another address. */
  passed(terminalId: string, now: number): Handover
  /** Terminals that are contested at present, newest last. */
  contested(now: number): readonly string[]
  /** Forgets what can no longer matter. */
  sweep(now: number): void
}

type Entry = {
  /** The newest handovers, oldest first, none older than the window when the last one came. */
  times: readonly number[]
  contested: boolean
  saidAt: number | null
}

const WINDOW_MS = 10 * MINUTE
/** A terminal in a mobile network comes back from another address now and then; two devices do it all the time. */
const MOST_HANDOVERS = 3
const SAY_EVERY_MS = HOUR
/** A hostile client contests as many terminals as it likes. */
const MAX_TERMINALS = 1000
const SAY_ANY_EVERY_MS = 10 * SECOND

/**
 * A terminal is contested when it changed hands more than three times within ten minutes: two devices carry one
 * number, or somebody pretends to be the terminal. Operators are told once an hour of each.
 */
export function createHandovers(): Handovers {
  /** In the order of the newest handover. */
  const entries = new Map<string, Entry>()
  let lastSaidAt = Number.NEGATIVE_INFINITY

  function entryOf(terminalId: string): Entry {
    const entry = entries.get(terminalId) ?? { times: [], contested: false, saidAt: null }
    entries.delete(terminalId)
    entries.set(terminalId, entry)
    const [oldest] = entries.keys()
    if (entries.size > MAX_TERMINALS && oldest !== undefined) entries.delete(oldest)
    return entry
  }

  function isDue(entry: Entry, now: number): boolean {
    const isSaid = entry.saidAt !== null && now - entry.saidAt < SAY_EVERY_MS
    return entry.contested && !isSaid && now - lastSaidAt >= SAY_ANY_EVERY_MS
  }

  return {
    passed(terminalId, now) {
      const entry = entryOf(terminalId)
      const before = entry.contested
      entry.times = [...entry.times.filter((at) => now - at < WINDOW_MS), now].slice(-MOST_HANDOVERS - 1)
      entry.contested = entry.times.length > MOST_HANDOVERS
      const due = isDue(entry, now)
      if (due) entry.saidAt = lastSaidAt = now
      return { isNew: entry.contested && !before, isDue: due }
    },
    contested: (now) =>
      [...entries].flatMap(([terminalId, entry]) =>
        entry.contested && now - newest(entry) < WINDOW_MS ? [terminalId] : [],
      ),
    sweep(now) {
      for (const [terminalId, entry] of entries) {
        if (now - newest(entry) < SAY_EVERY_MS) return
        entries.delete(terminalId)
      }
    },
  }
}

function newest(entry: Entry): number {
  return entry.times.at(-1) ?? 0
}
