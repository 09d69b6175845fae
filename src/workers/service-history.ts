import type { Span } from '../core/outage/planned-work.ts'
import type { Segment, Uptime, UptimeReport } from '../core/outage/status.ts'
import { timeline } from '../core/outage/timeline.ts'
import { NO_TIME, type Totals, uptimeOf } from '../core/outage/uptime.ts'
import { hourOf, marginMs, settledUntil } from '../core/reports/settled.ts'
import { addTotals, SERVICE, type TotalsById, totalsFor, totalsOf } from '../core/reports/totals.ts'
import { HOUR, type Instant } from '../core/time.ts'
import type { Clock, OutageStore, TraceRow, UptimeHour, UptimeStore } from '../ports.ts'

export type HistoryDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<OutageStore, 'trace'>
  readonly hours: Pick<UptimeStore, 'hours'>
  /** Those that count: none when planned work does not pause the clock. */
  readonly windows: () => readonly Span[]
}

export type HistoryOptions = { readonly components: readonly string[]; readonly largestGapMs: number }

/** Time per class in a range that ends now at the latest. */
export type RangeTotals = Span & {
  readonly service: Totals
  readonly components: readonly { readonly id: string; readonly totals: Totals }[]
}

export type ServiceHistory = {
  timeline(from: Instant, to: Instant): Promise<readonly Segment[]>
  totals(from: Instant, to: Instant): Promise<RangeTotals>
  uptime(from: Instant, to: Instant): Promise<UptimeReport>
}

/**
 * The past of the watched service, from its rounds. What lies in the future is cut off. Whole hours that are settled
 * and folded (workers/uptime-hours.ts) are taken as they were folded, so that years are read as fast as days; the
 * rest comes from the rounds themselves.
 */
export function createServiceHistory(deps: HistoryDeps, options: HistoryOptions): ServiceHistory {
  const { clock, store, windows } = deps
  const margin = marginMs(options.largestGapMs)

  function load({ from, to }: Span): Promise<readonly TraceRow[]> {
    return store.trace(from - margin, to + margin)
  }

  function upToNow(from: Instant, to: Instant): Span {
    const end = Math.min(to, clock.now())
    return { from: Math.min(from, end), to: end }
  }

  async function foldedHours({ from, to }: Span): Promise<readonly UptimeHour[]> {
    const first = hourOf(from + HOUR - 1)
    const end = Math.min(hourOf(to), settledUntil(clock.now(), options.largestGapMs))
    return first < end ? deps.hours.hours(first, end) : []
  }

  async function totals(from: Instant, to: Instant): Promise<RangeTotals> {
    const range = upToNow(from, to)
    const folded = await foldedHours(range)
    const parts: TotalsById[] = folded.map((hour) => hour.totals)
    for (const stretch of stretchesBetween(folded, range)) {
      parts.push(totalsOf(await load(stretch), windows(), stretch))
    }
    const sum = (id: string): Totals =>
      parts.reduce((totals, part) => addTotals(totals, totalsFor(part, id)), NO_TIME)
    const components = options.components.map((id) => ({ id, totals: sum(id) }))
    return { ...range, service: sum(SERVICE), components }
  }

  return {
    async timeline(from, to) {
      const range = upToNow(from, to)
      return timeline(await load(range), windows(), range)
    },
    totals,
    uptime: async (from, to) => toReport(await totals(from, to)),
  }
}

/** What totals say in per cent. */
function toReport({ from, to, service, components }: RangeTotals): UptimeReport {
  const each = components.map(({ id, totals }): Uptime & { readonly id: string } => {
    return { id, ...uptimeOf(totals) }
  })
  return { from, to, ...uptimeOf(service), components: each }
}

/** What of the range lies outside the hours, which are in order. */
function stretchesBetween(hours: readonly UptimeHour[], range: Span): readonly Span[] {
  const stretches: Span[] = []
  let from = range.from
  for (const { at } of hours) {
    if (from < at) stretches.push({ from, to: at })
    from = at + HOUR
  }
  if (from < range.to) stretches.push({ from, to: range.to })
  return stretches
}
