import type { Instant } from '../time.ts'
import type { FormerUnit, InventoryRow } from './inventory.ts'

type Vehicle = Pick<InventoryRow, 'id' | 'firstSeenAt' | 'formerUnits'>

/** Units of a vehicle that are remembered. */
const MOST_UNITS = 16

/** The units that a vehicle will have had when its present one is replaced at `now`; of too many the oldest are forgotten. */
export function unitsBefore(vehicle: Vehicle, now: Instant): readonly FormerUnit[] {
  const present = { id: vehicle.id, since: unitSince(vehicle), until: now }
  return [...vehicle.formerUnits, present].slice(-MOST_UNITS)
}

/**
 * Since when the id of the present unit stands for the vehicle: one that took another one's place may have been in
 * another vehicle before it was seen again.
 */
export function unitSince({ firstSeenAt, formerUnits }: Omit<Vehicle, 'id'>): Instant {
  return formerUnits.length === 0 ? 0 : firstSeenAt
}
