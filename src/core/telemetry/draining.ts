import type { SourceWatch } from '../freshness/source-watch.ts'
import type { Observation } from './observation.ts'

/**
 * While a resumed MQTT session hands over what waited in the broker, a message without a server time says only that
 * the terminal was heard at the message's own time: it becomes a snapshot. The first message with a small lag ends
 * this, at the latest a minute does (spec/freshness.md 1).
 */
export function draining(
  watch: Pick<SourceWatch, 'drainingUntil' | 'liveLagMs'>,
  observation: Observation,
): Observation {
  if (watch.drainingUntil === 0 || observation.heardAt !== undefined) return observation
  const { receivedAt, eventAt, kind } = observation
  const caughtUp = eventAt !== undefined && Math.abs(receivedAt - eventAt) < watch.liveLagMs
  if (receivedAt > watch.drainingUntil || (caughtUp && kind === 'live')) {
    watch.drainingUntil = 0
    return observation
  }
  return kind === 'live' || kind === 'archive' ? { ...observation, kind: 'snapshot' } : observation
}
