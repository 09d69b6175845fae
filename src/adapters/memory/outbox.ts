import type { AuditEntry } from '../../core/audit.ts'
import type { Letter } from '../../core/letters/letter.ts'
import { addressKey } from '../../core/letters/mailbox.ts'
import { isPatient } from '../../core/letters/patience.ts'
import { AMBIGUOUS_PAUSE_MS, LONGEST_PAUSE_MS } from '../../core/letters/pauses.ts'
import type { Instant } from '../../core/time.ts'
import {
  type ClaimedLetter,
  type LetterQuery,
  type Outbox,
  type Settlement,
  StoreError,
} from '../../ports.ts'
import type { AuditTable } from './audit-trail.ts'
import { addLetters, createLetterTable, isFinal, type LetterTable, toClaimed } from './letter-table.ts'

type Tables = { readonly letters: LetterTable; readonly audit: AuditTable }

/** An outbox that ends with the process. `tables`: those that other stores share with it. */
export function createMemoryOutbox(tables: Partial<Tables> = {}): Outbox {
  const { letters: table = createLetterTable(), audit = [] } = tables
  return {
    add: async (letters) => addLetters(table, letters),
    claim: async (now, limit, only, which) => claim(table, now, limit, only, which),
    hasten: async (now, byMs) => moveWaiting(table, now, (nextAt) => nextAt - byMs),
    settle: async (id, outcome) => settle(table, id, outcome),
    recover: async (now) => recover(table, now),
    list: async (query) => list(table, query),
    get: async (id) => {
      const row = table.rows.get(id)
      return row && toClaimed(row)
    },
    lastAcceptedAt: async (otherThan) => lastAcceptedAt(table, otherThan),
    requeue: async (id, now, entry) => {
      const outcome = requeue(table, id, now, entry)
      if (outcome === 'requeued') audit.push(entry)
      return outcome
    },
  }
}

function claim(
  table: LetterTable,
  now: Instant,
  limit: number,
  only?: 'pending',
  which?: 'urgent' | 'patient',
): ClaimedLetter[] {
  dropLeads(table, now)
  const queues = new Set<string>()
  const due = [...table.rows.values()].filter((row) => {
    const { letter } = row
    const queue = JSON.stringify([letter.subject, addressKey(letter.recipient)])
    if (isFinal(letter.state) || queues.has(queue)) return false
    queues.add(queue)
    if (letter.state === 'sending' || (only !== undefined && letter.state !== only)) return false
    if (which !== undefined && isPatient(letter) !== (which === 'patient')) return false
    return letter.nextAt !== null && letter.nextAt <= now
  })
  due.sort((a, b) => (a.letter.nextAt ?? 0) - (b.letter.nextAt ?? 0))
  return due.slice(0, limit).map((row) => {
    row.letter = { ...row.letter, state: 'sending' }
    row.claimedAt = now
    return toClaimed(row)
  })
}

/** A letter that waits longer than any pause was planned by a clock that was ahead: it is due now. */
function dropLeads(table: LetterTable, now: Instant): void {
  moveWaiting(table, now + LONGEST_PAUSE_MS, () => now)
}

/** Gives every letter that waits beyond `limit` another next time. */
function moveWaiting(table: LetterTable, limit: Instant, move: (nextAt: Instant) => Instant): void {
  for (const row of table.rows.values()) {
    const { state, nextAt } = row.letter
    if (state === 'sending' || nextAt === null || nextAt <= limit) continue
    row.letter = { ...row.letter, nextAt: move(nextAt) }
  }
}

function settle(table: LetterTable, id: string, outcome: Settlement): void {
  const row = table.rows.get(id)
  if (row?.letter.state !== 'sending') {
    throw new StoreError('other', `The letter ${id} is not being sent, so no attempt of it can end.`)
  }
  row.letter = {
    ...row.letter,
    state: outcome.state,
    nextAt: outcome.nextAt,
    sentAt: outcome.sentAt,
    bodyHandedOver: row.letter.bodyHandedOver || outcome.bodyHandedOver,
    attempts: [...row.letter.attempts, outcome.attempt],
  }
  row.claimedAt = null
}

function recover(table: LetterTable, now: Instant): number {
  const cut = [...table.rows.values()].filter((row) => row.letter.state === 'sending')
  for (const row of cut) {
    const claimedAt = Math.min(row.claimedAt ?? now, now)
    row.letter = {
      ...row.letter,
      state: 'ambiguous',
      nextAt: claimedAt + AMBIGUOUS_PAUSE_MS,
      bodyHandedOver: true,
      attempts: [...row.letter.attempts, { at: claimedAt, result: 'ambiguous', reply: '' }],
    }
    row.claimedAt = null
  }
  return cut.length
}

function list(table: LetterTable, query: LetterQuery): { items: readonly Letter[]; total: number } {
  const letters = [...table.rows.values()].map((row) => row.letter).reverse()
  const matches = (letter: Letter): boolean =>
    (query.subject === undefined || letter.subject === query.subject) &&
    (query.recipient === undefined || addressKey(letter.recipient) === addressKey(query.recipient)) &&
    (query.state === undefined || letter.state === query.state) &&
    (query.kind === undefined || letter.kind === query.kind)
  return {
    items: letters.slice(firstAfter(letters, query.after)).filter(matches).slice(0, query.limit),
    total: letters.filter(matches).length,
  }
}

/** The cursor's own letter may meanwhile have left the filter, so its place is sought among all of them. */
function firstAfter(letters: readonly Letter[], cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const index = letters.findIndex((letter) => letter.id === cursor)
  return index < 0 ? letters.length : index + 1
}

function lastAcceptedAt(table: LetterTable, otherThan: string): Instant | null {
  let last: Instant | null = null
  for (const { letter } of table.rows.values()) {
    if (letter.state !== 'sent' || letter.sentAt === null) continue
    if (addressKey(letter.recipient) === addressKey(otherThan)) continue
    last = Math.max(last ?? letter.sentAt, letter.sentAt)
  }
  return last
}

function requeue(
  table: LetterTable,
  id: string,
  now: Instant,
  { actor }: AuditEntry,
): Awaited<ReturnType<Outbox['requeue']>> {
  const row = table.rows.get(id)
  if (!row) return 'missing'
  if (row.letter.state !== 'dead') return 'not-dead'
  const attempt = { at: now, result: 'requeued', reply: actor.name }
  row.letter = { ...row.letter, state: 'pending', nextAt: now, attempts: [...row.letter.attempts, attempt] }
  return 'requeued'
}
