import type { Instant } from '../time.ts'
import type { SupportRequest } from './support-request.ts'
import { nextOpening, officialAnswerDue, registrationDue, type WorkCalendar } from './working-days.ts'

/**
 * What a request waits for. `send` and `answer` are for us to do, the others for its addressee: a ticket number
 * (regulation, point 9), the official answer (14), what was promised (16), or simply an answer (`wait`). A department
 * owes neither number nor official answer: these points are about technical support.
 */
export type RequestStep = {
  readonly kind: 'send' | 'register' | 'answer' | 'official' | 'promise' | 'wait'
  /** When it is due; null: no time is set. */
  readonly at: Instant | null
  readonly overdue: boolean
}

export type RequestStanding = {
  /** What comes first: what is overdue, then what we have to do, then what is due next. Null: it is closed. */
  readonly next: RequestStep | null
  /** Everything that it waits for, in that order. */
  readonly steps: readonly RequestStep[]
  readonly overdue: boolean
  /** It was sent and has no ticket number: for support it does not exist. */
  readonly unregistered: boolean
}

/** How a request stands at a time. */
export function standingOf(request: SupportRequest, now: Instant, calendar: WorkCalendar): RequestStanding {
  if (request.closedAt !== null) return { next: null, steps: [], overdue: false, unregistered: false }
  const steps = waitsFor(request, now, calendar).sort((a, b) => rank(a) - rank(b) || dueAt(a) - dueAt(b))
  return {
    next: steps[0] ?? null,
    steps,
    overdue: steps.some((step) => step.overdue),
    unregistered: request.addressee === 'support' && request.sentAt !== null && request.ticket === '',
  }
}

/** Until when the official answer is owed; null: none was asked for. */
export function officialDueOf(
  { addressee, officialAskedAt }: SupportRequest,
  calendar: WorkCalendar,
): Instant | null {
  if (addressee !== 'support' || officialAskedAt === null) return null
  return officialAnswerDue(officialAskedAt, calendar)
}

function waitsFor(request: SupportRequest, now: Instant, calendar: WorkCalendar): RequestStep[] {
  const { sentAt, promised } = request
  if (sentAt === null) return [{ kind: 'send', at: null, overdue: false }]
  const steps: RequestStep[] = []
  const due = (kind: RequestStep['kind'], at: Instant, late: Instant = at): void => {
    steps.push({ kind, at, overdue: now > late })
  }
  if (request.addressee === 'support' && request.ticket === '') {
    due('register', registrationDue(sentAt, calendar))
  }
  if (request.questionAt !== null) steps.push({ kind: 'answer', at: null, overdue: false })
  const officialDue = officialDueOf(request, calendar)
  if (officialDue !== null && request.officialAnsweredAt === null) due('official', officialDue)
  // Archives are loaded in the evening and at night, so that an approximate time is over the morning after it.
  if (promised)
    due('promise', promised.at, promised.approximate ? nextOpening(promised.at, calendar) : promised.at)
  return steps.length > 0 ? steps : [{ kind: 'wait', at: null, overdue: false }]
}

function rank({ kind, overdue }: RequestStep): number {
  if (overdue) return 0
  return kind === 'answer' || kind === 'send' ? 1 : 2
}

function dueAt({ at }: RequestStep): number {
  return at ?? 0
}
