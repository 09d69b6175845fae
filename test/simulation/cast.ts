import type { InventoryRow } from '../../src/core/fleet/inventory.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { seededRandom } from '../support/seeded-random.ts'

/** What a simulated terminal does of itself, whatever happens around it. */
export type Character = {
  readonly number: number
  readonly id: string
  readonly source: number
  readonly groups: Pick<InventoryRow, 'operator' | 'region' | 'client' | 'dealer' | 'model' | 'firmware'>
  /** Time between two messages while it moves, ms. */
  readonly intervalMs: number
  /** Time between two messages while it is parked, ms. */
  readonly heartbeatMs: number
  /** Beginning and end of its usual shift, ms after midnight. */
  readonly shift: { readonly fromMs: number; readonly toMs: number }
  readonly worksWeekends: boolean
  /** How far its clock is off, ms. */
  readonly clockMs: number
  /** Its link drops for up to an hour several times a day. */
  readonly isFlaky: boolean
  /** When it gets its last position; Infinity: it always gets one. */
  readonly antennaFailsAt: Instant
  /** When it falls silent for good; Infinity: never. */
  readonly diesAt: Instant
  /** What its supply does before that. */
  readonly death: 'sudden' | 'power-cut' | 'battery'
  /** When it speaks again; Infinity: never. */
  readonly revivesAt: Instant
}

export type CastOptions = {
  readonly seed: number
  readonly terminals: number
  readonly days: number
  readonly start: Instant
  readonly intervalsMs: readonly number[]
  /** How many of each there are; with few terminals fewer. */
  readonly groups: {
    readonly clients: number
    readonly regions: number
    readonly dealers: number
    readonly operators: number
    readonly models: number
    readonly firmwares: number
  }
}

/** Share of terminals that die in a day. */
const DEATHS_PER_DAY = 0.002
/** Of so many terminals one loses its antenna half-way. */
const ANTENNAS = 100

/** The terminals of a simulated fleet: the same ones for the same options. */
export function castOf(options: CastOptions): Character[] {
  const random = seededRandom(options.seed)
  return Array.from({ length: options.terminals }, (_, number) => character(number, options, random))
}

function character(number: number, options: CastOptions, random: () => number): Character {
  const { groups, start, days } = options
  const client = skewed(random, groups.clients)
  const fromMs = (7 + (client % 3)) * HOUR + random() * 40 * MINUTE
  const dies = random() < DEATHS_PER_DAY * days
  const diesAt = dies ? start + random() * days * 24 * HOUR : Infinity
  const clock = random()
  return {
    number,
    id: String(300_000_000 + number),
    source: number % 5 === 0 ? 2 : 1,
    groups: {
      client: `Client ${client}`,
      dealer: `Dealer ${client % groups.dealers}`,
      // A client works in one region, some of his vehicles elsewhere.
      region: `Region ${random() < 0.8 ? client % groups.regions : Math.floor(random() * groups.regions)}`,
      operator: `Operator ${skewed(random, groups.operators)}`,
      model: `Model ${number % groups.models}`,
      firmware: `${100 + (((number % groups.models) * 7 + Math.floor(random() * 2)) % groups.firmwares)}`,
    },
    intervalMs: options.intervalsMs[Math.floor(random() * options.intervalsMs.length)] ?? 5 * MINUTE,
    heartbeatMs: Math.ceil(random() * 6) * HOUR,
    shift: { fromMs, toMs: fromMs + 9 * HOUR + random() * 40 * MINUTE },
    worksWeekends: client % 10 < 3,
    clockMs: clock < 0.01 ? -2 * HOUR : clock < 0.015 ? 10 * MINUTE : 0,
    isFlaky: random() < 0.01,
    antennaFailsAt: number % ANTENNAS === ANTENNAS - 1 ? start + (days * DAY) / 2 : Infinity,
    diesAt: Math.round(diesAt / SECOND) * SECOND,
    death: (['sudden', 'power-cut', 'battery'] as const)[Math.floor(random() * 3)] ?? 'sudden',
    revivesAt: dies && random() < 0.3 ? Math.round((diesAt + 30 * HOUR) / SECOND) * SECOND : Infinity,
  }
}

/** A number below `count`, the low ones more often: fleets have a few large clients and many small ones. */
function skewed(random: () => number, count: number): number {
  return Math.floor(random() * random() * count)
}
