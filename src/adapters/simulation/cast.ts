import { MINUTE, SECOND } from '../../core/time.ts'
import type { Character } from './character.ts'
import { CUSTOMERS, type Customer, plate } from './customers.ts'
import { between, createRandom, pick, type Random } from './random.ts'
import type { RoadName } from './roads.ts'

/** By which road data reaches the service: a source of the demo's configuration. */
export type Channel = 'gate' | 'flespi' | 'push'

/** A simulated terminal with its vehicle. */
export type SimulatedTerminal = {
  readonly id: string
  readonly name: string
  readonly customer: Customer
  readonly group: string
  readonly profile: string
  readonly model: string
  readonly firmware: string
  readonly imei: string
  readonly sim: string
  /** False: it speaks, but nobody has entered it. */
  readonly registered: boolean
  readonly lifecycle: 'active' | 'suspended' | 'decommissioned'
  readonly channel: Channel
  readonly character: Character
  /** Shift of its rhythm, ms. */
  readonly phaseMs: number
  readonly road: RoadName
  readonly startKm: number
  readonly speedKmh: number
  readonly tankLitres: number
  /** V, of the vehicle's net. */
  readonly netVoltage: 12 | 24
  readonly seed: number
}

const FIRST_ID = 201_000_001
const MODELS = ['Omnicomm Light', 'Omnicomm Profi', 'Omnicomm Optim', 'Omnicomm Smart']
const FIRMWARE = ['3.8.21', '3.8.24', '4.1.7']
const CHANNELS: readonly Channel[] = ['gate', 'flespi', 'push', 'gate', 'flespi']

/** When the dying ones fall silent: one early, so that there is soon something to see, the others now and then. */
const DEATHS = [12, 26, 41, 58, 83, 118, 160, 205].map((seconds) => seconds * SECOND)
const DRIVING = 196
const PARKED = 62

/** A few hundred terminals, always the same for the same seed, in the order of their ids. */
export function createCast(seed: number): readonly SimulatedTerminal[] {
  const random = createRandom(seed)
  const characters = shuffled(random, [
    ...repeat(DRIVING, { kind: 'driving' }),
    ...repeat(PARKED, { kind: 'parked' }),
    ...DEATHS.map((atMs): Character => ({ kind: 'dying', atMs })),
    ...tunnels(),
    ...repeat(8, { kind: 'archive', ageMs: 30 * MINUTE }),
    ...repeat(6, { kind: 'no-fix', atMs: 20 * SECOND }),
    ...repeat(3, { kind: 'clock-behind', byMs: 4 * MINUTE }),
    ...repeat(4, { kind: 'never' }),
  ])
  const known = characters.map((character, index) => createTerminal(random, index, character))
  const last = known.length
  return [
    ...known,
    { ...createTerminal(random, last, { kind: 'driving' }), lifecycle: 'suspended' },
    { ...createTerminal(random, last + 1, { kind: 'never' }), lifecycle: 'decommissioned' },
    { ...createTerminal(random, last + 2, { kind: 'driving' }), registered: false },
    { ...createTerminal(random, last + 3, { kind: 'driving' }), registered: false },
  ]
}

function repeat(count: number, character: Character): readonly Character[] {
  return Array.from({ length: count }, () => character)
}

function tunnels(): readonly Character[] {
  return Array.from({ length: 8 }, (_, index) => {
    const fromMs = (30 + 6 * index) * SECOND
    return { kind: 'tunnel', fromMs, toMs: fromMs + 55 * SECOND }
  })
}

/** Fisher and Yates. */
function shuffled<Item>(random: Random, items: readonly Item[]): readonly Item[] {
  const left = [...items]
  return items.map(() => {
    const [item] = left.splice(Math.floor(random() * left.length), 1)
    if (item === undefined) throw new Error('fewer items than places')
    return item
  })
}

function createTerminal(random: Random, index: number, character: Character): SimulatedTerminal {
  const customer = pick(random, CUSTOMERS)
  const vehicle = pick(random, customer.vehicles)
  const number = String(index + 1)
  return {
    id: String(FIRST_ID + index),
    name: `${vehicle.name} ${plate(random, customer.regionCode)}`,
    customer,
    group: vehicle.group,
    profile: vehicle.profile,
    model: pick(random, MODELS),
    firmware: pick(random, FIRMWARE),
    imei: `8600000${number.padStart(8, '0')}`,
    sim: `7900${number.padStart(7, '0')}`,
    registered: true,
    lifecycle: 'active',
    channel: CHANNELS[index % CHANNELS.length] ?? 'gate',
    character,
    phaseMs: Math.floor(between(random, 0, 40 * SECOND)),
    road: pick(random, customer.roads),
    startKm: between(random, 0, 400),
    speedKmh: between(random, ...vehicle.speedKmh),
    tankLitres: vehicle.tankLitres,
    netVoltage: vehicle.netVoltage,
    seed: index + 1,
  }
}
