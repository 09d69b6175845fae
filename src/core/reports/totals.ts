import type { Span } from '../outage/planned-work.ts'
import type { Segment } from '../outage/status.ts'
import { timeline } from '../outage/timeline.ts'
import { addSegments, NO_TIME, type Totals } from '../outage/uptime.ts'
import type { ClockStep, Round } from '../outage/verdict.ts'
import { HOUR, type Instant } from '../time.ts'
import { componentRows } from './component-rows.ts'

/** Time per class of components by id; under the empty id of the service, under `*` of one that was not there. */
export type TotalsById = Readonly<Record<string, Totals>>

/** One whole UTC hour. */
export type HourTotals = { readonly at: Instant; readonly totals: TotalsById }

export const SERVICE = ''
/** Ids of components have no such character. */
const ABSENT = '*'

/** Totals of a range, from rows that reach beyond it on both sides. `merged`: planned work that stops the clock. */
export function totalsOf(
  rows: readonly (Round | ClockStep)[],
  merged: readonly Span[],
  range: Span,
): TotalsById {
  return Object.fromEntries(
    linesOf(rows, merged, range).map(({ id, line }) => [id, addSegments(NO_TIME, line)] as const),
  )
}

/** The same of each whole UTC hour in a range that begins and ends with one, oldest first. */
export function hourTotals(
  rows: readonly (Round | ClockStep)[],
  merged: readonly Span[],
  range: Span,
): readonly HourTotals[] {
  const count = Math.round((range.to - range.from) / HOUR)
  const columns = linesOf(rows, merged, range).map(({ id, line }) => {
    return { id, hours: byHour(line, range.from, count) }
  })
  return Array.from({ length: count }, (_, hour) => ({
    at: range.from + hour * HOUR,
    totals: Object.fromEntries(columns.map(({ id, hours }) => [id, hours[hour] ?? NO_TIME] as const)),
  }))
}

/** What the totals say of a component: one that they do not name was not there. */
export function totalsFor(totals: TotalsById, id: string): Totals {
  return (Object.hasOwn(totals, id) ? totals[id] : totals[ABSENT]) ?? NO_TIME
}

export function addTotals(a: Totals, b: Totals): Totals {
  return {
    up: a.up + b.up,
    down: a.down + b.down,
    edge: a.edge + b.edge,
    unknown: a.unknown + b.unknown,
    maintenance: a.maintenance + b.maintenance,
  }
}

type Line = { readonly id: string; readonly line: readonly Segment[] }

function linesOf(
  rows: readonly (Round | ClockStep)[],
  merged: readonly Span[],
  range: Span,
): readonly Line[] {
  const present = new Set<string>()
  for (const row of rows) {
    if (row.kind === 'round') for (const { id } of row.components) present.add(id)
  }
  const components = [...present, ABSENT].map((id) => {
    return { id, line: timeline(componentRows(rows, id), merged, range) }
  })
  return [{ id: SERVICE, line: timeline(rows, merged, range) }, ...components]
}

/** The segments, cut at full hours. They come in the order of the rows: after a clock that was set back some hours come twice. */
function byHour(line: readonly Segment[], from: Instant, count: number): readonly Totals[] {
  const hours = Array.from({ length: count }, () => ({ ...NO_TIME }))
  for (const segment of line) {
    for (let at = segment.from; at < segment.to; ) {
      const hour = Math.floor((at - from) / HOUR)
      const end = Math.min(segment.to, from + (hour + 1) * HOUR)
      const totals = hours[hour]
      if (totals) totals[segment.class] += end - at
      at = end
    }
  }
  return hours
}
