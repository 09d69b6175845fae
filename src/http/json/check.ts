import { z } from '@hono/zod-openapi'
import { VERDICTS } from '../../core/request/check.ts'
import { CHECK_POINTS } from '../../core/request/check-items.ts'
import { SENSOR_STATES, type SmsReply } from '../../core/request/sms-reply.ts'
import type { Checked } from '../checking.ts'

const VerdictJson = z.enum(VERDICTS)

/** A check in an answer. */
export const CheckJson = z
  .object({
    terminal: z.object({ id: z.string(), name: z.string() }),
    verdict: VerdictJson,
    reasons: z.array(z.string()),
    items: z.array(
      z.object({
        point: z.enum(CHECK_POINTS),
        regulation: z.number().int().nullable().openapi({ description: 'Point of the regulation' }),
        ok: z.boolean().nullable().openapi({ description: 'Null: it cannot be told' }),
        text: z.string(),
      }),
    ),
    step: z
      .object({ text: z.string(), document: z.object({ title: z.string(), url: z.string() }) })
      .openapi({ description: 'What to do first, and where to read on' }),
    request: z.object({
      template: z.string(),
      version: z.number().int(),
      draft: z.boolean().openapi({ description: 'The points are not the official ones' }),
      fields: z.array(
        z.object({ key: z.string(), label: z.string(), value: z.string(), required: z.boolean() }),
      ),
      missing: z.array(z.string()),
      subject: z.string(),
      text: z.string(),
    }),
  })
  .openapi('Check')

/** A check as the contract writes it. */
export function checkJson({ facts, check, template, fields, draft }: Checked): z.infer<typeof CheckJson> {
  return {
    terminal: { id: facts.view.id, name: facts.view.name },
    verdict: check.verdict,
    reasons: check.reasons.map(({ text }) => text),
    items: check.items.map((item) => ({ ...item })),
    step: { text: check.step.text, document: { ...check.step.document } },
    request: {
      template: template.id,
      version: template.version,
      draft: template.status === 'draft',
      fields: fields.map(({ key, label, value, required }) => ({ key, label, value, required })),
      missing: [...draft.missing],
      subject: draft.subject,
      text: draft.text,
    },
  }
}

/** What was made of a pasted list. */
export const CheckListJson = z
  .object({
    items: z.array(
      z.object({
        text: z.string().openapi({ description: 'As it stands in the text' }),
        found: z.boolean(),
        ids: z.array(z.string()).openapi({ description: 'Several: only a person knows which is meant' }),
        name: z.string().optional(),
        verdict: VerdictJson.optional(),
        reasons: z.array(z.string()).optional(),
      }),
    ),
    more: z.boolean().openapi({ description: 'The text names more than are shown' }),
  })
  .openapi('CheckList')

const Others = z.record(z.string(), z.string())

/** Replies that were found in a pasted text. */
export const RepliesJson = z
  .object({
    replies: z.array(
      z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('info'),
          terminalId: z.string().optional(),
          hardware: z.string().optional(),
          bootloader: z.string().optional(),
          firmware: z.string().optional(),
          records: z.number().int().optional(),
          imei: z.string().optional(),
          others: Others,
        }),
        z.object({ kind: z.literal('link'), server: z.string(), port: z.number().int(), time: z.string() }),
        z.object({
          kind: z.literal('stat'),
          time: z.string(),
          gps: z.string().optional(),
          speed: z.string().optional(),
          ignition: z.string().optional(),
          sensors: z.array(
            z.object({
              number: z.number().int(),
              level: z.string(),
              state: z.enum([...SENSOR_STATES, 'unknown']),
            }),
          ),
          others: Others,
        }),
      ]),
    ),
  })
  .openapi('SmsReplies')

/** Replies as the API writes them. */
export function repliesJson(replies: readonly SmsReply[]): z.infer<typeof RepliesJson> {
  return { replies: replies.map(replyJson) }
}

function replyJson(reply: SmsReply): z.infer<typeof RepliesJson>['replies'][number] {
  switch (reply.kind) {
    case 'info':
      return { ...reply, others: { ...reply.others } }
    case 'link':
      return { ...reply }
    case 'stat': {
      const sensors = reply.sensors.map((sensor) => ({ ...sensor }))
      return { ...reply, others: { ...reply.others }, sensors }
    }
  }
}
