import { z } from '@hono/zod-openapi'
import type { AuditEntry } from '../../core/audit.ts'
import type { Letter } from '../../core/letters/letter.ts'
import { promisedBy } from '../../core/outage/bulletins.ts'
import type { Handling, Signature } from '../../core/outage/handling.ts'
import type { Outage } from '../../core/outage/outage.ts'
import type { Segment } from '../../core/outage/status.ts'
import type { Instant } from '../../core/time.ts'
import { ActionJson, actionJson } from './audit.ts'
import { InstantJson, iso } from './instant.ts'
import { LetterJson, letterJson } from './letter.ts'

const SignatureJson = z.object({ by: z.string(), at: InstantJson })

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
    warnedAt: InstantJson.nullable().openapi({ description: 'When operators were warned early' }),
    intermittent: z.boolean(),
    failed: z.array(z.string()).openapi({ description: 'Components that failed in it' }),
    expectedResolution: z
      .object({ at: InstantJson.nullable(), note: z.string(), by: z.string(), setAt: InstantJson })
      .nullable()
      .openapi({ description: 'When it is expected to be over; `at` null: being determined anew' }),
    message: SignatureJson.extend({ text: z.string() })
      .nullable()
      .openapi({ description: 'The newest message to the recipients' }),
    confirmed: SignatureJson.nullable(),
    cancelled: SignatureJson.extend({ reason: z.string() }).nullable(),
    ordered: SignatureJson.nullable().openapi({ description: 'Who ordered the letter before it was due' }),
    nextLetterBy: InstantJson.nullable().openapi({ description: 'By when the next letter was promised' }),
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

/** An outage with its letters, its time line and what was done about it. */
export const OutageDetailJson = OutageJson.extend({
  letters: z.array(LetterJson).openapi({ description: 'The newest 1000; the rest under /api/v1/letters' }),
  lettersTotal: z.number().int(),
  timeline: z.array(SegmentJson),
  audit: z.array(ActionJson).openapi({ description: 'Newest first' }),
}).openapi('OutageDetail')

/** What belongs to an outage. */
export type OutageDetail = {
  readonly outage: Outage
  readonly letters: { readonly items: readonly Letter[]; readonly total: number }
  readonly timeline: readonly Segment[]
  readonly audit: readonly AuditEntry[]
}

/** An outage as the contract writes it, without what belongs to it. */
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
    warnedAt: iso(outage.warnedAt),
    intermittent: outage.intermittent,
    failed: [...outage.failed],
    ...handlingJson(outage.handling),
    nextLetterBy: iso(nextLetterBy(outage)),
  }
}

/** An outage with everything about it. */
export function outageDetailJson(detail: OutageDetail): z.infer<typeof OutageDetailJson> {
  const { outage, letters, timeline, audit } = detail
  return {
    ...outageJson(outage),
    letters: letters.items.map(letterJson),
    lettersTotal: letters.total,
    timeline: timeline.map((segment) => ({
      from: iso(segment.from),
      to: iso(segment.to),
      class: segment.class,
      ms: segment.ms,
    })),
    audit: audit.map(actionJson),
  }
}

/** By when the last letter promised the next one; null when no letter follows or none was written yet. */
export function nextLetterBy({ state, bulletins }: Outage): Instant | null {
  return state === 'open' && bulletins.nextAt !== null ? promisedBy(bulletins.nextAt) : null
}

function handlingJson({ expected, message, confirmed, cancelled, ordered }: Handling) {
  return {
    expectedResolution: expected && {
      at: iso(expected.resolution),
      note: expected.note,
      by: expected.by,
      setAt: iso(expected.at),
    },
    message: message && { ...signatureJson(message), text: message.text },
    confirmed: confirmed && signatureJson(confirmed),
    cancelled: cancelled && { ...signatureJson(cancelled), reason: cancelled.reason },
    ordered: ordered && signatureJson(ordered),
  }
}

function signatureJson({ by, at }: Signature): z.infer<typeof SignatureJson> {
  return { by, at: iso(at) }
}
