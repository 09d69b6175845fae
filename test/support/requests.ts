import type { SupportRequest } from '../../src/core/request/support-request.ts'
import { actOnRequest, type RequestAction } from '../../src/core/request/support-request-action.ts'
import type { WorkCalendar } from '../../src/core/request/working-days.ts'
import type { Instant } from '../../src/core/time.ts'

/** Thursday, 2026-01-15, 13:00 in Moscow. */
export const MADE_AT = Date.parse('2026-01-15T10:00:00Z')

/** Working days as the program knows them, in Moscow. */
export const MOSCOW: WorkCalendar = {
  timezone: 'Europe/Moscow',
  daysOff: new Set(),
  workingDays: new Set(),
}

/** A request that was made and not sent. */
export function supportRequest(change: Partial<SupportRequest> = {}): SupportRequest {
  return {
    id: 'R-2026-0001',
    createdAt: MADE_AT,
    createdBy: 'anna',
    terminals: ['1001'],
    client: 'Alfa',
    dealer: 'Dealer',
    group: 'Dealer/Alfa',
    addressee: 'support',
    problem: 'no-data',
    template: { version: 1, draft: true },
    subject: 'Нет данных от терминала 1001',
    text: 'Терминал: 1001',
    messageId: '<r-2026-0001.abc@watch.example.org>',
    sentAt: null,
    ticket: '',
    ticketAt: null,
    questionAt: null,
    promised: null,
    officialAskedAt: null,
    officialAnsweredAt: null,
    steps: [],
    closedAt: null,
    events: [{ at: MADE_AT, by: 'anna', kind: 'created', text: '' }],
    ...change,
  }
}

/** The request after these actions, each of which must be possible. */
export function acted(
  request: SupportRequest,
  actions: readonly RequestAction[],
  at: Instant = MADE_AT,
): SupportRequest {
  return actions.reduce((before, action) => {
    const result = actOnRequest(before, action, { by: 'anna', at })
    if (result.kind === 'refused') throw new Error(`${action.kind}: ${result.reason}`)
    return result.request
  }, request)
}

/** One action of each kind, as it is possible at `at`. */
export function actionsAt(at: Instant): readonly RequestAction[] {
  return [
    { kind: 'sent' },
    { kind: 'ticket', number: '777' },
    { kind: 'asked', text: 'Which SIM?' },
    { kind: 'answered', text: 'MTS.' },
    { kind: 'promised', at: at + 86_400_000, note: 'archive', approximate: true },
    { kind: 'official-asked', text: '' },
    { kind: 'official-answered', text: '' },
    { kind: 'follow-up', text: 'It happened again.' },
    { kind: 'step', text: 'Restart it.', result: '' },
    { kind: 'step-done', step: 1, result: 'No change.' },
    { kind: 'note', text: 'Called the client.' },
    { kind: 'close', text: 'Solved.' },
    { kind: 'reopen', text: '' },
  ]
}
