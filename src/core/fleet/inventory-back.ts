import type { Instant } from '../time.ts'
import type { InventoryRow } from './inventory.ts'
import type { PackedPage, Rare } from './packed-page.ts'

/**
 * A terminal after the wall clock was set back to `now`: nothing has happened to it later. What people plan for it may
 * well be later and stays. The same object: nothing is changed by it.
 */
export function terminalBack(terminal: InventoryRow, now: Instant): InventoryRow {
  const back = rareBack(terminal, now)
  if (back.firstSeenAt <= now) return back
  return { ...back, firstSeenAt: now }
}

/** The same for a page; `places`: those of the terminals that are changed. */
export function pageBack(
  page: PackedPage,
  now: Instant,
): { readonly page: PackedPage; readonly places: readonly number[] } {
  const places = new Set<number>()
  for (let n = 0; n < page.rows; n++) if ((page.firstSeenAt[n] ?? 0) > now) places.add(n)
  const rare = new Map(page.rare)
  for (const [n, known] of page.rare) {
    const back = rareBack(known, now)
    if (back === known) continue
    rare.set(n, back)
    places.add(n)
  }
  if (places.size === 0) return { page, places: [] }
  const firstSeenAt = page.firstSeenAt.map((at) => Math.min(at, now))
  return { page: { ...page, firstSeenAt, rare }, places: [...places] }
}

function rareBack<Known extends Pick<Rare, 'handedOver' | 'formerUnits'>>(known: Known, now: Instant): Known {
  const { handedOver, formerUnits } = known
  const owned = handedOver === null ? [] : [handedOver.client, ...handedOver.group]
  if (Math.max(0, ...owned, ...formerUnits.map(({ until }) => until)) <= now) return known
  const past = (at: Instant): Instant => Math.min(at, now)
  return {
    ...known,
    handedOver: handedOver && { client: past(handedOver.client), group: handedOver.group.map(past) },
    formerUnits: formerUnits.map(({ id, since, until }) => ({ id, since: past(since), until: past(until) })),
  }
}
