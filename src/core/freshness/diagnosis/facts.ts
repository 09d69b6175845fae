import type { Fleet } from '../../fleet/fleet.ts'
import type { InventoryRow } from '../../fleet/inventory.ts'
import { readingAt, readingValue, type StoredReading } from '../../fleet/reading-columns.ts'
import { shortNumber } from '../../fleet/short-number.ts'
import { sideValue } from '../../fleet/side-columns.ts'
import { type Instant, MINUTE } from '../../time.ts'
import type { Incident } from '../mass/incident.ts'
import { isParked } from '../registers.ts'
import { type State, stateOf } from '../state.ts'
import { FAREWELL } from './connects.ts'
import { lasting, supplySystem } from './trace-bits.ts'

/** What was read this long before the newest data still says how it was at the last contact. */
const LAST_CONTACT = 10 * MINUTE

/** What the rules know of one terminal at `now`; gathered once. Instants 0: never. */
export type Facts = {
  readonly fleet: Fleet
  readonly row: number
  readonly now: Instant
  readonly terminal: InventoryRow
  /** The open one that explains its silence, as the reader sees it; null: none does. */
  readonly incident: Incident | null
  readonly state: State
  readonly contactAt: Instant
  /** Time of the newest data: the terminal's own clock, like the times of readings and traces. */
  readonly dataAt: Instant
  readonly liveAt: Instant
  readonly fixAt: Instant
  readonly linkAt: Instant
  /** By spec/freshness.md 4. */
  readonly parked: boolean
  /** Null: it never told. */
  readonly ignition: boolean | null
  /** It drove or its engine ran when it was last heard; false also when nothing says so. */
  readonly moving: boolean
  readonly speedKmh: number | null
  /** Supply of the vehicle by the highest that was ever seen; null: not known yet. */
  readonly system: 12 | 24 | null
}

export function gatherFacts(fleet: Fleet, row: number, now: Instant, incident: Incident | null): Facts {
  const { table } = fleet
  const terminal = fleet.inventory.at(row)
  if (!terminal) throw new Error(`no terminal in row ${row}`)
  const parked = isParked(table, row)
  const ignition = table.ignition[row] ?? 0
  const speedKmh = (table.speedAt[row] ?? 0) > 0 ? shortNumber(table.speedKmh[row] ?? 0) : null
  return {
    fleet,
    row,
    now,
    terminal,
    incident,
    state: stateOf(table.state[row] ?? 0) ?? 'unknown',
    contactAt: table.contactAt[row] ?? 0,
    dataAt: table.dataAt[row] ?? 0,
    liveAt: table.liveAt[row] ?? 0,
    fixAt: table.fixAt[row] ?? 0,
    linkAt: table.linkAt[row] ?? 0,
    parked,
    ignition: ignition === 0 ? null : ignition === 2,
    moving: !parked && (ignition !== 0 || speedKmh !== null),
    speedKmh,
    system: supplySystem(table, row),
  }
}

/** A reading as it was at the last contact; null: not sent, or not lately. Booleans are 0 and 1. */
export function lastReading(facts: Facts, name: StoredReading): number | null {
  const { readings } = facts.fleet.table
  if (facts.dataAt - readingAt(readings, name, facts.row) > LAST_CONTACT) return null
  return readingValue(readings, name, facts.row) ?? null
}

/**
 * How long before the newest data something last happened (traces.ts), ms; null: never, or only in the silence, which it
 * has not brought about. What an ident tells in farewell still counts; the operator is told by people.
 */
export function happened(
  facts: Facts,
  name: 'firmwareAt' | 'roamingAt' | 'operatorAt' | 'clockFaultAt',
): number | null {
  const at = sideValue(facts.fleet.table.side, name, facts.row)
  const farewellMs = name === 'operatorAt' ? 0 : FAREWELL
  return at - facts.contactAt > farewellMs ? null : before(facts, at)
}

/** How long something had lasted at the newest data (traces.ts), ms; null: it did not. */
export function lasted(facts: Facts, name: 'powerLostAt' | 'noFixSince' | 'stuckSince'): number | null {
  return before(facts, lasting(facts.fleet.table, name, facts.row))
}

function before(facts: Facts, at: Instant): number | null {
  return at === 0 ? null : Math.max(0, facts.dataAt - at)
}
