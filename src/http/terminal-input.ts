import { z } from '@hono/zod-openapi'
import type { ThresholdSettings } from '../core/freshness/threshold-settings.ts'
import { DAY, type Instant } from '../core/time.ts'
import { durationInput } from './duration-input.ts'
import { instantInput } from './json/instant.ts'
import { textInput } from './text-input.ts'

export const MAX_REASON = 500

/** A slip in the year must not keep a terminal quiet for ever. */
const FARTHEST_MS = 3653 * DAY

const CAP_BELOW_FLOOR = { path: ['cap'], message: 'must not be below floor' }

/** Thresholds of one terminal as the configuration writes them; without any there are none. Output: ms. */
export const ThresholdInput = z
  .strictObject({
    moving: durationInput().optional(),
    parked: parkedInput().optional(),
    lost: durationInput().optional(),
    neverAfter: durationInput().optional(),
    liveLag: durationInput().optional(),
    learn: z.boolean().optional(),
    floor: durationInput().optional(),
    cap: durationInput().optional(),
  })
  .refine(({ floor, cap }) => floor === undefined || cap === undefined || floor <= cap, CAP_BELOW_FLOOR)
  .transform((given): ThresholdSettings | null => {
    const set = Object.entries(given).filter(([, value]) => value !== undefined)
    return set.length === 0 ? null : Object.fromEntries(set)
  })
  .nullable()

/** `off`, which YAML tools write as false, is Infinity. */
function parkedInput() {
  return z
    .union([durationInput(), z.literal('off'), z.literal(false)], { error: 'is no duration, nor off' })
    .transform((value) => (typeof value === 'number' ? value : Infinity))
    .openapi({ type: 'string', example: '6h30m', description: 'A duration or off: not judged while parked' })
}

/** A profile of the configuration as it is at the time, or empty for none. */
export function profileInput(profiles: () => readonly string[]) {
  return z
    .string()
    .refine((name) => name === '' || profiles().includes(name), 'is no profile of the configuration')
    .openapi({ type: 'string', example: 'tractor' })
}

const MAX_NOTE = 4000

/** `{"text"}`: what a person writes to a terminal; `reply`: what it answered to an SMS command, as it was pasted. */
export const NoteInput = z.strictObject({
  text: textInput({ min: 1, max: MAX_NOTE, lines: true }),
  kind: z.enum(['note', 'reply']).default('note'),
})

/** `{"until","reason"}`: the silence is known until then; null: it is no longer. */
export function acknowledgeInput(zone: string, now: () => Instant) {
  const until = instantInput(zone)
    .refine((at) => at > now(), 'must be in the future')
    .refine((at) => at <= now() + FARTHEST_MS, 'must be within ten years')
  return z
    .strictObject({
      until: until.nullable().openapi({ description: 'Null takes it back' }),
      reason: textInput({ min: 0, max: MAX_REASON }).default(''),
    })
    .refine((known) => known.until === null || known.reason !== '', {
      path: ['reason'],
      message: 'must not be empty',
    })
}
