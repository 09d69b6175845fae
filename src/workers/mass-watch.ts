import type { Fleet } from '../core/fleet/fleet.ts'
import type { Incident, IncidentGroup } from '../core/freshness/mass/incident.ts'
import { createMass, MASS_EVERY, type MassOutcome, massSteps } from '../core/freshness/mass/mass.ts'
import { restoreMass } from '../core/freshness/mass/restore-mass.ts'
import { toIso } from '../core/time.ts'
import type { Clock, Log, Stop, StoredFleet } from '../ports.ts'
import { inSlices } from './slices.ts'

export type MassWatchDeps = {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly log: Log
  /** Gets the rows of the members when an incident is over, in the same turn of the event loop. */
  readonly release: (rows: Iterable<number>) => void
}

/**
 * Looks every 30 s whether many terminals fell silent together (spec/freshness.md 7). What it finds is in the fleet,
 * and is stored with the next flush.
 */
export function createMassWatch({ clock, fleet, log, release }: MassWatchDeps) {
  const mass = createMass()
  const stopping = new AbortController()
  let stopTimer: Stop = () => {}
  let underWay: Promise<void> = Promise.resolve()

  async function evaluate(): Promise<void> {
    const steps = massSteps(fleet, mass, clock.now())
    const outcome = await inSlices(steps, { clock, unhurriedUntil: stopping.signal })
    for (const { rows } of outcome.closed) release(rows)
    tell(outcome)
  }

  function tell({ opened, closed }: MassOutcome): void {
    for (const { incident } of opened) log.warn(textOf(incident), fieldsOf(incident))
    for (const { incident } of closed) log.info('a mass silence is over', fieldsOf(incident))
  }

  return {
    /** Goes on with the incidents that were open; the fleet and its sources must have been restored. */
    restore(stored: Pick<StoredFleet, 'incidents' | 'baselines' | 'heartbeatAt'>): void {
      restoreMass(fleet, mass, stored, clock.now())
    },
    start(): void {
      stopTimer = clock.every(MASS_EVERY, () => {
        underWay = evaluate()
        return underWay
      })
    },
    /** Resolves when no evaluation is under way any more. */
    async stop(): Promise<void> {
      stopTimer()
      stopping.abort()
      await underWay.catch(() => {})
    },
  }
}

function textOf({ dimension }: Incident): string {
  return dimension === 'ingest'
    ? 'far less comes through a source than usual: it is taken for blind'
    : 'many terminals fell silent together'
}

function fieldsOf({ id, also, openedAt, onsetAt, expected, members, silent, ...group }: Incident) {
  return {
    incident: id,
    group: nameOf(group),
    ...(also.length > 0 ? { also: also.map(nameOf) } : {}),
    openedAt: toIso(openedAt),
    onsetAt: toIso(onsetAt),
    expected,
    members,
    silent,
  }
}

function nameOf({ dimension, group }: IncidentGroup): string {
  return `${dimension}/${group}`
}
