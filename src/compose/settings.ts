import type { Config } from '../config/schema.ts'
import { accountIdOf } from '../config/source-schema.ts'
import type { WatchSettings } from '../core/freshness/source-watch.ts'
import type { FreshnessSettings } from '../core/freshness/threshold.ts'
import type { ThresholdSettings } from '../core/freshness/threshold-settings.ts'
import { MINUTE } from '../core/time.ts'

type Place = Config['freshness']['terminals'][string]

/** Thresholds as the core takes them. */
export function freshnessSettings({ freshness }: Config): FreshnessSettings {
  const { moving, parked, lost, neverAfter, learn, floor, cap } = freshness.default
  return {
    default: {
      moving,
      parked: limitOf(parked),
      lost,
      neverAfter,
      learn,
      ...(floor === undefined ? {} : { floor }),
      ...(cap === undefined ? {} : { cap }),
    },
    profiles: placesOf(freshness.profiles),
    groups: placesOf(freshness.groups),
    terminals: placesOf(freshness.terminals),
  }
}

/** Interval and live lag of each source (spec/freshness.md 1), how it is polled, with which account of the service. */
export function watchSettings({ sources, freshness }: Config): WatchSettings[] {
  return sources.map((source) => {
    const { id, interval } = source
    const isPolled = source.kind === 'omnicomm-online'
    const polling = isPolled ? { everyMs: source.pollEvery, timeoutMs: source.timeout } : undefined
    // Nothing is heard more often than it is asked for.
    const intervalMs = Math.max(interval, polling?.everyMs ?? 0)
    return {
      id,
      intervalMs,
      liveLagMs: freshness.default.liveLag ?? Math.max(2 * intervalMs, 2 * MINUTE),
      account: isPolled ? accountIdOf(source) : null,
      ...(polling ? { polling } : {}),
    }
  })
}

function placesOf(places: Readonly<Record<string, Place>>): Record<string, ThresholdSettings> {
  return Object.fromEntries(Object.entries(places).map(([key, place]) => [key, settingsOf(place)]))
}

function settingsOf({ parked, ...rest }: Place): ThresholdSettings {
  return {
    ...rest,
    ...(parked === undefined ? {} : { parked: limitOf(parked) }),
  }
}

function limitOf(parked: number | 'off'): number {
  return parked === 'off' ? Infinity : parked
}
