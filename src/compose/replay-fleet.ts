import type { Config } from '../config/schema.ts'
import { createFleet } from '../core/fleet/fleet.ts'
import { createMass, evaluateMass } from '../core/freshness/mass/mass.ts'
import type { WatchSettings } from '../core/freshness/source-watch.ts'
import { createFleetReplay } from '../core/replay/fleet-replay.ts'
import type { Finding } from '../core/replay/ordered-output.ts'
import { readRegistration } from '../core/replay/registration.ts'
import { MINUTE } from '../core/time.ts'
import { freshnessSettings, watchSettings } from './settings.ts'

export type FleetReplayDeps = {
  readonly found: (finding: Finding) => void
  readonly warn: (text: string) => void
  /** An inventory file, whose terminals are registered at the first line. */
  readonly terminals?: Uint8Array
}

/** A replay under the rules of the configuration, and what is to be said of the inventory file. */
export function openFleetReplay(config: Config, { found, warn, terminals }: FleetReplayDeps) {
  const fleet = createFleet(freshnessSettings(config), config.freshness.resumeGrace)
  const mass = createMass()
  const registration = terminals && readRegistration(fleet, terminals)
  const replay = createFleetReplay(fleet, {
    configured: watchSettings(config),
    unknown: (id) => unknownSource(id, config),
    started: (at) => registration?.register(at),
    evaluate: (now) => evaluateMass(fleet, mass, now),
    found,
    warn,
  })
  return { fleet, replay, registration }
}

/** As a source would be of which the configuration gives nothing but the id. */
function unknownSource(id: string, { freshness }: Config): WatchSettings {
  return { id, intervalMs: MINUTE, liveLagMs: freshness.default.liveLag ?? 2 * MINUTE }
}
