import { type Instant, MINUTE, toIso, zoneOffsetMs } from '../../core/time.ts'

/** Value of a `datetime-local` field in a zone: `2026-01-15T10:20`. */
export function localInput(at: Instant, zone: string): string {
  return toIso(at + zoneOffsetMs(at, zone)).slice(0, 'yyyy-mm-ddThh:mm'.length)
}

/** The next full minute: the earliest time that such a field can name and that is not past. */
export function nextMinute(now: Instant): Instant {
  return Math.floor(now / MINUTE) * MINUTE + MINUTE
}
