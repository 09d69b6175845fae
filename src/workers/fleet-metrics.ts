import type { Fleet } from '../core/fleet/fleet.ts'
import { countStates } from '../core/fleet/summary.ts'
import { blindBetween, isBlind } from '../core/freshness/blindness.ts'
import { STATES } from '../core/freshness/state.ts'
import { type Instant, SECOND } from '../core/time.ts'
import { AGE_BUCKETS_SECONDS } from '../metrics.ts'
import type { Metrics } from '../ports.ts'

/** Clients that have series of their own; the others are counted together as `other`. */
const OWN_SERIES = 200

/** Writes the gauges of the fleet. At most 201 clients times 11 states. */
export function reportFleet(fleet: Fleet, now: Instant, metrics: Metrics): void {
  const { states, clients } = countStates(fleet)
  for (const state of STATES) metrics.set('watch_terminals', states[state], { state })
  const bySize = [...clients].sort((a, b) => b.total - a.total)
  for (const { client, states: counts } of bySize.slice(0, OWN_SERIES)) {
    for (const state of STATES) metrics.set('watch_client_terminals', counts[state], { client, state })
  }
  const rest = bySize.slice(OWN_SERIES)
  for (const state of rest.length > 0 ? STATES : []) {
    const count = rest.reduce((sum, one) => sum + one.states[state], 0)
    metrics.set('watch_client_terminals', count, { client: 'other', state })
  }
  reportAges(fleet, now, metrics)
  for (const watch of fleet.sources) {
    const source = watch.id
    metrics.set('watch_source_blind', isBlind(watch.blindness) ? 1 : 0, { source })
    const blindMs = blindBetween(watch.blindness, watch.startedAt, now)
    metrics.set('watch_source_blind_seconds_total', blindMs / SECOND, { source })
  }
}

/** How old the newest data of the terminals is: one distribution of the whole fleet, replaced each time. */
function reportAges({ table, inventory }: Fleet, now: Instant, metrics: Metrics): void {
  const upTo = new Array<number>(AGE_BUCKETS_SECONDS.length).fill(0)
  let sum = 0
  let total = 0
  for (let row = 0; row < inventory.length; row++) {
    const dataAt = table.dataAt[row] ?? 0
    if (dataAt === 0) continue
    const age = Math.max(0, now - dataAt) / SECOND
    sum += age
    total++
    for (let i = AGE_BUCKETS_SECONDS.length - 1; i >= 0 && age <= (AGE_BUCKETS_SECONDS[i] ?? 0); i--) {
      upTo[i] = (upTo[i] ?? 0) + 1
    }
  }
  AGE_BUCKETS_SECONDS.forEach((le, i) => {
    metrics.set('watch_data_age_seconds', upTo[i] ?? 0, { le: String(le) })
  })
  metrics.set('watch_data_age_seconds', total, { le: '+Inf' })
  metrics.set('watch_data_age_seconds', sum)
}
