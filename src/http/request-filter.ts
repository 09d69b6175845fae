import { type RequestStanding, standingOf } from '../core/request/overdue.ts'
import type { SupportRequest } from '../core/request/support-request.ts'
import type { WorkCalendar } from '../core/request/working-days.ts'
import type { Instant } from '../core/time.ts'

/** Which requests a list shows. */
export const REQUEST_STATES = ['open', 'overdue', 'unregistered', 'closed'] as const

export type RequestState = (typeof REQUEST_STATES)[number]

/** A request and how it stands now. */
export type StandingRequest = { readonly request: SupportRequest; readonly standing: RequestStanding }

/** Those of one state, or all; overdue ones first, else in their order. */
export function requestsOf(
  requests: readonly SupportRequest[],
  { state }: { readonly state?: RequestState | undefined },
  { now, calendar }: { readonly now: Instant; readonly calendar: WorkCalendar },
): readonly StandingRequest[] {
  return requests
    .map((request) => ({ request, standing: standingOf(request, now, calendar) }))
    .filter((one) => state === undefined || isIn(state, one))
    .sort((a, b) => Number(b.standing.overdue) - Number(a.standing.overdue))
}

/** How many there are of each state. */
export function requestCounts(
  requests: readonly SupportRequest[],
  when: { readonly now: Instant; readonly calendar: WorkCalendar },
): Readonly<Record<RequestState, number>> {
  const counts = { open: 0, overdue: 0, unregistered: 0, closed: 0 }
  for (const one of requestsOf(requests, {}, when)) {
    for (const state of REQUEST_STATES) if (isIn(state, one)) counts[state] += 1
  }
  return counts
}

function isIn(state: RequestState, { request, standing }: StandingRequest): boolean {
  switch (state) {
    case 'open':
      return request.closedAt === null
    case 'closed':
      return request.closedAt !== null
    case 'overdue':
      return standing.overdue
    case 'unregistered':
      return standing.unregistered
  }
}
