import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import { createFleet, EMPTY, type Fleet } from '../../src/core/fleet/fleet.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { encodeChunk } from '../../src/core/fleet/register-codec.ts'
import { CHUNK_ROWS } from '../../src/core/fleet/terminal-table.ts'
import { applyObservation } from '../../src/core/freshness/registers.ts'
import { CODE } from '../../src/core/freshness/state.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { terminalId } from './sample.ts'

/** Terminals that are stored in one transaction. */
const PART = 20_000
/** One in so many is stale. */
const ONE_STALE_IN = 12

/** Writes a data folder in which a service has known so many terminals, with all that it keeps of them. */
export async function storeKnownFleet(path: string, terminals: number, clients?: number): Promise<void> {
  const now = Date.now()
  await storeFleet(path, knownFleet(terminals, now, clients), now)
}

/** Writes a fleet of which the first source is called `push`. */
export async function storeFleet(path: string, fleet: Fleet, now: number): Promise<void> {
  const all = [...fleet.inventory]
  const terminals = all.length
  const stores = await openSqliteStores({ path })
  for (let from = 0; from < terminals; from += PART) {
    await stores.fleet.flush({
      at: now,
      journal: [],
      terminals: all.slice(from, from + PART),
      transitions: [],
      blind: [],
      counters: [],
      incidents: [],
      baselines: [],
      gaps: [],
      mergers: [],
    })
  }
  const numbers = Array.from({ length: Math.ceil(terminals / CHUNK_ROWS) }, (_, number) => number)
  for (let from = 0; from < numbers.length; from += 100) {
    const part = numbers.slice(from, from + 100)
    const chunks = part.map((number) => ({ number, bytes: encodeChunk(fleet.table, number) }))
    await stores.fleet.checkpoint({ chunks })
  }
  await stores.close()
}

/** A fleet of which everything is known: clients, 40 regions, readings, states. */
export function knownFleet(terminals: number, now: number, clients = 500): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  for (let n = 0; n < terminals; n++) {
    const client = n % clients
    changeTerminal(fleet, {
      ...EMPTY,
      row: n,
      id: terminalId(n),
      name: `Truck ${n}`,
      client: `Client ${client}`,
      dealer: `Dealer ${client % 20}`,
      group: `Dealer ${client % 20}/Client ${client}`,
      region: `Region ${client % 40}`,
      operator: `Operator ${n % 4}`,
      model: `Model ${n % 7}`,
      imei: String(860_000_000_000_000 + n),
      firstSeenAt: now - 100 * 86_400 * SECOND,
    })
    const isStale = n % ONE_STALE_IN === 0
    const receivedAt = now - (isStale ? 3 * 3600 : n % 60) * SECOND
    applyObservation(fleet.table, n, lastSeen(n, receivedAt), 1)
    fleet.table.state[n] = isStale ? CODE.stale : CODE.fresh
    fleet.table.stateSince[n] = receivedAt
  }
  return fleet
}

function lastSeen(n: number, receivedAt: number) {
  const fix = { latitude: 56 + (n % 10_007) / 100_000, longitude: 43, satellites: 7 + (n % 8) }
  const readings = {
    ignition: true,
    speedKmh: n % 70,
    voltage: 24 + (n % 40) / 10,
    satellites: 7 + (n % 8),
    gsmPercent: 40 + (n % 60),
    mileageM: n * 1013,
    fuel1: n % 400,
    firmware: `${100 + (n % 20)}`,
  }
  return {
    terminalId: terminalId(n),
    source: 'push',
    receivedAt,
    eventAt: receivedAt,
    kind: 'live',
    fix,
    readings,
  } as const
}
