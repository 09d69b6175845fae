import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createFleet, EMPTY } from '../../src/core/fleet/fleet.ts'
import type { InventoryRow } from '../../src/core/fleet/inventory.ts'
import { createInventory, type Inventory } from '../../src/core/fleet/inventory-pages.ts'
import { createNameIndex } from '../../src/core/fleet/name-index.ts'
import { PAGE_ROWS, packPage } from '../../src/core/fleet/packed-page.ts'
import { decodePage, encodePage } from '../../src/core/fleet/page-codec.ts'
import { createRestoring } from '../../src/core/fleet/restore.ts'
import { createTable, ensureRow, reserveRows, takeDirty } from '../../src/core/fleet/terminal-table.ts'
import { NO_FLAPS } from '../../src/core/freshness/flaps.ts'
import { applyObservation } from '../../src/core/freshness/registers.ts'
import type { Observation, Readings } from '../../src/core/telemetry/observation.ts'
import { MINUTE } from '../../src/core/time.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { type Figure, median, round } from './figure.ts'
import { terminalId } from './sample.ts'

// What a fleet takes in memory whose terminals have each sent six readings beside ignition, speed, position and
// firmware, and what the same takes as one Map of plain objects; and what it takes to find a terminal in either.

const GOAL_BYTES = 250
const LOOKUPS = 200_000
const RUNS = 5
/** Of names that nobody invents here. */
const KEY = [0x5eed, 0xfeed] as const

/** What the objects of the reference hold: the same registers and readings. */
type PlainTerminal = {
  contactAt: number
  dataAt: number
  liveAt: number
  fixAt: number
  linkAt: number
  source: number
  state: number
  stateSince: number
  latitude: number
  longitude: number
  readings: Record<string, { value: unknown; at: number }>
}

/** Memory and look-ups of a fleet of so many terminals. */
export async function measureMemory(terminals: number): Promise<Record<string, Figure>> {
  const now = Date.now()
  const objects: InventoryRow[] = []
  fillObjects(objects, terminals, now)
  const inventory = createInventory()
  const inventoryBytes = grownBy(() => fillInventory(inventory, objects))
  const reference = new Map<string, PlainTerminal>()
  const mapBytes = grownBy(() => fillMap(reference, objects, now))
  const kept = createKept(objects, inventory)
  const keptBytes = grownBy(() => kept.fill(now))
  const namesBytes = grownBy(kept.addNames)
  const rows = new Map(objects.map(({ id, row }) => [id, row]))
  const lookup = compareLookups(
    (id) => inventory.is(kept.index.get(id) ?? -1, 'id', id),
    (id) => objects[rows.get(id) ?? -1]?.id === id,
    terminals,
  )
  reference.clear()
  const fleet = createFleet(DEFAULTS, 2 * MINUTE, KEY)
  const fleetBytes = grownBy(() => {
    const restoring = createRestoring(fleet)
    restoring.reserve(terminals)
    for (const { packed } of inventory.pages()) if (packed) restoring.page(packed)
    restoring.pagesEnd({ counters: [], flaps: NO_FLAPS })
    const table = createTable()
    reserveRows(table, terminals)
    ensureRow(table, terminals - 1)
    for (const { row } of objects) applyObservation(table, row, lastHeard(row, now), 1)
    restoring.table(table)
    restoring.end({ gaps: [] }).forEach(() => {})
    takeDirty(fleet.table)
  })
  const perTerminal = (bytes: number): number => round(bytes / terminals)
  const value = perTerminal(keptBytes)
  return {
    bytesPerTerminal: {
      value,
      unit: 'bytes',
      goal: `<= ${GOAL_BYTES}`,
      met: value <= GOAL_BYTES,
      reference: perTerminal(mapBytes),
      ratio: round(mapBytes / keptBytes),
    },
    otherNamesPerTerminal: { value: perTerminal(namesBytes), unit: 'bytes (IMEI and uuid in the index)' },
    judgementPerTerminal: {
      value: perTerminal(fleetBytes - keptBytes - namesBytes),
      unit: 'bytes (thresholds, groups and what else the whole fleet has by row)',
    },
    inventoryPerTerminal: {
      value: perTerminal(inventoryBytes),
      unit: 'bytes (pages as they are after a start)',
    },
    lookup,
  }
}

/** Registers, readings and the index alone. */
function createKept(objects: readonly InventoryRow[], inventory: Inventory) {
  const table = createTable()
  const index = createNameIndex(inventory, KEY)
  return {
    index,
    fill(now: number): void {
      reserveRows(table, inventory.length)
      index.reserve(inventory.length)
      for (const { id, row } of objects) {
        ensureRow(table, row)
        index.set(id, row)
        applyObservation(table, row, lastHeard(row, now), 1)
      }
      takeDirty(table)
    },
    addNames(): void {
      for (const { imei, uuid, row } of objects) for (const name of [imei, uuid]) index.set(name, row)
    },
  }
}

