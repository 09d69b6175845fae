import { createTimetable } from '../adapters/cron/timetable.ts'
import { type Fault, valueAt } from '../config/fault.ts'
import type { Config } from '../config/schema.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, Log, Metrics, Stores, Timetable } from '../ports.ts'
import { createRetention, type Retention, type RetentionDeps } from '../workers/retention.ts'
import type { Stops } from './stops.ts'

export type RetentionParts = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly timetable: Pick<Timetable, 'run'>
  readonly stores: Pick<Stores, 'retention' | 'outages' | 'settings'>
  readonly holders: RetentionDeps['holders']
  /** When the program started: what is dated before was stored by an earlier run. */
  readonly startedAt: Instant
}

/** Removes what is kept no longer; started when it returns, stopped by `stops`. */
export function openRetention(parts: RetentionParts, first: Config, stops: Stops) {
  let config = first
  let retention = retentionFor(parts, first)
  stops.add('retention', () => retention.stop())
  retention.start()
  return {
    async reconfigure(next: Config): Promise<void> {
      const same = foundationOf(next) === foundationOf(config)
      config = next
      if (same) return
      await retention.stop()
      retention = retentionFor(parts, next)
      retention.start()
    },
  }
}

function retentionFor(
  { stores, startedAt, ...parts }: RetentionParts,
  { retention, timezone }: Config,
): Retention {
  const { at, ...policy } = retention
  const { outages, settings } = stores
  return createRetention(
    { ...parts, store: stores.retention, outages, settings },
    { at, zone: timezone, policy, startedAt },
  )
}

/** Everything that it rests on, as one text to compare; JSON has no Infinity. */
function foundationOf({ retention, timezone }: Config): string {
  return [timezone, ...Object.values(retention)].map(String).join('\n')
}

/** What is wrong with the time of retention in the raw tree of a configuration. */
export function retentionFaults(tree: unknown): readonly Fault[] {
  const at = valueAt(tree, ['retention', 'at'])
  if (typeof at !== 'string' || at === '') return []
  const fault = createTimetable({ log: SILENT }).fault(at)
  return fault === null ? [] : [{ path: 'retention.at', message: fault.text }]
}

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} }
