import { z } from '@hono/zod-openapi'
import { type Instant, parseIso, toIso } from '../../core/time.ts'

/** A time in an answer. */
export const InstantJson = z.string().openapi({ format: 'date-time', example: '2026-01-15T10:20:30.000Z' })

/** `2026-01-15T10:20:30.000Z`; null stays null. */
export function iso(at: Instant): string
export function iso(at: Instant | null): string | null
export function iso(at: Instant | null): string | null {
  return at === null ? null : toIso(at)
}

/** Nothing of ours is older, and what local time was long before is no use to anybody. */
const EARLIEST = Date.UTC(1900, 0)

/** A time in a query or body: ISO 8601; without an offset it is local time in `zone`. Output: an instant. */
export function instantInput(zone: string) {
  return z
    .string()
    .max(64)
    .transform((text, context) => {
      const at = parseIso(restorePlus(text), zone)
      if (at !== undefined && at >= EARLIEST) return at
      const message =
        at === undefined ? 'is no ISO 8601 time, such as 2026-01-15T10:20:30Z' : 'is before the year 1900'
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
    .openapi({ format: 'date-time', description: `ISO 8601; without an offset local time in ${zone}` })
}

/** A plus sign that was not escaped in an address arrives as a space: `10:20:30 03:00`. */
function restorePlus(text: string): string {
  return text.replace(/(T\S+) (\d\d:?\d\d)$/, '$1+$2')
}
