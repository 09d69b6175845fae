import type { InventoryFromTree } from '../online/tree-inventory.ts'
import { isPrintable } from '../telemetry/value.ts'
import type { Instant } from '../time.ts'
import { saidNames } from './alias.ts'
import type { Conflict } from './conflict.ts'
import { EMPTY, type Fleet } from './fleet.ts'
import { handOver } from './handover.ts'
import { claimAllNames, claimNames, takeTaught } from './import-apply.ts'
import type { InventoryRow, Replacement, TreeField } from './inventory.ts'
import { idFault } from './inventory-csv.ts'
import { mergeTerminals } from './merge.ts'
import { changeTerminal, placeFor } from './placing.ts'
import { replaceTerminal } from './replace.ts'
import { terminalSaid } from './spoken-names.ts'

export type TreeApplied = {
  created: number
  updated: number
  merged: number
  skipped: number
  readonly replaced: Replacement[]
  readonly conflicts: Conflict[]
}

/** A vehicle that has a terminal; its uuid is empty where the tree gives it none of its own. */
type Vehicle = Readonly<Record<TreeField, string>> & {
  readonly terminalId: string
  readonly intake: InventoryFromTree['intake']
}

const FIELDS: readonly TreeField[] = ['name', 'client', 'dealer', 'group', 'model', 'uuid']
const LONGEST_FIELD = 200
/** Conflicts of one tree that are listed. */
const MOST_CONFLICTS = 1000
/** A vehicle may wait for the unit of another one, and that one in turn. */
const MOST_ROUNDS = 20
/** Vehicles between two pauses. */
const SLICE = 250

/**
 * Takes a vehicle tree as inventory: it fills in what people have left empty, says whether data is taken in, and shows
 * which terminals were replaced. What people said stays; vehicles that are not in it are not touched. Now and then it
 * yields the number of vehicles so far; each vehicle is taken as a whole.
 */
export function* applyTreeVehicles(
  fleet: Fleet,
  vehicles: readonly InventoryFromTree[],
  now: Instant,
): Generator<number, TreeApplied> {
  const applied: TreeApplied = { created: 0, updated: 0, merged: 0, skipped: 0, replaced: [], conflicts: [] }
  const wanted = new Map<string, Vehicle>()
  for (const [index, entry] of vehicles.entries()) {
    const vehicle = readVehicle(entry)
    const twin = vehicle && wanted.get(vehicle.terminalId)
    if (!vehicle) applied.skipped += 1
    else if (!twin) wanted.set(vehicle.terminalId, vehicle)
    else if (twin.uuid !== vehicle.uuid) note(applied, twoVehicles(vehicle, twin))
    if (index % SLICE === SLICE - 1) yield index + 1
  }
  const stuck = yield* applyReplacements(fleet, wanted, now, applied)
  let count = 0
  for (const vehicle of wanted.values()) {
    if (!stuck.has(vehicle)) applyVehicle(fleet, vehicle, now, applied)
    count += 1
    if (count % SLICE === 0) yield count
  }
  if (applied.replaced.length > 0) {
    for (const merged of claimAllNames(fleet)) {
      applied.merged += merged
      yield count
    }
  }
  return applied
}

/** Undefined: the id of its terminal is none. */
function readVehicle({ terminalId, intake, ...fields }: InventoryFromTree): Vehicle | undefined {
  if (idFault(terminalId) !== undefined) return undefined
  const said = { name: '', client: '', dealer: '', group: '', model: '', uuid: '' }
  for (const field of FIELDS) {
    const text = fields[field].trim()
    if (text.length <= LONGEST_FIELD && isPrintable(text)) said[field] = text
  }
  return { ...said, uuid: said.uuid === terminalId ? '' : said.uuid, terminalId, intake }
}

/** Vehicles whose terminal was replaced by a unit that is free. Returns those whose new unit is another vehicle's. */
function* applyReplacements(
  fleet: Fleet,
  wanted: ReadonlyMap<string, Vehicle>,
  now: Instant,
  applied: TreeApplied,
): Generator<number, ReadonlySet<Vehicle>> {
  const waiting = new Set<Vehicle>()
  for (const vehicle of wanted.values()) if (hasOtherTerminal(fleet, vehicle)) waiting.add(vehicle)
  let before = Infinity
  for (let round = 0; round < MOST_ROUNDS && waiting.size > 0 && waiting.size < before; round += 1) {
    before = waiting.size
    for (const vehicle of waiting) {
      const old = fleet.rows.get(vehicle.uuid)
      if (old === undefined || !isFree(fleet, vehicle.terminalId)) continue
      const replacement = replaceTerminal(fleet, old, vehicle.terminalId, now)
      if (replacement) applied.replaced.push(replacement)
      waiting.delete(vehicle)
    }
    yield 0
  }
  for (const vehicle of waiting) note(applied, takenUnit(fleet, vehicle))
  return waiting
}

