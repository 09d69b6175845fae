import type { Instant } from '../time.ts'
import { MOST_EVENTS, type RequestEvent, type SupportRequest } from './support-request.ts'

/** What people can say about a request. */
export type RequestAction =
  /** `messageId`: the mail program gave the letter one of its own. */
  | { readonly kind: 'sent'; readonly messageId?: string | undefined }
  | { readonly kind: 'ticket'; readonly number: string }
  /** Support asks for more (point 13). */
  | { readonly kind: 'asked'; readonly text: string }
  | { readonly kind: 'answered'; readonly text: string }
  /** `at` null: the promise is taken back. */
  | {
      readonly kind: 'promised'
      readonly at: Instant | null
      readonly note: string
      readonly approximate: boolean
    }
  | { readonly kind: 'official-asked'; readonly text: string }
  | { readonly kind: 'official-answered'; readonly text: string }
  /** Something more to say, in the same thread (point 10). */
  | { readonly kind: 'follow-up'; readonly text: string }
  /** `result` empty: it is still to be done. */
  | { readonly kind: 'step'; readonly text: string; readonly result: string }
  /** What came of a recommended step; `step` counts from 1. */
  | { readonly kind: 'step-done'; readonly step: number; readonly result: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'close'; readonly text: string }
  | { readonly kind: 'reopen'; readonly text: string }

/** Why an action is not possible. */
export type RequestRefusal =
  | 'closed'
  | 'not-closed'
  | 'not-sent'
  | 'already-sent'
  | 'no-question'
  | 'past'
  | 'already-asked'
  | 'not-asked'
  /** A department owes no official answer: point 14 is about technical support. */
  | 'not-support'
  | 'no-step'
  | 'full'

export type RequestActed =
  /** An action that changes nothing gives back the same request. */
  | { readonly kind: 'done'; readonly request: SupportRequest }
  | { readonly kind: 'refused'; readonly reason: RequestRefusal }

type Signature = { readonly by: string; readonly at: Instant }

type Decision = RequestRefusal | 'nothing' | Change
type Change = {
  readonly event: Pick<RequestEvent, 'kind' | 'text' | 'promised'>
  readonly fields?: Partial<SupportRequest>
}

/** The request after what somebody did, or why it is not possible. */
export function actOnRequest(
  request: SupportRequest,
  action: RequestAction,
  signature: Signature,
): RequestActed {
  const decision = decide(request, action, signature.at)
  if (decision === 'nothing') return { kind: 'done', request }
  if (typeof decision === 'string') return { kind: 'refused', reason: decision }
  // The last place is kept for the end: a request whose history is full can still be closed.
  const places = action.kind === 'close' ? MOST_EVENTS : MOST_EVENTS - 1
  if (request.events.length >= places) return { kind: 'refused', reason: 'full' }
  const event = { ...signature, ...decision.event }
  return { kind: 'done', request: { ...request, ...decision.fields, events: [...request.events, event] } }
}

function decide(request: SupportRequest, action: RequestAction, at: Instant): Decision {
  switch (action.kind) {
    case 'note':
      return { event: action }
    case 'reopen':
      return request.closedAt === null
        ? 'not-closed'
        : { event: said('reopened', action), fields: { closedAt: null } }
    case 'close':
      return request.closedAt === null
        ? { event: said('closed', action), fields: { closedAt: at } }
        : 'closed'
    default:
      return request.closedAt === null ? decideOpen(request, action, at) : 'closed'
  }
}

type OpenAction = Exclude<RequestAction, { readonly kind: 'note' | 'reopen' | 'close' }>

function decideOpen(request: SupportRequest, action: OpenAction, at: Instant): Decision {
  switch (action.kind) {
    case 'sent':
      if (request.sentAt !== null) return 'already-sent'
      return {
        event: { kind: 'sent', text: '' },
        fields: { sentAt: at, messageId: action.messageId ?? request.messageId },
      }
    case 'ticket':
      if (action.number === request.ticket) return 'nothing'
      // A number proves that support has it, also when it was given by phone.
      return {
        event: { kind: 'ticket', text: action.number },
        fields: { ticket: action.number, ticketAt: at, sentAt: request.sentAt ?? at },
      }
    case 'step':
      return {
        event: { kind: 'step', text: withResult(action.text, action.result) },
        fields: {
          steps: [
            ...request.steps,
            { at, text: action.text, result: action.result, doneAt: action.result === '' ? null : at },
          ],
        },
      }
    case 'step-done':
      return finishStep(request, action, at)
    case 'asked':
    case 'answered':
    case 'promised':
    case 'official-asked':
    case 'official-answered':
    case 'follow-up':
      return request.sentAt === null ? 'not-sent' : decideSent(request, action, at)
  }
}

type SentAction = Exclude<OpenAction, { readonly kind: 'sent' | 'ticket' | 'step' | 'step-done' }>

function decideSent(request: SupportRequest, action: SentAction, at: Instant): Decision {
  const isAsked = request.officialAskedAt !== null && request.officialAnsweredAt === null
  switch (action.kind) {
    case 'asked':
      return { event: action, fields: { questionAt: request.questionAt ?? at } }
    case 'answered':
      return request.questionAt === null ? 'no-question' : { event: action, fields: { questionAt: null } }
    case 'promised':
      return promise(request, action, at)
    case 'official-asked':
      if (request.addressee !== 'support') return 'not-support'
      return isAsked
        ? 'already-asked'
        : { event: action, fields: { officialAskedAt: at, officialAnsweredAt: null } }
    case 'official-answered':
      return isAsked ? { event: action, fields: { officialAnsweredAt: at } } : 'not-asked'
    case 'follow-up':
      return { event: action }
  }
}

function promise(
  { promised }: SupportRequest,
  { at: until, note, approximate }: Extract<RequestAction, { kind: 'promised' }>,
  at: Instant,
): Decision {
  const event = { kind: 'promised', text: note, promised: until } as const
  if (until === null) return promised === null ? 'nothing' : { event, fields: { promised: null } }
  if (until <= at) return 'past'
  const isSame = promised?.at === until && promised.note === note && promised.approximate === approximate
  return isSame ? 'nothing' : { event, fields: { promised: { at: until, note, approximate } } }
}

function finishStep(
  { steps }: SupportRequest,
  { step: number, result }: Extract<RequestAction, { kind: 'step-done' }>,
  at: Instant,
): Decision {
  const step = steps[number - 1]
  if (step === undefined) return 'no-step'
  if (step.result === result) return 'nothing'
  return {
    event: { kind: 'step-done', text: withResult(step.text, result) },
    fields: { steps: steps.with(number - 1, { ...step, result, doneAt: at }) },
  }
}

function said(
  kind: RequestEvent['kind'],
  { text }: { readonly text: string },
): Pick<RequestEvent, 'kind' | 'text'> {
  return { kind, text }
}

function withResult(text: string, result: string): string {
  return result === '' ? text : `${text}\n= ${result}`
}
