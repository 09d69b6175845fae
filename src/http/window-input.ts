import { z } from '@hono/zod-openapi'
import { DAY, type Instant } from '../core/time.ts'
import { durationInput } from './duration-input.ts'
import { instantInput } from './json/instant.ts'
import { textInput } from './text-input.ts'

const MAX_REASON_CHARACTERS = 500
const MAX_CRON_CHARACTERS = 100

const reason = () => textInput({ min: 0, max: MAX_REASON_CHARACTERS }).default('')
const announce = () =>
  z.boolean().default(false).openapi({ description: 'Tell the recipients of it by letter' })

/** Inside planned work no downtime counts: a slip in the year must not silence the letters for years. */
const LONGEST_DAYS = 31
const FARTHEST_DAYS = 3653

const LATER = { path: ['to'], message: 'must be later than from' }
const TOO_LONG = { path: ['to'], message: `must be at most ${LONGEST_DAYS} days later than from` }
const NO_REASON = { path: ['reason'], message: 'must not be empty when the work is announced' }

/** The letter has to say what is planned. */
const saysWhat = (work: { readonly announce: boolean; readonly reason: string }): boolean =>
  !work.announce || work.reason !== ''

/**
 * Inside work on a vehicle its terminal is not judged: a slip in the year must not keep it quiet for years. Machines
 * stand for a winter or a long repair; the terminal of one that stands longer is suspended.
 */
const LATEST_END_DAYS = 366

/** A stretch of planned work on a vehicle as it is sent: `{"from","to","reason"}`. Output: instants. */
export function windowInput(zone: string, now: () => Instant) {
  const to = instantInput(zone)
    .refine((at) => at > now(), 'must be in the future')
    .refine((at) => at <= now() + LATEST_END_DAYS * DAY, 'must be within a year')
  return z
    .strictObject({ from: instantInput(zone), to, reason: reason() })
    .refine((window) => window.from < window.to, LATER)
}

/** Planned work on the watched service, which may be announced: `{"from","to","reason","announce"}`. */
export function plannedWorkInput(zone: string, now: () => Instant) {
  const soon = (from: Instant): boolean => from <= now() + FARTHEST_DAYS * DAY
  // One that begins in the past is refused for that, whatever its length.
  const isShort = ({ from, to }: { from: Instant; to: Instant }): boolean =>
    from < now() || to - from <= LONGEST_DAYS * DAY
  return z
    .strictObject({
      from: instantInput(zone).refine(soon, 'must be within ten years'),
      to: instantInput(zone),
      reason: reason(),
      announce: announce(),
    })
    .refine((window) => window.from < window.to, LATER)
    .refine(isShort, TOO_LONG)
    .refine(saysWhat, NO_REASON)
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
  .refine(saysWhat, NO_REASON)
  .transform(({ duration, ...rule }) => ({ ...rule, durationMs: duration }))
