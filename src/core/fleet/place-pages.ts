import type { Fleet } from './fleet.ts'
import { resolvePage } from './fleet-thresholds.ts'
import { reserveGroups } from './groups.ts'
import { noteNewNames } from './name-order.ts'
import type { PackedPage } from './packed-page.ts'
import { endOf, ownText, sharedText, startOf } from './packed-text.ts'
import { notePageSaid } from './said.ts'
import { reserveThresholds } from './threshold-columns.ts'

/** Makes room for so many rows, so that nothing grows step by step. */
export function reserveFleet(fleet: Fleet, rows: number): void {
  reserveThresholds(fleet.thresholds, rows)
  reserveGroups(fleet.groups, rows)
  noteNewNames(fleet.names, rows, 0)
  // Most terminals have an IMEI beside their id.
  fleet.rows.reserve(2 * rows)
}

/**
 * Puts a stored page into a fleet that has nothing in its rows. With `claimNames` of all pages afterwards, and the
 * groups, it is the same as placing the terminals one after the other; their registers come by themselves. Tells the page as it is kept.
 */
export function placePage(fleet: Fleet, stored: PackedPage): PackedPage {
  const page = fleet.inventory.adopt(stored)
  if (page.rows === 0) return page
  noteNewNames(fleet.names, page.first + page.rows, placeIds(fleet, page))
  notePageSaid(fleet.said, page)
  resolvePage(fleet, page)
  return page
}

/** Ids lead to their rows, or are noted as hidden; returns how many terminals there are. */
function placeIds({ rows, hidden }: Fleet, page: PackedPage): number {
  const { first, own, shared } = page
  let count = 0
  for (let n = 0; n < page.rows; n++) {
    if (endOf(own.id, n) === startOf(own.id, n)) continue
    if (sharedText(shared.mergedInto, n) === '') rows.setPacked(own.id, n, 'id', first + n)
    else hidden.set(ownText(own.id, n), first + n)
    count++
  }
  return count
}

/** Further names of a placed page lead to the first terminal that has them. */
export function claimNames({ rows }: Fleet, page: PackedPage): void {
  const { first, own, shared, rare } = page
  const isPlain = own.imei.ends === null && own.uuid.ends === null && rare.size === 0
  if (isPlain) return
  for (let n = 0; n < page.rows; n++) {
    if (sharedText(shared.mergedInto, n) !== '') continue
    rows.claimPacked(own.imei, n, 'imei', first + n)
    rows.claimPacked(own.uuid, n, 'uuid', first + n)
    const more = rare.get(n)
    if (!more) continue
    for (const name of more.aliases) if (name !== '') rows.claim(name, first + n)
    for (const { name } of more.learnt) rows.claim(name, first + n)
  }
}
