import { forgetGaps } from '../freshness/gaps.ts'
import type { Instant } from '../time.ts'
import type { Fleet } from './fleet.ts'
import { unitsBefore } from './former-units.ts'
import { handOver, laterHandover } from './handover.ts'
import type { Replacement } from './inventory.ts'
import { emptyRow, mergeFlaps, mergeTerminals } from './merge.ts'
import { changeTerminal, placeFor } from './placing.ts'
import { forgetName, terminalTaught } from './spoken-names.ts'

/**
 * The vehicle in row `from` has another unit, `to` (reference/omnicomm-domain.md 9): what people said of the vehicle
 * and its history go on under the new id, and what they wrote under the old one stays the vehicle's. The new unit is
 * judged anew, so that the gap alarms nobody; what the data has told of it already stays. What belonged to the old unit
 * (IMEI, SIM, firmware, other names, learnt ones too) is forgotten, and so is its id: that unit may go into another
 * vehicle, and until then it is a discovered terminal when it speaks. `to` is a new unit, or one of the inventory
 * without a vehicle, which keeps what belongs to it.
 */
export function replaceTerminal(
  fleet: Fleet,
  from: number,
  to: string,
  now: Instant,
): Replacement | undefined {
  const vehicle = fleet.inventory.at(from)
  if (!vehicle) return undefined
  const taught = terminalTaught(fleet, to)
  if (taught) forgetName(fleet, taught.row, to)
  const led = fleet.inventory.at(fleet.rows.get(to) ?? -1)
  const known = led?.id === to ? led : undefined
  // What the unit did for somebody else stays with him, as does what the vehicle did.
  const own = known && handOver(known, { ...vehicle, handedOver: known.handedOver }, now)
  const isHis = own?.handedOver === known?.handedOver
  const row = known?.row ?? placeFor(fleet, to)
  if (row !== from) mergeFlaps(fleet, from, row)
  emptyRow(fleet, from, vehicle.id)
  forgetGaps(fleet.gaps, row)
  fleet.mergers.push({ from: vehicle.id, into: to })
  changeTerminal(fleet, {
    ...vehicle,
    row,
    id: to,
    firmware: known?.firmware ?? '',
    imei: known?.imei ?? '',
    sim: known?.sim ?? '',
    aliases: known?.aliases ?? [],
    learnt: known?.learnt ?? [],
    thresholds: vehicle.thresholds ?? known?.thresholds ?? null,
    acknowledged: vehicle.acknowledged ?? (isHis ? known?.acknowledged : null) ?? null,
    handedOver: laterHandover(vehicle.handedOver, own?.handedOver ?? null),
    formerUnits: unitsBefore(vehicle, now),
    discovered: false,
    firstSeenAt: known?.firstSeenAt ?? now,
  })
  // Data had given the new unit's id to a discovered terminal as another name: that one is the new unit.
  if (led?.discovered && led.id !== to) mergeTerminals(fleet, led.row, row)
  return { vehicle: vehicle.name || vehicle.uuid, from: vehicle.id, to }
}
