import { DAY, HOUR, type Instant, parseIso, toIso, zoneOffsetMs } from '../time.ts'
import { DECREED_OFF, DECREED_WORKING, DECREED_YEARS, HOLIDAYS } from './working-days-russia.ts'

/** The days on which people work: those of Russia in a zone, and what somebody entered for years without a decree. */
export type WorkCalendar = {
  /** IANA name. */
  readonly timezone: string
  /** Dates as `2027-01-08`: days from Monday to Friday that are free. */
  readonly daysOff: ReadonlySet<string>
  /** Saturdays and Sundays on which people work. */
  readonly workingDays: ReadonlySet<string>
}

/** Until when support owes an official letter that was asked for (regulation, point 14): working days. */
const OFFICIAL_ANSWER_DAYS = 3
const OPENS = 9 * HOUR
const CLOSES = 18 * HOUR

/** The end of the third working day after the one on which an official answer was asked for, in a zone. */
export function officialAnswerDue(askedAt: Instant, calendar: WorkCalendar): Instant {
  let day = localDay(askedAt, calendar.timezone)
  for (let left = OFFICIAL_ANSWER_DAYS; left > 0; ) {
    day += 1
    if (isWorkingDay(day, calendar)) left -= 1
  }
  return instantOf(day, DAY - 1000, calendar.timezone)
}

/**
 * An hour after a letter has left, when that is a time at which people work; else nine o'clock of the working day that
 * comes next: until then an automatic answer should have come (point 9).
 */
export function registrationDue(sentAt: Instant, calendar: WorkCalendar): Instant {
  const { timezone: zone } = calendar
  const at = sentAt + HOUR
  const day = localDay(at, zone)
  const time = at + zoneOffsetMs(at, zone) - day * DAY
  if (isWorkingDay(day, calendar) && time >= OPENS && time < CLOSES) return at
  return openingAfter(time < OPENS ? day - 1 : day, calendar)
}

/** Nine o'clock of the first working day after the day of an instant. */
export function nextOpening(at: Instant, calendar: WorkCalendar): Instant {
  return openingAfter(localDay(at, calendar.timezone), calendar)
}

/** Whether people work on a day of the calendar, counted from 1970-01-01, Monday to Friday but for holidays. */
export function isWorkingDay(
  day: number,
  { daysOff, workingDays }: Pick<WorkCalendar, 'daysOff' | 'workingDays'>,
): boolean {
  const date = dateOf(day)
  if (daysOff.has(date)) return false
  if (workingDays.has(date)) return true
  if (DECREED_OFF.has(date)) return false
  if (DECREED_WORKING.has(date)) return true
  return !isWeekend(day) && !isHoliday(date) && !isMovedHere(day)
}

/**
 * The year that is near or here and whose decree about days off is not known, so that working days follow from article
 * 112 alone; null: there is none. A year is near from December on.
 */
export function yearWithoutDecree(
  now: Instant,
  { timezone, daysOff, workingDays }: WorkCalendar,
): number | null {
  const date = dateOf(localDay(now, timezone))
  const year = Number(date.slice(0, 'yyyy'.length))
  const isEntered = (wanted: number): boolean =>
    [...daysOff, ...workingDays].some((day) => day.startsWith(`${wanted}-`))
  const years = date.slice('yyyy-'.length, 'yyyy-mm'.length) === '12' ? [year, year + 1] : [year]
  return years.find((wanted) => !DECREED_YEARS.has(wanted) && !isEntered(wanted)) ?? null
}

/** The date of a day: `2026-01-15`. */
function dateOf(day: number): string {
  return toIso(day * DAY).slice(0, 'yyyy-mm-dd'.length)
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  return (((day + 3) % 7) + 7) % 7 > 4
}

function isHoliday(date: string): boolean {
  return HOLIDAYS.has(date.slice('yyyy-'.length))
}

/**
 * The day off of a holiday on a weekend moves to the working day after it; of those in January a decree says where to
 * (Labour Code, article 112).
 */
function isMovedHere(day: number): boolean {
  for (let before = day - 1; isWeekend(before); before--) {
    const date = dateOf(before)
    if (isHoliday(date) && date.slice('yyyy-'.length, 'yyyy-mm'.length) !== '01') return true
  }
  return false
}

function openingAfter(day: number, calendar: WorkCalendar): Instant {
  let next = day + 1
  while (!isWorkingDay(next, calendar)) next += 1
  return instantOf(next, OPENS, calendar.timezone)
}

/** Days since 1970-01-01 of the zone's calendar. */
function localDay(at: Instant, zone: string): number {
  return Math.floor((at + zoneOffsetMs(at, zone)) / DAY)
}

/** A time of a day in a zone. */
function instantOf(day: number, timeMs: number, zone: string): Instant {
  const local = day * DAY + timeMs
  return parseIso(toIso(local).slice(0, -1), zone) ?? local
}
