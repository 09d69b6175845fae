import { type Instant, MINUTE } from '../../time.ts'
import type { Incident, IncidentEvent } from './incident.ts'

type Timeline = readonly IncidentEvent[]

/** At most so many events are kept; the first one stays. */
const MOST_EVENTS = 100
const EVENT_EVERY = 10 * MINUTE

/** Tells of another number of silent members where it is half or double, or the last event is ten minutes old. */
export function withSilent(timeline: Timeline, silent: number, at: Instant): Timeline {
  const last = timeline.at(-1)
  if (!last || silent === last.silent) return timeline
  const isLarge = silent >= 2 * last.silent || silent <= last.silent / 2
  if (!isLarge && at - last.at < EVENT_EVERY) return timeline
  return withEvent(timeline, { at, kind: silent > last.silent ? 'grew' : 'shrank', silent })
}

export function withEvent(timeline: Timeline, event: IncidentEvent): Timeline {
  const longer = [...timeline, event]
  return longer.length <= MOST_EVENTS ? longer : [...longer.slice(0, 1), ...longer.slice(2)]
}

/** When an incident last grew, as far as its timeline tells. */
export function lastGrowth({ timeline, openedAt }: Pick<Incident, 'timeline' | 'openedAt'>): Instant {
  return timeline.findLast(({ kind }) => kind === 'grew' || kind === 'opened')?.at ?? openedAt
}
