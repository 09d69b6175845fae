import { SECOND } from '../../core/time.ts'
import type { Clock } from '../../ports.ts'
import type { SimulatedTerminal } from './cast.ts'
import { type Report, reportsBetween } from './character.ts'
import { measure, round } from './measurement.ts'

/** The fleet as the simulated Omnicomm Online knows it, in the shapes of reference/omnicomm-online-api.md 4 and 5. */
export type OnlineFleet = {
  tree(): TreeGroup
  activity(): readonly ActivityRow[]
  /** By terminal id or uuid; undefined: there is no such vehicle, or it never sent anything. */
  state(id: string): Readonly<Record<string, unknown>> | undefined
}

export type ActivityRow = { readonly id: number; readonly dateID: number; readonly uuid: string }

export type TreeGroup = {
  readonly id: number
  readonly parentGroupId: number | null
  readonly name: string
  readonly objects: readonly TreeObject[]
  readonly children: readonly TreeGroup[]
}

type TreeObject = {
  readonly uuid: string
  readonly name: string
  readonly terminal_type: 'FAS'
  readonly terminal_id: number
  /** 0: data is not taken in. */
  readonly receive_data: 0 | 1
}

/** Every terminal sends to Omnicomm Online what it sends to us; that goes on while people cannot reach the service. */
export function createOnlineFleet(
  clock: Pick<Clock, 'now' | 'monotonic'>,
  cast: readonly SimulatedTerminal[],
): OnlineFleet {
  const vehicles = cast.filter(({ lifecycle }) => lifecycle !== 'decommissioned')
  const startedAt = clock.now()
  const started = clock.monotonic()
  const newest = new Map(vehicles.flatMap((one) => entryBefore(one)))
  let seenUntilMs = 0

  /** Takes in what was sent since the last look. */
  function catchUp(): void {
    const nowMs = Math.floor(clock.monotonic() - started)
    for (const { id, character, phaseMs } of vehicles) {
      for (const report of reportsBetween(character, phaseMs, seenUntilMs, nowMs)) {
        const known = newest.get(id)
        if (known === undefined || report.measuredMs > known.measuredMs) newest.set(id, report)
      }
    }
    seenUntilMs = nowMs
  }

  return {
    tree: () => treeOf(vehicles),
    activity() {
      catchUp()
      return vehicles.flatMap((one) => {
        const report = newest.get(one.id)
        const row = { id: Number(one.id), uuid: uuidOf(one) }
        return report === undefined ? [] : [{ ...row, dateID: startedAt + report.measuredMs }]
      })
    },
    state(id) {
      catchUp()
      const terminal = vehicles.find((one) => one.id === id || uuidOf(one) === id)
      const report = terminal && newest.get(terminal.id)
      return report && stateOf(terminal, report, startedAt)
    },
  }
}

/** What a terminal had sent before the simulation began. */
function entryBefore({ id, character, phaseMs }: SimulatedTerminal): readonly (readonly [string, Report])[] {
  const at = (measuredMs: number) => [[id, { measuredMs, buffered: false, hasFix: true }] as const]
  switch (character.kind) {
    case 'never':
      return []
    case 'archive':
      return at(-character.ageMs)
    case 'clock-behind':
      return at(-character.byMs - phaseMs)
    case 'driving':
    case 'parked':
    case 'dying':
    case 'tunnel':
    case 'no-fix':
      return at(-phaseMs)
  }
}

function stateOf(terminal: SimulatedTerminal, report: Report, startedAt: number) {
  const { place, ...measured } = measure(terminal, report)
  return {
    status: true,
    lastDataDate: Math.floor((startedAt + report.measuredMs) / SECOND),
    ...(place
      ? {
          lastGPS: { latitude: round(place.latitude, 6), longitude: round(place.longitude, 6) },
          lastGPSDir: Math.round(place.course),
        }
      : {}),
    lastGPSSat: measured.satellites,
    currentSpeed: measured.speedKmh,
    currentFuel: measured.fuelLitres,
    currentIgn: measured.ignition,
    speedExceed: false,
    voltage: measured.voltage,
  }
}

/** Dealers, their clients and the clients' groups. */
function treeOf(vehicles: readonly SimulatedTerminal[]): TreeGroup {
  let lastId = 1000

  function group(
    name: string,
    parentGroupId: number | null,
    members: readonly SimulatedTerminal[],
    levels: readonly ((one: SimulatedTerminal) => string)[],
  ): TreeGroup {
    const id = ++lastId
    const [nameOf, ...below] = levels
    if (nameOf === undefined) return { id, parentGroupId, name, objects: members.map(objectOf), children: [] }
    const children = [...Map.groupBy(members, nameOf)].map(([child, its]) => group(child, id, its, below))
    return { id, parentGroupId, name, objects: [], children }
  }

  return group('Omnicomm', null, vehicles, [
    ({ customer }) => customer.dealer,
    ({ customer }) => customer.client,
    (one) => one.group,
  ])
}

function objectOf(terminal: SimulatedTerminal): TreeObject {
  return {
    uuid: uuidOf(terminal),
    name: terminal.name,
    terminal_type: 'FAS',
    terminal_id: Number(terminal.id),
    receive_data: terminal.lifecycle === 'suspended' ? 0 : 1,
  }
}

function uuidOf({ seed }: SimulatedTerminal): string {
  return `00000000-0000-4000-8000-${String(seed).padStart(12, '0')}`
}
