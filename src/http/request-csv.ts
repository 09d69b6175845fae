import type { SupportRequest } from '../core/request/support-request.ts'
import { csvText } from './csv-file.ts'
import { iso } from './json/instant.ts'
import { type RequestView, requestJson } from './json/request.ts'

const COLUMNS = [
  'id',
  'state',
  'overdue',
  'registered',
  'created_at',
  'created_by',
  'client',
  'dealer',
  'group',
  'terminals',
  'problem',
  'subject',
  'sent_at',
  'ticket',
  'next',
  'due_at',
  'closed_at',
] as const

/** Requests as a file for a table; times are UTC. */
export function requestsCsv(requests: readonly SupportRequest[], view: RequestView): string {
  return csvText([COLUMNS, ...requests.map((request) => row(request, view))])
}

function row(request: SupportRequest, view: RequestView): readonly (string | null)[] {
  const { state, overdue, next } = requestJson(request, view)
  return [
    request.id,
    state,
    overdue ? 'yes' : 'no',
    request.ticket === '' ? 'no' : 'yes',
    iso(request.createdAt),
    request.createdBy,
    request.client,
    request.dealer,
    request.group,
    request.terminals.join(' '),
    request.problem,
    request.subject,
    iso(request.sentAt),
    request.ticket,
    next?.kind ?? null,
    next?.at ?? null,
    iso(request.closedAt),
  ]
}