function hasOtherTerminal(fleet: Fleet, { uuid, terminalId }: Vehicle): boolean {
  const known = fleet.inventory.at(fleet.rows.get(uuid) ?? -1)
  return (
    known !== undefined &&
    uuid !== '' &&
    known.uuid === uuid &&
    terminalSaid(fleet, terminalId)?.row !== known.row
  )
}

function isFree(fleet: Fleet, terminalId: string): boolean {
  return terminalSaid(fleet, terminalId)?.discovered !== false
}

function applyVehicle(fleet: Fleet, vehicle: Vehicle, now: Instant, applied: TreeApplied): void {
  const { terminalId: id, uuid } = vehicle
  const known = terminalSaid(fleet, id)
  if (known && uuid !== '' && known.uuid !== '' && known.uuid !== uuid && !known.fromTree.includes('uuid')) {
    note(applied, otherVehicle(vehicle, known))
    return
  }
  const base = known ?? { ...EMPTY, row: placeFor(fleet, id), id, discovered: true, firstSeenAt: now }
  const next = handOver(base, filled(base, vehicle), now)
  if (next === base) return
  const led = fleet.inventory.at(fleet.rows.get(id) ?? -1)
  for (const name of [id, ...saidNames(next)]) {
    // Nobody asked for this by a file: it is told in the log.
    if (takeTaught(fleet, name, next.row)) fleet.learnt.push({ from: name, into: next.id })
  }
  changeTerminal(fleet, next)
  if (led?.discovered && led.row !== next.row) {
    // Data had given this id to a discovered terminal as another name of it.
    mergeTerminals(fleet, led.row, next.row)
    applied.merged += 1
  }
  applied.merged += claimNames(fleet, next.row)
  if (known) applied.updated += 1
  else applied.created += 1
}

/** The row itself when the tree says nothing new. */
function filled(known: InventoryRow, vehicle: Vehicle): InventoryRow {
  const isOpen = (field: TreeField): boolean => known[field] === '' || known.fromTree.includes(field)
  const changed = FIELDS.filter(
    (field) => vehicle[field] !== '' && vehicle[field] !== known[field] && isOpen(field),
  )
  const intake = vehicle.intake === 'unknown' ? known.intake : vehicle.intake
  if (changed.length === 0 && intake === known.intake && !known.discovered) return known
  const fromTree = [...new Set([...known.fromTree, ...changed])]
  const said = Object.fromEntries(changed.map((field) => [field, vehicle[field]]))
  return { ...known, ...said, fromTree, intake, discovered: false }
}

function note(applied: TreeApplied, conflict: Conflict): void {
  if (applied.conflicts.length < MOST_CONFLICTS) applied.conflicts.push(conflict)
}

function twoVehicles(vehicle: Vehicle, twin: Vehicle): Conflict {
  const { terminalId, uuid } = vehicle
  const text = `The tree has terminal ${terminalId} in two vehicles, ${twin.uuid || 'one without uuid'} and ${uuid || 'one without uuid'}; the first one counts.`
  return { kind: 'tree', name: uuid || terminalId, terminals: [terminalId], text }
}

function takenUnit(fleet: Fleet, { terminalId, uuid }: Vehicle): Conflict {
  const old = fleet.inventory.at(fleet.rows.get(uuid) ?? -1)?.id ?? ''
  const owner = fleet.inventory.at(fleet.rows.get(terminalId) ?? -1)?.id ?? terminalId
  const text = `The tree has terminal ${terminalId} in vehicle ${uuid}; in the inventory that vehicle has terminal ${old}, and ${owner} is another vehicle's. Nothing was changed.`
  return { kind: 'tree', name: uuid, terminals: [old, owner], text }
}

function otherVehicle({ terminalId, uuid }: Vehicle, known: InventoryRow): Conflict {
  const text = `The tree has terminal ${terminalId} in vehicle ${uuid}; the inventory has it in vehicle ${known.uuid}. Nothing was changed.`
  return { kind: 'tree', name: uuid, terminals: [known.id], text }
}
