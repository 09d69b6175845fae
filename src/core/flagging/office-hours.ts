import { DAY, HOUR, type Instant, MINUTE, zoneOffsetMs } from '../time.ts'

/** When people want to be disturbed: days of the week and a time of day, in a zone. */
export type OfficeHours = {
  /** `HH:MM`; the same twice is the whole day, an end before the beginning is on the next day. */
  readonly from: string
  readonly to: string
  /** Days on which it begins as in cron: `1-5`, `1,3,6-7`, `*`; 0 and 7 are Sunday. */
  readonly days: string
  /** IANA name. */
  readonly zone: string
}

/** Whether an instant lies inside. */
export function isWithinHours(at: Instant, { from, to, days, zone }: OfficeHours): boolean {
  const local = at + zoneOffsetMs(at, zone)
  const day = Math.floor(local / DAY)
  const time = local - day * DAY
  const [begin, end] = [timeOfDay(from) ?? 0, timeOfDay(to) ?? 0]
  const set = daysOfWeek(days) ?? new Set()
  const today = set.has(dayOfWeek(day))
  if (begin < end) return today && begin <= time && time < end
  if (begin === end) return today
  return (today && time >= begin) || (set.has(dayOfWeek(day - 1)) && time < end)
}

/** `HH:MM` to milliseconds since midnight, `24:00` being its end; undefined when it is none. */
export function timeOfDay(text: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? []
  const ms = Number(hour) * HOUR + Number(minute) * MINUTE
  return Number(minute) < 60 && ms <= DAY ? ms : undefined
}

/** Days of the week as in cron, 0 for Sunday; undefined when the text is none. */
export function daysOfWeek(text: string): ReadonlySet<number> | undefined {
  if (text === '*') return new Set([0, 1, 2, 3, 4, 5, 6])
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [, from, to = from] = /^([0-7])(?:-([0-7]))?$/.exec(part) ?? []
    if (from === undefined || Number(to) < Number(from)) return undefined
    for (let day = Number(from); day <= Number(to); day++) days.add(day % 7)
  }
  return days
}

/** 1970-01-01 was a Thursday. */
function dayOfWeek(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}
