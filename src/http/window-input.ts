import { z } from '@hono/zod-openapi'
import { parseDuration } from '../core/time.ts'
import { instantInput } from './json/instant.ts'
import { textInput } from './text-input.ts'

const MAX_REASON_CHARACTERS = 500
const MAX_CRON_CHARACTERS = 100

const reason = () => textInput({ min: 0, max: MAX_REASON_CHARACTERS }).default('')
const announce = () =>
  z.boolean().default(false).openapi({ description: 'Tell the recipients of it by letter' })

const LATER = { path: ['to'], message: 'must be later than from' }

/** A stretch of planned work on a vehicle as it is sent: `{"from","to","reason"}`. Output: instants. */
export function windowInput(zone: string) {
  return z
    .strictObject({ from: instantInput(zone), to: instantInput(zone), reason: reason() })
    .refine((window) => window.from < window.to, LATER)
}

/** Planned work on the watched service, which may be announced: `{"from","to","reason","announce"}`. */
export function plannedWorkInput(zone: string) {
  return z
    .strictObject({
      from: instantInput(zone),
      to: instantInput(zone),
      reason: reason(),
      announce: announce(),
    })
    .refine((window) => window.from < window.to, LATER)
}

/** Planned work that comes back: `{"cron","duration","reason","announce"}`. Output: `durationMs`. */
export const RuleInput = z
  .strictObject({
    cron: z.string().trim().min(1).max(MAX_CRON_CHARACTERS).openapi({
      description: 'Five fields (minute hour day month weekday) in the configured zone',
      example: '0 3 * * 0',
    }),
    duration: durationInput(),
    reason: reason(),
    announce: announce(),
  })
  .transform(({ duration, ...rule }) => ({ ...rule, durationMs: duration }))

function durationInput() {
  return z
    .string()
    .trim()
    .max(40)
    .transform((text, context) => {
      const ms = parseDuration(text)
      if (ms !== undefined) return ms
      context.addIssue({ code: 'custom', message: 'is no duration, such as 2h30m' })
      return z.NEVER
    })
    .openapi({ type: 'string', example: '2h' })
}
