import type { Span } from '../outage/planned-work.ts'
import { DAY, type Instant, parseIso, toIso, zoneOffsetMs } from '../time.ts'

export type PeriodKind = 'day' | 'week' | 'month'

/**
 * The whole days, weeks (from Monday) or months of a zone that have a part in [from, to), newest first, at most
 * `limit` of them. Where clocks are changed a day is shorter or longer; one that a zone left out is not there.
 */
export function periodsOf(kind: PeriodKind, range: Span, zone: string, limit: number): readonly Span[] {
  const periods: Span[] = []
  if (range.from >= range.to) return periods
  let first = firstDay(kind, localDay(range.to - 1, zone))
  let to = startOfDay(firstDay(kind, nextPeriod(kind, first)), zone)
  while (to > range.from && periods.length < limit) {
    const from = startOfDay(first, zone)
    if (from < to) periods.push({ from, to })
    to = from
    first = firstDay(kind, first - 1)
  }
  return periods
}

/** The period that holds an instant. */
export function periodAt(kind: PeriodKind, at: Instant, zone: string): Span {
  const first = firstDay(kind, localDay(at, zone))
  return { from: startOfDay(first, zone), to: startOfDay(nextPeriod(kind, first), zone) }
}

/** `202611`: the month that holds an instant. */
export function monthKey(at: Instant, zone: string): string {
  return toIso(localDay(at, zone) * DAY)
    .slice(0, 7)
    .replace('-', '')
}

/** Days since 1970-01-01 of the zone's calendar. */
function localDay(at: Instant, zone: string): number {
  return Math.floor((at + zoneOffsetMs(at, zone)) / DAY)
}

/** The first day of the period that a day belongs to; 1970-01-01 was a Thursday. */
function firstDay(kind: PeriodKind, day: number): number {
  switch (kind) {
    case 'day':
      return day
    case 'week':
      return Math.floor((day + 3) / 7) * 7 - 3
    case 'month': {
      const month = parseIso(`${toIso(day * DAY).slice(0, 7)}-01T00:00:00Z`)
      return (month ?? day * DAY) / DAY
    }
  }
}

/** The first day of the period after the one that begins with this day. */
function nextPeriod(kind: PeriodKind, first: number): number {
  switch (kind) {
    case 'day':
      return first + 1
    case 'week':
      return first + 7
    case 'month':
      return firstDay('month', first + 31)
  }
}

/**
 * The first instant of a day. Some zones change their clocks at midnight: the day then begins at 01:00, or midnight
 * comes once the evening has been repeated.
 */
function startOfDay(day: number, zone: string): Instant {
  const midnight = day * DAY
  const candidates = [midnight - DAY, midnight + DAY].map((near) => midnight - zoneOffsetMs(near, zone))
  const reached = candidates.filter((at) => at + zoneOffsetMs(at, zone) >= midnight)
  return Math.min(...reached)
}
