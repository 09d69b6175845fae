import type { Blindness } from '../core/freshness/blindness.ts'
import type { SourceWatch } from '../core/freshness/source-watch.ts'
import { DAY, type Instant } from '../core/time.ts'
import type { BlindRow } from '../ports.ts'

/** A stretch may be found this much after its end. */
const RETROACTIVE_MS = 60_000

/**
 * What the store knows of the sources' blindness, so that only differences are written. A stored stretch that was
 * joined with an earlier one, or turned out to be none, is overwritten with an empty one: left open it would make the
 * source blind from then on at every later start.
 */
export function createBlindLedger(stored: readonly BlindRow[]) {
  /** Per kind and source: beginning to end, Infinity while it lasts. */
  const told = new Map<string, Map<Instant, Instant>>()
  /** What ended before this was compared already. */
  let settledUntil: Instant = -Infinity
  for (const { source, kind, from, to } of stored) toldOf(source, kind).set(from, to ?? Infinity)

  function toldOf(source: string, kind: BlindRow['kind']): Map<Instant, Instant> {
    const key = `${kind} ${source}`
    const known = told.get(key) ?? new Map<Instant, Instant>()
    told.set(key, known)
    return known
  }

  function differences(source: string, kind: BlindRow['kind'], blindness: Blindness): BlindRow[] {
    const known = toldOf(source, kind)
    const current = recent(blindness, settledUntil)
    const rows: BlindRow[] = []
    for (const [from, to] of known) {
      if (to <= settledUntil - DAY) known.delete(from)
      if (to <= settledUntil || current.has(from)) continue
      known.delete(from)
      rows.push({ source, kind, from, to: from })
    }
    for (const [from, to] of current) {
      if (known.get(from) === to) continue
      known.set(from, to)
      rows.push({ source, kind, from, to: to === Infinity ? null : to })
    }
    return rows
  }

  return {
    /** Rows that are new or changed since the last call. */
    take(sources: readonly SourceWatch[], now: Instant): readonly BlindRow[] {
      const rows = sources.flatMap(({ id, blindness, polls }) => [
        ...differences(id, 'own', blindness),
        ...(polls ? differences(id, 'service', polls.serviceBlindness) : []),
      ])
      settledUntil = Math.max(settledUntil, now - RETROACTIVE_MS)
      return rows
    },
    /** Everything is compared anew: the wall clock was set back. */
    unsettle(): void {
      settledUntil = -Infinity
    },
  }
}

/** Stretches that end after `since`, by their beginning; one without a beginning has 0. */
function recent({ from, to }: Blindness, since: Instant): Map<Instant, Instant> {
  const stretches = new Map<Instant, Instant>()
  for (let i = to.length - 1; i >= 0 && (to[i] ?? 0) > since; i--) {
    stretches.set(Math.max(0, from[i] ?? 0), to[i] ?? 0)
  }
  return stretches
}
