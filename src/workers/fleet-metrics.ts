import type { Fleet } from '../core/fleet/fleet.ts'
import { countStates } from '../core/fleet/summary.ts'
import type { Summary } from '../core/fleet/view.ts'
import { blindBetween, isBlind } from '../core/freshness/blindness.ts'
import { AGE_BUCKETS_SECONDS, dataAges } from '../core/freshness/data-age.ts'
import { STATES } from '../core/freshness/state.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Metrics } from '../ports.ts'

/** Clients that have series of their own; the others are counted together as `other`. */
const OWN_SERIES = 200

/** Writes the gauges of the fleet. At most 201 clients times 11 states. */
export function createFleetMetrics(metrics: Metrics): (fleet: Fleet, now: Instant) => void {
  let shown: readonly string[] = []
  return (fleet, now) => {
    const { states, clients } = countStates(fleet)
    for (const state of STATES) metrics.set('watch_terminals', states[state], { state })
    shown = reportClients(clients, shown, metrics)
    reportAges(fleet, now, metrics)
    reportSources(fleet, now, metrics)
  }
}

/** Returns the clients that have series now; those that had and have none any more are taken away. */
function reportClients(
  clients: Summary['clients'],
  before: readonly string[],
  metrics: Metrics,
): readonly string[] {
  const bySize = [...clients].sort((a, b) => b.total - a.total)
  const own = bySize.slice(0, OWN_SERIES)
  const names = own.map(({ client }) => client)
  for (const client of before.filter((name) => !names.includes(name))) {
    for (const state of STATES) metrics.set('watch_client_terminals', Number.NaN, { client, state })
  }
  for (const { client, states } of own) {
    for (const state of STATES) metrics.set('watch_client_terminals', states[state], { client, state })
  }
  const rest = bySize.slice(OWN_SERIES)
  for (const state of STATES) {
    const count = rest.length === 0 ? Number.NaN : rest.reduce((sum, one) => sum + one.states[state], 0)
    metrics.set('watch_client_terminals', count, { client: 'other', state })
  }
  return names
}

function reportSources(fleet: Fleet, now: Instant, metrics: Metrics): void {
  for (const watch of fleet.sources) {
    const source = watch.id
    metrics.set('watch_source_blind', isBlind(watch.blindness) ? 1 : 0, { source })
    const blindMs = blindBetween(watch.blindness, watch.startedAt, now)
    metrics.set('watch_source_blind_seconds_total', blindMs / SECOND, { source })
  }
}

/** One distribution of the whole fleet, replaced each time. */
function reportAges(fleet: Fleet, now: Instant, metrics: Metrics): void {
  const { upTo, total, sumSeconds } = dataAges(fleet, now)
  AGE_BUCKETS_SECONDS.forEach((le, i) => {
    metrics.set('watch_data_age_seconds', upTo[i] ?? 0, { le: String(le) })
  })
  metrics.set('watch_data_age_seconds', total, { le: '+Inf' })
  metrics.set('watch_data_age_seconds', sumSeconds)
}
