import type { Fix, Readings } from './observation.ts'

const ENOUGH_SATELLITES = 4

/**
 * Whether a fix proves that the receiver has one (spec/freshness.md 2): four satellites or more, or the source's
 * own word, and not the 0/0 of an empty receiver. The source's "not valid" stands against any count. A bare
 * position without either is none: many gateways repeat the last known one for hours. `readings`: those that came with
 * it, for they may tell the satellites as well.
 */
export function validFix(fix: Fix, readings?: Pick<Readings, 'satellites'>): boolean {
  if (fix.latitude === 0 && fix.longitude === 0) return false
  if (fix.valid !== undefined) return fix.valid
  const satellites = fix.satellites ?? readings?.satellites
  return satellites !== undefined && satellites >= ENOUGH_SATELLITES
}
