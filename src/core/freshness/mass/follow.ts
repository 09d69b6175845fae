import type { Fleet } from '../../fleet/fleet.ts'
import { type Instant, MINUTE } from '../../time.ts'
import { endCause } from '../source-watch.ts'
import { countsOf } from './attribute.ts'
import { FELL_SILENT, removeRow } from './census.ts'
import { isUnlikely } from './fire.ts'
import { isPartlyHeard, isRecovered } from './guard.ts'
import { type Mass, observersOf, usualIn } from './mass-state.ts'
import { countSilent, freeMembers, isSettled, type Parting } from './members.ts'
import { closeIncident, joinIncident, noteClear, noteSilent, type OpenIncident } from './open-incident.ts'
import { createRowList } from './row-list.ts'

const ROWS_PER_STEP = 5000

/** Looks what became of an open incident: who joined, who is back, whether it is over. Yields now and then. */
export function* follow(fleet: Fleet, mass: Mass, open: OpenIncident): Generator<number, void> {
  const { census } = mass
  if (open.incident.dimension === 'ingest') noteHeard(fleet, mass, open)
  else yield* join(fleet, mass, open)
  let silent = 0
  for (let from = 0; from < open.rows.count; from += ROWS_PER_STEP) {
    silent += countSilent(fleet, census, open, from, from + ROWS_PER_STEP)
    yield from
  }
  noteSilent(fleet, open, silent, census.now)
  noteClear(fleet, open, isClear(fleet, mass, open), census.now)
}

/** While a source is blind nobody joins. Who stays silent though many others are heard again is gone. */
function noteHeard(fleet: Fleet, { census }: Mass, open: OpenIncident): void {
  const isHeard = isPartlyHeard(fleet, census, open.group)
  open.heardSince = isHeard ? Math.min(open.heardSince ?? census.now, census.now) : null
}

/**
 * Further members of the group are explained by it too: those whose silence began before it last grew, however late that
 * is noticed. It grows while more of them fall silent than chance explains; otherwise an incident that lasts because
 * some never come back would swallow what happens to all others.
 */
function* join(fleet: Fleet, mass: Mass, open: OpenIncident): Generator<number, void> {
  const { census } = mass
  const { dimension } = open.incident
  open.grewAt = Math.min(open.grewAt, census.now)
  if (dimension === 'ingest' || open.group === 0 || !census.groups[dimension].silent[open.group]) return
  const counts = countsOf(census, { dimension, number: open.group }, (group) => usualIn(mass, group))
  if (!isSettled(open, census.now) && isUnlikely(counts)) open.grewAt = census.now
  const { of } = census.groups[dimension]
  const { silentRows } = census
  for (let index = 0; index < silentRows.count; index++) {
    if (index % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield index
    const row = silentRows.of[index] ?? 0
    if (of[row] !== open.group || census.marks[row] !== FELL_SILENT) continue
    if ((fleet.table.contactAt[row] ?? 0) > open.grewAt) continue
    removeRow(census, row)
    joinIncident(fleet, open, row)
  }
}

const LEAST_SHARE = 0.05
const BACK = 0.8
/** Half of the members that are still silent keep a source from being heard. */
const HALF = 0.5

function isClear(fleet: Fleet, mass: Mass, { incident, group }: OpenIncident): boolean {
  const { dimension, silent, members } = incident
  // Who joined was mostly among those that were expected when it opened.
  const share = silent / Math.max(incident.expected, members, 1)
  if (dimension === 'ingest') {
    if (fleet.sources[group - 1]?.retired) return true
    const observer = observersOf(mass, fleet)[group]
    return observer !== undefined && share < HALF && isRecovered(fleet, mass.census, group, observer)
  }
  const usual = usualIn(mass, { dimension, number: group })
  return share < Math.max(LEAST_SHARE, 2 * usual) || members - silent >= BACK * members
}

/** Clear for this long without a break, it is over. */
const CLEAR_FOR = 10 * MINUTE
const HEARD_FOR = 2 * MINUTE

export function isOver({ incident: { dimension, clearSince } }: OpenIncident, now: Instant): boolean {
  if (clearSince === null) return false
  return now - clearSince >= (dimension === 'ingest' ? HEARD_FOR : CLEAR_FOR)
}

/** Ends an incident: a source that was blind for it hears again. */
export function* end(fleet: Fleet, mass: Mass, open: OpenIncident): Generator<number, void> {
  const { now } = mass.census
  const parting: Parting = { silent: createRowList(), back: createRowList() }
  for (let from = 0; from < open.rows.count; from += ROWS_PER_STEP) {
    freeMembers(fleet, open, from, from + ROWS_PER_STEP, parting)
    yield from
  }
  closeIncident(fleet, open, parting, now)
  mass.open.delete(open.number)
  const watch = open.incident.dimension === 'ingest' ? fleet.sources[open.group - 1] : undefined
  if (watch) endCause(watch, 'rate', now)
}
