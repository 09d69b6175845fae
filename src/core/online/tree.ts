import { oneLine } from '../one-line.ts'
import { idOf } from './activity.ts'
import { isGroup } from './reply.ts'

export type TreeVehicle = {
  readonly uuid: string
  readonly terminalId: string | null
  readonly name: string
  /** `FAS` vehicle, `FTC` fuel tanker. */
  readonly terminalType: string | null
  /** Whether data is taken in; null: not told. */
  readonly receiving: boolean | null
  /** Names of the groups above it, outermost first, empty where one has none. Of several places the first counts. */
  readonly groups: readonly string[]
}

/** `skipped`: entries that name no vehicle. */
export type VehicleTree = { readonly vehicles: readonly TreeVehicle[]; readonly skipped: number }

type Place = { readonly node: unknown; readonly groups: readonly string[] }

const NAME_LENGTH = 200
/** Groups in groups; what lies deeper is no real tree and is left out. */
const DEEPEST = 100

/**
 * `GET /ls/api/v2/tree/vehicle`: groups in groups, vehicles at any level, each vehicle once by its `uuid`. Inner
 * groups may lack id and name. Undefined: it is no tree.
 */
export function decodeTree(value: unknown): VehicleTree | undefined {
  const roots = Array.isArray(value) ? value : [value]
  if (!roots.every(isGroupOfVehicles)) return undefined
  const vehicles = new Map<string, TreeVehicle>()
  let skipped = 0
  // A list of what is still to be visited: a tree from outside must not decide how deep the stack gets.
  const places: Place[] = []
  const visitLater = (nodes: readonly unknown[], groups: readonly string[]): void => {
    for (let i = nodes.length - 1; i >= 0; i -= 1) places.push({ node: nodes[i], groups })
  }
  visitLater(roots, [])
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { node, groups } = place
    if (!isGroup(node) || groups.length > DEEPEST) continue
    const here = [...groups, typeof node['name'] === 'string' ? oneLine(node['name'], NAME_LENGTH) : '']
    for (const entry of listOf(node['objects'])) {
      const vehicle = vehicleOf(entry, here)
      if (vehicle === undefined) skipped += 1
      else if (!vehicles.has(vehicle.uuid)) vehicles.set(vehicle.uuid, vehicle)
    }
    visitLater(listOf(node['children']), here)
  }
  return { vehicles: [...vehicles.values()], skipped }
}

function isGroupOfVehicles(node: unknown): boolean {
  return isGroup(node) && (Array.isArray(node['objects']) || Array.isArray(node['children']))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function vehicleOf(entry: unknown, groups: readonly string[]): TreeVehicle | undefined {
  if (!isGroup(entry)) return undefined
  const terminalId = idOf(entry['terminal_id']) ?? null
  const uuid = idOf(entry['uuid']) ?? terminalId
  if (uuid === null) return undefined
  const { name, terminal_type: terminalType, receive_data: receiveData } = entry
  return {
    uuid,
    terminalId,
    name: typeof name === 'string' ? oneLine(name, NAME_LENGTH) : '',
    terminalType: typeof terminalType === 'string' ? oneLine(terminalType, 20) : null,
    receiving: receiveData === 1 ? true : receiveData === 0 ? false : null,
    groups,
  }
}
