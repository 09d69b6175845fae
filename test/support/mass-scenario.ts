import { addSource, createFleet, EMPTY, type Fleet } from '../../src/core/fleet/fleet.ts'
import type { InventoryRow } from '../../src/core/fleet/inventory.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { createBaseline } from '../../src/core/freshness/mass/baseline.ts'
import type { Incident, StoredIncident } from '../../src/core/freshness/mass/incident.ts'
import { createMass, evaluateMass } from '../../src/core/freshness/mass/mass.ts'
import { observersOf } from '../../src/core/freshness/mass/mass-state.ts'
import { createSourceWatch, type WatchSettings } from '../../src/core/freshness/source-watch.ts'
import type { Transition } from '../../src/core/freshness/state.ts'
import { sweep } from '../../src/core/freshness/sweep.ts'
import { takeObservation } from '../../src/core/freshness/take.ts'
import type { Observation } from '../../src/core/telemetry/observation.ts'
import { DAY, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS, T0 } from './fleet-scenario.ts'

type Place = Partial<Pick<InventoryRow, 'operator' | 'region' | 'client' | 'dealer' | 'model' | 'firmware'>>

export type Talker = Place & { readonly id: string; readonly source: number; readonly intervalMs: number }

const EVERY = 30 * SECOND
const GATE: WatchSettings = { id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }

/**
 * A fleet on virtual time whose terminals talk regularly until they are muted. It is judged, and looked at for mass
 * silence, every 30 s. `learntDays`: for how long what is usual of its sources has been learnt.
 */
export function createMassScenario({ sources = [GATE], learntDays = 0, settings = DEFAULTS } = {}) {
  const fleet: Fleet = createFleet(settings, 2 * MINUTE)
  for (const source of sources) addSource(fleet, createSourceWatch(source, T0 - 30 * DAY, T0 - 30 * DAY, []))
  const mass = createMass()
  for (const observer of observersOf(mass, fleet)) {
    if (learntDays > 0) observer.baseline = createBaseline(T0 - learntDays * DAY)
  }
  const talkers: (Talker & { row: number; nextAt: Instant })[] = []
  const transitions: Transition[] = []
  const opened: Incident[] = []
  const closed: Incident[] = []
  let changed: readonly StoredIncident[] = []
  let now = T0
  let isMute: (talker: Talker) => boolean = () => false
  let says: (talker: Talker) => Partial<Observation> = () => ({})

  function hear(talker: (typeof talkers)[number], receivedAt: Instant): void {
    const watch = fleet.sources[talker.source - 1]
    if (!watch || isMute(talker)) return
    const raw: Observation = {
      terminalId: talker.id,
      source: watch.id,
      receivedAt,
      kind: 'live',
      readings: { ignition: true, speedKmh: 40 },
      ...says(talker),
    }
    takeObservation(fleet, talker.row, raw, talker.source)
  }

  function step(): void {
    now += EVERY
    for (const talker of talkers) {
      for (; talker.nextAt <= now; talker.nextAt += talker.intervalMs) hear(talker, talker.nextAt)
    }
    transitions.push(...sweep(fleet, now, now - EVERY))
    const outcome = evaluateMass(fleet, mass, now)
    transitions.push(...outcome.released)
    opened.push(...outcome.opened.map(({ incident }) => incident))
    closed.push(...outcome.closed.map(({ incident }) => incident))
    changed = outcome.changed
  }

  return {
    fleet,
    mass,
    transitions,
    opened,
    closed,
    changed: () => changed,
    now: () => now,
    /** Adds so many terminals that talk through a source, evenly spread over their interval. */
    add(count: number, place: Place | ((n: number) => Place), source = 1, intervalMs = 30 * SECOND): void {
      for (let n = 0; n < count; n++) {
        const row = fleet.inventory.length
        const talker = {
          ...(typeof place === 'function' ? place(n) : place),
          id: String(row),
          source,
          intervalMs,
        }
        changeTerminal(fleet, { ...EMPTY, ...talker, row, firstSeenAt: T0 - 30 * DAY })
        fleet.table.source[row] = source
        talkers.push({ ...talker, row, nextAt: now + 1 + Math.floor((n / count) * intervalMs) })
      }
    },
    mute(who: (talker: Talker) => boolean): void {
      isMute = who
    },
    /** What they say beside being on their way. */
    say(what: (talker: Talker) => Partial<Observation>): void {
      says = what
    },
    run(ms: number): void {
      for (const end = now + ms; now < end; ) step()
    },
    /** Moves time on with nobody talking or looking, to the same time of another day. */
    skip(ms: number): void {
      now += ms
      for (const talker of talkers) talker.nextAt += ms
    },
    /** Incidents as `dimension/group` with those that are named together. */
    names: (): string[] =>
      opened.map(({ dimension, group, also }) =>
        [`${dimension}/${group}`, ...also.map((other) => `${other.dimension}/${other.group}`)].join(' = '),
      ),
  }
}
