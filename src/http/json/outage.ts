import { z } from '@hono/zod-openapi'
import type { Letter } from '../../core/letters/letter.ts'
import type { Outage } from '../../core/outage/outage.ts'
import type { Segment } from '../../core/outage/status.ts'
import { InstantJson, iso } from './instant.ts'
import { LetterJson, letterJson } from './letter.ts'

/** The object of `replay outages` with what the database knows beside it. */
export const OutageJson = z
  .object({
    id: z.string(),
    state: z.enum(['open', 'closed', 'cancelled']),
    start: InstantJson,
    notBefore: InstantJson.nullable().openapi({ description: 'The last good answer before it' }),
    end: InstantJson.nullable(),
    downMs: z.number().openapi({ description: 'Certain downtime' }),
    possibleMs: z.number().openapi({ description: 'Downtime if all unobserved time was down, too' }),
    letterDueAt: InstantJson.nullable(),
    operatorAlarmAt: InstantJson.nullable(),
    intermittent: z.boolean(),
    failed: z.array(z.string()).openapi({ description: 'Components that failed in it' }),
  })
  .openapi('Outage')

const SegmentJson = z
  .object({
    from: InstantJson,
    to: InstantJson,
    class: z.enum(['up', 'down', 'edge', 'unknown', 'maintenance']),
    ms: z.number().openapi({ description: 'Elapsed time: `to` less `from` less clock steps' }),
  })
  .openapi('Segment')

/** An outage with its letters and its time line. */
export const OutageDetailJson = OutageJson.extend({
  letters: z.array(LetterJson),
  timeline: z.array(SegmentJson),
}).openapi('OutageDetail')

/** An outage as the contract writes it, without letters and time line. */
export function outageJson(outage: Outage): z.infer<typeof OutageJson> {
  return {
    id: outage.id,
    state: outage.state,
    start: iso(outage.start),
    notBefore: iso(outage.notBefore),
    end: iso(outage.end),
    downMs: outage.downMs,
    possibleMs: outage.possibleMs,
    letterDueAt: iso(outage.letterDueAt),
    operatorAlarmAt: iso(outage.operatorAlarmAt),
    intermittent: outage.intermittent,
    failed: [...outage.failed],
  }
}

/** An outage with everything about it. */
export function outageDetailJson(
  outage: Outage,
  letters: readonly Letter[],
  timeline: readonly Segment[],
): z.infer<typeof OutageDetailJson> {
  return {
    ...outageJson(outage),
    letters: letters.map(letterJson),
    timeline: timeline.map((segment) => ({
      from: iso(segment.from),
      to: iso(segment.to),
      class: segment.class,
      ms: segment.ms,
    })),
  }
}
