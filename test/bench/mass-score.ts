import type { StoredIncident } from '../../src/core/freshness/mass/incident.ts'
import { type Instant, MINUTE } from '../../src/core/time.ts'
import type { Character } from '../simulation/cast.ts'
import type { Collapse, GroupOutage } from '../simulation/events.ts'
import { SOURCES } from '../simulation/run.ts'

/** An incident as it was opened: all its members are silent. */
export type Opened = StoredIncident & { readonly at: Instant }

export type MassEvent = GroupOutage | Collapse

export type MassEvents = { readonly outages: readonly GroupOutage[]; readonly collapses: readonly Collapse[] }

export type Score = {
  readonly missedOutages: readonly GroupOutage[]
  readonly missedCollapses: readonly Collapse[]
  readonly invented: readonly Invented[]
}

/** An incident that no event explains, with the events of that time, which hit others. */
export type Invented = Opened & { readonly meanwhile: readonly MassEvent[] }

/** How long after its end an outage may still explain an incident: who comes back late falls silent late. */
const AFTERWARDS = 20 * MINUTE

/**
 * Tells which events were found and rightly named, and which incidents are explained by none: an event explains those
 * that are named after it, and those most of whose members it silenced.
 */
export function scoreOf(
  cast: readonly Character[],
  opened: readonly Opened[],
  { outages, collapses }: MassEvents,
): Score {
  const explains = (event: MassEvent, one: Opened): boolean =>
    isNamed(one, event) || 2 * membersIn(cast, one, event) > one.rows.length
  const isFound = (event: MassEvent): boolean =>
    opened.some((one) => isDuring(one, event) && isNamed(one, event))
  return {
    missedOutages: outages.filter((outage) => !isFound(outage)),
    missedCollapses: collapses.filter((collapse) => !isFound(collapse)),
    invented: opened.flatMap((one) => {
      const meanwhile = [...outages, ...collapses].filter((event) => isDuring(one, event))
      return meanwhile.some((event) => explains(event, one)) ? [] : [{ ...one, meanwhile }]
    }),
  }
}

function isDuring({ at }: Opened, { from, to }: MassEvent): boolean {
  return at >= from && at <= to + AFTERWARDS
}

function isNamed({ incident }: Opened, event: MassEvent): boolean {
  const [dimension, group] =
    'source' in event ? ['ingest', SOURCES[event.source - 1]] : [event.dimension, event.group]
  return [incident, ...incident.also].some((one) => one.dimension === dimension && one.group === group)
}

function membersIn(cast: readonly Character[], { rows }: Opened, event: MassEvent): number {
  return rows.reduce((sum, row) => {
    const character = cast[row]
    const isHit =
      'source' in event
        ? character?.source === event.source
        : character?.groups[event.dimension] === event.group
    return sum + (isHit ? 1 : 0)
  }, 0)
}
