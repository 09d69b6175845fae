import type { Fleet } from '../../fleet/fleet.ts'
import type { Instant } from '../../time.ts'
import { beginBlind } from '../source-watch.ts'
import { decodeBaseline, slotAt, usualShare } from './baseline.ts'
import type { IncidentGroup, StoredBaseline, StoredIncident } from './incident.ts'
import { type Mass, observersOf } from './mass-state.ts'
import { resumeIncident } from './open-incident.ts'

type Kept = {
  readonly incidents: readonly StoredIncident[]
  readonly baselines: readonly StoredBaseline[]
  /** The last sign of life of the program that stored it. */
  readonly heartbeatAt: Instant | null
}

/**
 * Takes over what was stored; the fleet and its sources must be there. What belongs to a group that nobody is in any
 * more is left out. Throws on damaged bytes.
 */
export function restoreMass(fleet: Fleet, mass: Mass, stored: Kept, now: Instant): void {
  const deadMs = Math.max(0, now - (stored.heartbeatAt ?? now))
  for (const kept of stored.baselines) restoreBaseline(fleet, mass, kept, now)
  for (const kept of stored.incidents) {
    const { dimension } = kept.incident
    const open = resumeIncident(fleet, kept, numberOf(fleet, kept.incident), deadMs)
    if (!open) continue
    mass.open.set(open.number, open)
    const watch = dimension === 'ingest' ? fleet.sources[open.group - 1] : undefined
    if (watch) beginBlind(watch, 'rate', now)
  }
}

function restoreBaseline(fleet: Fleet, mass: Mass, stored: StoredBaseline, now: Instant): void {
  const number = numberOf(fleet, stored)
  if (number === 0) return
  const baseline = decodeBaseline(stored.bytes)
  baseline.now = usualShare(baseline, slotAt(now))
  if (stored.dimension === 'ingest') {
    const observer = observersOf(mass, fleet)[number]
    if (observer) observer.baseline = baseline
    return
  }
  mass.baselines[stored.dimension][number] = baseline
  mass.baselineCount++
}

/** Number of a group by its name; 0: there is none. */
function numberOf(fleet: Fleet, { dimension, group }: IncidentGroup): number {
  const isSource = dimension === 'source' || dimension === 'ingest'
  return (isSource ? fleet.sourceNumbers.get(group) : fleet.groups[dimension].numbers.get(group)) ?? 0
}
