import type { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { metric } from './metric.ts'
import { lamp } from './panel.ts'
import { over } from './query.ts'

/** Of the watched service: 1 up (or slow), 0 down, -1 while nobody knows (no verdict, planned work, no data). */
export const SERVICE_STATE = `(max(${metric('watch_service_up')}) >= 0) or vector(-1)`

/** Words and colours of the values of SERVICE_STATE. */
export const SERVICE_WORDS = {
  1: ['up', 'up'],
  0: ['down', 'down'],
  '-1': ['not known', 'unknown'],
} as const

/** Whether Omnicomm Online is up. */
export function serviceLamp(): Stat {
  return lamp(
    'Omnicomm Online',
    'The watched service now, by its own outage clock: up (also when it is slow), down, or not known - no verdict yet, planned work, or this machine is blind.',
    SERVICE_WORDS,
  ).withTarget(over(SERVICE_STATE))
}
