import type { Fleet } from '../core/fleet/fleet.ts'
import { DIMENSIONS } from '../core/fleet/groups.ts'
import { countingStates } from '../core/fleet/summary.ts'
import type { Summary } from '../core/fleet/view.ts'
import { blindBetween, isBlind } from '../core/freshness/blindness.ts'
import { AGE_BUCKETS_SECONDS, type AgeDistribution, countingAges } from '../core/freshness/data-age.ts'
import type { SourceWatch } from '../core/freshness/source-watch.ts'
import { STATES } from '../core/freshness/state.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock, Metrics } from '../ports.ts'
import { inSlices } from './slices.ts'

/** Clients that have series of their own; the others are counted together. */
const OWN_SERIES = 200
const OTHERS = 'other'

/** `ingest`: the fault is ours or the watched service's. */
const INCIDENT_DIMENSIONS = [...DIMENSIONS, 'ingest'] as const

/** Writes the gauges of the fleet. At most 201 clients times 11 states. */
export function createFleetMetrics(
  metrics: Metrics,
  clock: Pick<Clock, 'monotonic'>,
): (fleet: Fleet, now: Instant) => Promise<void> {
  let shown: readonly string[] = []
  const reportSources = createSourceReport(metrics)
  return async (fleet, now) => {
    const { states, clients } = await inSlices(countingStates(fleet, 'all'), { clock })
    const ages = await inSlices(countingAges(fleet, now), { clock })
    for (const state of STATES) metrics.set('watch_terminals', states[state], { state })
    shown = await inSlices(reportingClients(clients, shown, metrics), { clock })
    reportAges(ages, metrics)
    reportSources(fleet, now)
    reportIncidents(fleet, metrics)
  }
}

/**
 * Returns the clients that have series now; those that had and have none any more are taken away. It yields after each
 * client: to write thousands of series takes a while.
 */
function* reportingClients(
  clients: Summary['clients'],
  before: readonly string[],
  metrics: Metrics,
): Generator<number, readonly string[]> {
  const bySize = [...clients].sort((a, b) => b.total - a.total)
  // Somebody may be called as the others are.
  const named = bySize.filter(({ client }) => client !== OTHERS)
  const own = named.slice(0, OWN_SERIES)
  const names = own.map(({ client }) => client)
  for (const client of before.filter((name) => !names.includes(name))) {
    for (const state of STATES) metrics.set('watch_client_terminals', Number.NaN, { client, state })
  }
  for (const { client, states } of own) {
    for (const state of STATES) metrics.set('watch_client_terminals', states[state], { client, state })
    yield 1
  }
  const rest = [...named.slice(OWN_SERIES), ...bySize.filter(({ client }) => client === OTHERS)]
  for (const state of STATES) {
    const count = rest.length === 0 ? Number.NaN : rest.reduce((sum, one) => sum + one.states[state], 0)
    metrics.set('watch_client_terminals', count, { client: OTHERS, state })
  }
  return names
}

function createSourceReport(metrics: Metrics): (fleet: Fleet, now: Instant) => void {
  /** Of each source at the last report, ms. */
  const reported = new WeakMap<SourceWatch, number>()

  /** Counted is the growth: when the wall clock was set back, a part of the past is to come once more. */
  function count(watch: SourceWatch, now: Instant): void {
    const blindMs = blindBetween(watch.blindness, watch.startedAt, now)
    const more = Math.max(0, blindMs - (reported.get(watch) ?? 0))
    metrics.add('watch_source_blind_seconds_total', { source: watch.id }, more / SECOND)
    reported.set(watch, blindMs)
  }

  return (fleet, now) => {
    for (const watch of fleet.sources) {
      const source = watch.id
      if (watch.retired) {
        // Nobody waits for it any more: it must not be alarmed about for ever.
        metrics.set('watch_source_blind', Number.NaN, { source })
        metrics.set('watch_source_lag_seconds', Number.NaN, { source })
        continue
      }
      metrics.set('watch_source_blind', isBlind(watch.blindness) ? 1 : 0, { source })
      count(watch, now)
    }
  }
}

function reportIncidents({ incidents }: Fleet, metrics: Metrics): void {
  const open = [...incidents.values()]
  for (const dimension of INCIDENT_DIMENSIONS) {
    const such = open.filter((incident) => incident.dimension === dimension)
    const silent = such.reduce((sum, incident) => sum + incident.silent, 0)
    metrics.set('watch_incidents_open', such.length, { dimension })
    metrics.set('watch_incident_silent_terminals', silent, { dimension })
  }
}

/** One distribution of the whole fleet, replaced each time. */
function reportAges({ upTo, total, sumSeconds }: AgeDistribution, metrics: Metrics): void {
  AGE_BUCKETS_SECONDS.forEach((le, i) => {
    metrics.set('watch_data_age_seconds', upTo[i] ?? 0, { le: String(le) })
  })
  metrics.set('watch_data_age_seconds', total, { le: '+Inf' })
  metrics.set('watch_data_age_seconds', sumSeconds)
}
