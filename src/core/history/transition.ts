import type { Transition } from '../freshness/state.ts'
import { SECOND } from '../time.ts'
import type { NanoPlaces } from './nanos.ts'
import type { HistoryPoint } from './point.ts'
import { NOTHING } from './tag-text.ts'

/** A change of state (`-`: of a terminal that no source has heard); null for an alert that came later and changes none. */
export function transitionPoint(
  { terminalId, at, from, to, contactAt, source, cause }: Transition,
  places: NanoPlaces,
): HistoryPoint | null {
  if (from === to) return null
  const tags = { source: source || NOTHING, state: to, from: from ?? 'none' }
  return {
    measurement: 'terminal_state',
    tags,
    fields: {
      terminal: terminalId,
      ...(cause === undefined ? {} : { cause }),
      ...(contactAt === null ? {} : { silence_seconds: Math.max(0, at - contactAt) / SECOND }),
    },
    at,
    nanos: places.place(`${tags.source} ${tags.state} ${tags.from}`, at, terminalId),
  }
}
