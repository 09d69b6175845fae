import type { Actor, AuditEntry } from '../../src/core/audit.ts'
import type { InventoryRow } from '../../src/core/fleet/inventory.ts'
import { type PackedPage, rowsIn } from '../../src/core/fleet/packed-page.ts'
import type { Incident } from '../../src/core/freshness/mass/incident.ts'
import type { Transition } from '../../src/core/freshness/state.ts'
import type { LetterKind, NewLetter } from '../../src/core/letters/letter.ts'
import { NO_BULLETINS, UNHANDLED } from '../../src/core/outage/handling.ts'
import type { Outage } from '../../src/core/outage/outage.ts'
import type { Round } from '../../src/core/outage/verdict.ts'
import { MINUTE } from '../../src/core/time.ts'
import type { FleetFlush, Settlement } from '../../src/ports.ts'

export const T0 = 1_767_225_600_000

/** Somebody who changes something on a page. */
export const ANNA: Actor = { name: 'anna', via: 'session', address: '192.0.2.1' }

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function terminalRow(row: number, change: Partial<InventoryRow> = {}): InventoryRow {
  return {
    row,
    id: `20000000${row}`,
    name: `Vehicle ${row}`,
    client: 'Client',
    dealer: 'Dealer',
    group: 'Dealer/Client/Trucks',
    operator: 'MTS',
    region: 'North',
    model: 'Profi',
    firmware: '147',
    imei: '860000000000001',
    sim: '+70000000001',
    profile: 'truck',
    uuid: 'uuid-1',
    aliases: ['20216000008'],
    learnt: [{ name: 'TRUCK 7', source: 1 }],
    lifecycle: 'active',
    intake: 'on',
    fromTree: ['group'],
    mergedInto: '',
    discovered: false,
    firstSeenAt: T0,
    maintenance: null,
    thresholds: null,
    acknowledged: null,
    handedOver: null,
    formerUnits: [],
    ...change,
  }
}

/** The inventory of a loaded fleet as rows. */
export function terminalsOf({ terminals }: { readonly terminals: readonly PackedPage[] }): InventoryRow[] {
  return terminals.flatMap((page) => [...rowsIn(page)])
}

export function flushOf(change: Partial<FleetFlush> = {}): FleetFlush {
  return {
    at: T0,
    journal: [],
    terminals: [],
    transitions: [],
    blind: [],
    counters: [],
    incidents: [],
    baselines: [],
    gaps: [],
    mergers: [],
    ...change,
  }
}

export function transition(change: Partial<Transition> = {}): Transition {
  return {
    terminalId: '200000001',
    at: T0,
    from: 'fresh',
    to: 'stale',
    contactAt: T0 - 30 * MINUTE,
    source: 'gate',
    ...change,
  }
}

/** An open incident of an operator. */
export function incident(id: string, openedAt: number, change: Partial<Incident> = {}): Incident {
  return {
    id,
    dimension: 'operator',
    group: 'MTS',
    also: [{ dimension: 'region', group: 'Север' }],
    openedAt,
    onsetAt: openedAt - 5 * MINUTE,
    closedAt: null,
    expected: 41,
    members: 37,
    silent: 37,
    clearSince: null,
    timeline: [{ at: openedAt, kind: 'opened', silent: 37 }],
    ...change,
  }
}

export function round(at: number, change: Partial<Round> = {}): Round {
  return {
    kind: 'round',
    at,
    completedAt: at + 120,
    intervalMs: MINUTE,
    timeoutMs: MINUTE / 2,
    verdict: 'ok',
    components: [
      {
        id: 'web',
        kind: 'http',
        counts: 'outage',
        checkedAt: at,
        result: { kind: 'ok', latencyMs: 120.5, slow: false, status: 200 },
      },
    ],
    ...change,
  }
}

export function outage(id: string, start: number, change: Partial<Outage> = {}): Outage {
  return {
    id,
    state: 'open',
    start,
    notBefore: start - MINUTE,
    end: null,
    downMs: MINUTE,
    possibleMs: 2 * MINUTE,
    latestFailAt: start + MINUTE,
    letterDueAt: null,
    operatorAlarmAt: null,
    warnedAt: null,
    intermittent: false,
    failed: ['web'],
    handling: UNHANDLED,
    bulletins: NO_BULLETINS,
    ...change,
  }
}

/** A letter of outage `subject`, due at T0; its id and bytes follow from the rest. */
export function letter(
  kind: LetterKind,
  recipient: string,
  change: Partial<NewLetter> & { readonly subject?: string } = {},
): NewLetter {
  const subject = change.subject ?? 'outage-1'
  const sequence = change.sequence ?? 0
  const id = `${subject}.${kind}.${sequence}.${recipient}`
  return {
    id,
    subject,
    kind,
    sequence,
    recipient,
    messageId: `<${id}@watch.test>`,
    dueAt: T0,
    envelopeFrom: 'watch@example.test',
    mime: bytes(`Subject: ${id}\r\n\r\nbody`),
    ...change,
  }
}

export function settlement(state: Settlement['state'], change: Partial<Settlement> = {}): Settlement {
  return {
    state,
    nextAt: null,
    sentAt: state === 'sent' ? T0 : null,
    bodyHandedOver: state === 'sent',
    attempt: { at: T0, result: state, reply: '250 2.0.0 Ok' },
    ...change,
  }
}

export function auditEntry(subject: string, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: T0,
    actor: ANNA,
    action: 'outage.confirm',
    subject,
    before: null,
    after: { confirmed: true },
    ...change,
  }
}
