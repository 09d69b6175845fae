import { z } from '@hono/zod-openapi'
import type { Language } from '../../core/letters/letter.ts'
import { ADDRESSEES } from '../../core/request/addressee.ts'
import { officialDueOf, type RequestStep, standingOf } from '../../core/request/overdue.ts'
import type { SupportRequest } from '../../core/request/support-request.ts'
import { threadOf } from '../../core/request/support-request-letter.ts'
import type { WorkCalendar } from '../../core/request/working-days.ts'
import type { Instant } from '../../core/time.ts'
import { InstantJson, iso } from './instant.ts'

const StepJson = z
  .object({
    kind: z.enum(['send', 'register', 'answer', 'official', 'promise', 'wait']).openapi({
      description:
        'send, answer: for us to do; register: a ticket number must come; official: the official answer; promise: what was promised; wait: an answer',
    }),
    at: InstantJson.nullable(),
    overdue: z.boolean(),
  })
  .openapi('RequestStep')

/** A request in a list. */
export const RequestJson = z
  .object({
    id: z.string(),
    state: z.enum(['open', 'closed']),
    overdue: z.boolean(),
    unregistered: z.boolean().openapi({ description: 'Sent without a ticket number: not delivered' }),
    next: StepJson.nullable(),
    createdAt: InstantJson,
    createdBy: z.string(),
    terminals: z.array(z.string()),
    client: z.string(),
    dealer: z.string(),
    group: z.string(),
    addressee: z.enum(ADDRESSEES).openapi({
      description: 'department: financial and warranty questions do not go to technical support',
    }),
    problem: z.string(),
    template: z.object({ version: z.number().int(), draft: z.boolean() }),
    subject: z.string(),
    sentAt: InstantJson.nullable(),
    ticket: z.string().nullable(),
    ticketAt: InstantJson.nullable(),
    questionAt: InstantJson.nullable().openapi({ description: 'Since when a question of support waits' }),
    promised: z
      .object({ at: InstantJson, note: z.string(), approximate: z.boolean() })
      .nullable()
      .openapi({ description: 'approximate: of loading an archive, for example' }),
    officialAskedAt: InstantJson.nullable(),
    officialDueAt: InstantJson.nullable().openapi({
      description: 'Three working days after it was asked for',
    }),
    officialAnsweredAt: InstantJson.nullable(),
    closedAt: InstantJson.nullable(),
  })
  .openapi('SupportRequest')

/** A request with its text, history and letters. */
export const RequestDetailJson = RequestJson.extend({
  text: z.string(),
  steps: z.array(
    z.object({
      at: InstantJson,
      text: z.string(),
      result: z.string().nullable(),
      doneAt: InstantJson.nullable(),
    }),
  ),
  events: z.array(
    z.object({
      at: InstantJson,
      by: z.string(),
      kind: z.string(),
      text: z.string(),
      promised: InstantJson.nullable().optional(),
    }),
  ),
  letters: z.array(
    z.object({
      number: z.number().int(),
      at: InstantJson,
      subject: z.string(),
      messageId: z.string(),
      repliesTo: z.string().nullable(),
    }),
  ),
}).openapi('SupportRequestDetail')

/** What a request is told as: at a time, by a calendar. */
export type RequestView = {
  readonly now: Instant
  readonly calendar: WorkCalendar
  readonly language: Language
}

/** A request as a list has it. */
export function requestJson(request: SupportRequest, view: RequestView): z.infer<typeof RequestJson> {
  const { next, overdue, unregistered } = standingOf(request, view.now, view.calendar)
  const { promised } = request
  return {
    id: request.id,
    state: request.closedAt === null ? 'open' : 'closed',
    overdue,
    unregistered,
    next: next && stepJson(next),
    createdAt: iso(request.createdAt),
    createdBy: request.createdBy,
    terminals: [...request.terminals],
    client: request.client,
    dealer: request.dealer,
    group: request.group,
    addressee: request.addressee,
    problem: request.problem,
    template: request.template,
    subject: request.subject,
    sentAt: iso(request.sentAt),
    ticket: request.ticket === '' ? null : request.ticket,
    ticketAt: iso(request.ticketAt),
    questionAt: iso(request.questionAt),
    promised: promised && { ...promised, at: iso(promised.at) },
    officialAskedAt: iso(request.officialAskedAt),
    officialDueAt: iso(officialDueOf(request, view.calendar)),
    officialAnsweredAt: iso(request.officialAnsweredAt),
    closedAt: iso(request.closedAt),
  }
}

/** A request with everything. */
export function requestDetailJson(
  request: SupportRequest,
  view: RequestView,
): z.infer<typeof RequestDetailJson> {
  return {
    ...requestJson(request, view),
    text: request.text,
    steps: request.steps.map(({ at, text, result, doneAt }) => ({
      at: iso(at),
      text,
      result: result === '' ? null : result,
      doneAt: iso(doneAt),
    })),
    events: request.events.map(({ at, by, kind, text, promised }) => ({
      at: iso(at),
      by,
      kind,
      text,
      ...(promised === undefined ? {} : { promised: iso(promised) }),
    })),
    letters: threadOf(request, view.language).map(({ number, at, subject, messageId, repliesTo }) => ({
      number,
      at: iso(at),
      subject,
      messageId,
      repliesTo,
    })),
  }
}

function stepJson({ kind, at, overdue }: RequestStep): z.infer<typeof StepJson> {
  return { kind, at: iso(at), overdue }
}
