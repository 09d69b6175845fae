import type { TerminalView } from '../../src/core/fleet/view.ts'
import type { CheckFacts } from '../../src/core/request/check-facts.ts'
import type { SupportRequest } from '../../src/core/request/support-request.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import { NOW, terminal, terminalFacts } from './app-deps.ts'

/** What the check looks at: a terminal in order whose firmware is current, and of which nothing else is told. */
export function checkFacts(view: Partial<TerminalView> = {}, change: Partial<CheckFacts> = {}): CheckFacts {
  const firmware = { version: '120', at: NOW - HOUR, status: 'green', latest: 120 } as const
  return {
    view: terminal({ id: '354002529', name: 'KAMAZ', model: 'Smart 3.0', firmware, ...view }),
    said: terminalFacts({ intake: 'on' }),
    replies: {},
    blindSince: null,
    incident: null,
    disputed: false,
    requests: [],
    service: {
      name: 'Omnicomm Online',
      host: 'online.example.org',
      status: { state: 'up', since: NOW - HOUR, components: [] },
      planned: null,
    },
    login: '',
    contact: null,
    ...change,
  }
}

/** A terminal that is silent for two hours, for no reason that is known. */
export const SILENT = {
  state: 'stale',
  contactAt: NOW - 2 * HOUR,
  dataAt: NOW - 2 * HOUR,
  dataAgeSeconds: 7200,
  cause: { code: 'unknown', confidence: 'low', evidence: [] },
} as const satisfies Partial<TerminalView>

/** An open request about the terminal. */
export function openRequest(change: Partial<SupportRequest> = {}): SupportRequest {
  return {
    id: 'R-2026-0001',
    createdAt: NOW - 5 * MINUTE,
    createdBy: 'anna',
    terminals: ['354002529'],
    client: '',
    dealer: '',
    group: '',
    addressee: 'support',
    problem: 'fuel',
    template: { version: 1, draft: true },
    subject: 'Subject',
    text: 'Text',
    messageId: '<r-2026-0001@watch.example.org>',
    sentAt: null,
    ticket: '',
    ticketAt: null,
    questionAt: null,
    promised: null,
    officialAskedAt: null,
    officialAnsweredAt: null,
    steps: [],
    closedAt: null,
    events: [],
    ...change,
  }
}
