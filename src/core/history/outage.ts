import type { Outage } from '../outage/outage.ts'
import { type Instant, SECOND } from '../time.ts'
import type { HistoryPoint } from './point.ts'

/** What happened to an outage since it was saved as `before`, each at its own time. */
export function outagePoints(before: Outage | undefined, outage: Outage): readonly HistoryPoint[] {
  const known = new Map(before && momentsOf(before))
  return momentsOf(outage)
    .filter(([event, at]) => known.get(event) !== at)
    .map(([event, at]) => ({
      measurement: 'outage',
      tags: { event },
      fields: {
        outage: outage.id,
        down_seconds: outage.downMs / SECOND,
        possible_seconds: outage.possibleMs / SECOND,
      },
      at,
    }))
}

function momentsOf(outage: Outage): readonly (readonly [event: string, at: Instant])[] {
  const { handling } = outage
  const moments: readonly (readonly [string, Instant | null | undefined])[] = [
    ['started', outage.start],
    ['warned', outage.warnedAt],
    ['notice-due', outage.letterDueAt],
    ['alarm', outage.operatorAlarmAt],
    ['expected', handling.expected?.at],
    ['cancelled', handling.cancelled?.at],
    // What was false is no downtime.
    ['ended', outage.state === 'cancelled' ? null : outage.end],
  ]
  return moments.flatMap(([event, at]) => (at === null || at === undefined ? [] : [[event, at] as const]))
}