/** Pages as they come from the store. */
function fillInventory(inventory: Inventory, objects: readonly InventoryRow[]): void {
  for (let first = 0; first < objects.length; first += PAGE_ROWS) {
    const page = packPage(objects.slice(first, first + PAGE_ROWS))
    inventory.adopt(decodePage(encodePage(page), first))
  }
}

function fillObjects(objects: InventoryRow[], terminals: number, now: number): void {
  const shared = new Map<string, string>()
  const share = (text: string): string => {
    if (!shared.has(text)) shared.set(text, text)
    return shared.get(text) ?? text
  }
  for (let row = 0; row < terminals; row++) {
    const client = row % 3000
    objects.push({
      ...EMPTY,
      row,
      id: flat(terminalId(row)),
      firstSeenAt: now,
      name: flat(`Truck ${row}`),
      client: share(`ООО Ромашка ${client}`),
      dealer: share(`Dealer ${client % 40}`),
      group: share(`Trucks/${row % 40}`),
      operator: share(`Operator ${row % 4}`),
      region: share(`Region ${row % 80}`),
      model: share(`Profi ${row % 12}`),
      firmware: share(`FW ${row % 30}`),
      imei: flat(String(860_000_000_000_000 + row)),
      sim: flat(`+7900${String(row).padStart(7, '0')}`),
      profile: share(row % 2 === 0 ? 'tractor' : 'trailer'),
      uuid: flat(`5b0d3c1e-0000-4000-8000-${String(row).padStart(12, '0')}`),
    })
  }
}

/** A text as it comes out of a parser, not as a chain of its parts. */
function flat(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}

function fillMap(map: Map<string, PlainTerminal>, objects: readonly InventoryRow[], now: number): void {
  for (const { id, row } of objects) {
    const { receivedAt, eventAt = receivedAt, fix, readings = {} } = lastHeard(row, now)
    map.set(id, {
      contactAt: receivedAt,
      dataAt: eventAt,
      liveAt: receivedAt,
      fixAt: eventAt,
      linkAt: receivedAt,
      source: 1,
      state: 1,
      stateSince: receivedAt,
      latitude: fix?.latitude ?? 0,
      longitude: fix?.longitude ?? 0,
      readings: Object.fromEntries(
        Object.entries(readings).map(([name, value]) => [name, { value, at: eventAt }]),
      ),
    })
  }
}

function lastHeard(n: number, now: number): Observation {
  const receivedAt = now - (n % 30_000)
  const readings: Readings = {
    ignition: n % 3 !== 0,
    speedKmh: n % 90,
    voltage: 24 + (n % 40) / 10,
    satellites: 7 + (n % 8),
    gsmPercent: 40 + (n % 60),
    mileageM: 100_000_000 + n * 37,
    fuel1: (n % 6000) / 10,
    batteryPercent: 60 + (n % 40),
    firmware: `FW ${n % 30}`,
  }
  const fix = {
    latitude: 56 + (n % 10_007) / 100_000,
    longitude: 43 + (n % 99_991) / 1_000_000,
    satellites: 9,
  }
  const eventAt = receivedAt - (n % 900)
  return { terminalId: terminalId(n), source: 'gate', kind: 'live', receivedAt, eventAt, fix, readings }
}

/** Finds the terminal and looks at its inventory row, as for each message. */
type IsKnown = (id: string) => boolean

/** Ids as a decoder makes them: new texts each time. */
function compareLookups(index: IsKnown, map: IsKnown, terminals: number): Figure {
  const runs: number[] = []
  const referenceRuns: number[] = []
  for (let run = 0; run < RUNS; run++) {
    runs.push(nanosecondsPerLookup(index, terminals, run))
    referenceRuns.push(nanosecondsPerLookup(map, terminals, run))
  }
  const [value, reference] = [round(median(runs)), round(median(referenceRuns))]
  return { value, unit: 'ns', reference, ratio: round(reference / value), runs, referenceRuns }
}

function nanosecondsPerLookup(isKnown: IsKnown, terminals: number, run: number): number {
  const ids = JSON.stringify(
    Array.from({ length: LOOKUPS }, (_, n) => terminalId(((n + run) * 7919) % terminals)),
  )
  const fresh = JSON.parse(ids) as string[]
  const started = performance.now()
  let found = 0
  for (const id of fresh) if (isKnown(id)) found++
  const took = performance.now() - started
  if (found !== LOOKUPS) throw new Error(`${LOOKUPS - found} terminals were not found`)
  return round((took * 1e6) / LOOKUPS)
}

/** Bytes that are held after the work and were not before. */
function grownBy(work: () => void): number {
  const before = heldBytes()
  work()
  return heldBytes() - before
}

function heldBytes(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
