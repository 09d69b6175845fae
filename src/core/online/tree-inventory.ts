import type { Intake } from '../fleet/inventory.ts'
import type { TreeVehicle } from './tree.ts'

/** What the tree says of one terminal, in the words of the inventory. Empty texts are not known. */
export type InventoryFromTree = {
  readonly terminalId: string
  readonly uuid: string
  readonly name: string
  /** Path of all groups above it with `/`, as thresholds by group name it. */
  readonly group: string
  readonly client: string
  readonly dealer: string
  /** `FAS` vehicle, `FTC` fuel tanker. */
  readonly model: string
  readonly intake: Intake
}

/** Where clients and dealers are found: `group:N`, the root being group:0, or a name that all of them have. */
export type TreePlaces = { readonly client: string; readonly dealer: string }

/**
 * The vehicles that have a terminal, with client, dealer and group by their place in the tree. Groups without a name
 * are passed over: where `group:N` has none, the next one below that has a name stands for it.
 */
export function inventoryFromTree(
  vehicles: readonly TreeVehicle[],
  places: TreePlaces,
): readonly InventoryFromTree[] {
  return vehicles.flatMap((vehicle) => {
    const { terminalId, uuid, name, groups, terminalType } = vehicle
    if (terminalId === null) return []
    return {
      terminalId,
      uuid,
      name,
      group: pathOf(groups),
      client: textAt(groups, places.client),
      dealer: textAt(groups, places.dealer),
      model: terminalType ?? '',
      intake: intakeOf(vehicle),
    }
  })
}

function textAt(groups: readonly string[], place: string): string {
  const level = /^group:(\d)$/.exec(place)?.[1]
  if (level === undefined) return place.trim()
  return groups.find((name, index) => index >= Number(level) && name !== '') ?? ''
}

/** What is a separator in paths is none inside a name. */
function pathOf(groups: readonly string[]): string {
  return groups
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('/', '-'))
    .join('/')
}

function intakeOf({ receiving }: TreeVehicle): Intake {
  if (receiving === null) return 'unknown'
  return receiving ? 'on' : 'off'
}
