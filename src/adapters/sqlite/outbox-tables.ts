import type { DatabaseSync } from 'node:sqlite'
import type { AuditEntry } from '../../core/audit.ts'
import type { Attempt, Letter, LetterState } from '../../core/letters/letter.ts'
import { addressKey } from '../../core/letters/mailbox.ts'
import { PATIENT_SUBJECTS } from '../../core/letters/patience.ts'
import { AMBIGUOUS_PAUSE_MS, LONGEST_PAUSE_MS } from '../../core/letters/pauses.ts'
import type { Instant } from '../../core/time.ts'
import {
  type ClaimedLetter,
  type LetterQuery,
  type Outbox,
  type Settlement,
  StoreError,
} from '../../ports.ts'
import type { AuditTable } from './audit-table.ts'
import { rowOf, rowsOf, transaction, whole } from './database.ts'
import { LETTER_COLUMNS, type LetterRow, type LetterTables } from './letter-tables.ts'
import type { Sync } from './operations.ts'

/** The queue of letters: claims, ends of attempts, lists. */
export function createOutboxTables(db: DatabaseSync, letters: LetterTables, audit: AuditTable): Sync<Outbox> {
  const claim = createClaim(db, letters)
  const attempts = createAttempts(db)
  const hasten = db.prepare(
    `UPDATE letters INDEXED BY letters_waiting SET next_at = next_at - ?
     WHERE state IN ('pending', 'retry', 'ambiguous') AND next_at > ?`,
  )
  // Without the hint the planner sorts all letters that were ever sent.
  const selectLast = db.prepare(
    `SELECT sent_at FROM letters INDEXED BY letters_sent
     WHERE state = 'sent' AND recipient_key <> ? ORDER BY sent_at DESC LIMIT 1`,
  )
  return {
    add: (added) => transaction(db, () => letters.add(added)),
    claim: (now, limit, only, which) => transaction(db, () => claim(now, limit, only, which)),
    hasten: (now, byMs) => {
      hasten.run(whole(byMs), whole(now))
    },
    settle: (id, outcome) => transaction(db, () => attempts.settle(id, outcome)),
    recover: (now) => transaction(db, () => attempts.recover(now)),
    list: createList(db, letters),
    get: letters.byId,
    lastAcceptedAt: (otherThan) =>
      rowOf<{ sent_at: number }>(selectLast, addressKey(otherThan))?.sent_at ?? null,
    requeue: (id, now, entry) =>
      transaction(db, () => {
        const outcome = attempts.requeue(id, now, entry)
        if (outcome === 'requeued') audit.write([entry])
        return outcome
      }),
  }
}

/** `isPatient` of core/letters/patience.ts, as 1 or 0. */
const IS_PATIENT = `(letter.kind = 'operator' AND (${PATIENT_SUBJECTS.map(
  (beginning) => `letter.subject GLOB '${beginning}*'`,
).join(' OR ')}))`

function createClaim(db: DatabaseSync, letters: LetterTables) {
  const dropLeads = db.prepare(
    `UPDATE letters INDEXED BY letters_waiting SET next_at = ?
     WHERE state IN ('pending', 'retry', 'ambiguous') AND next_at > ?`,
  )
  // By the time at which they are due, so that a claim costs what it takes and not what waits.
  const selectDue = db.prepare(
    `SELECT id FROM letters AS letter INDEXED BY letters_waiting
     WHERE state IN ('pending', 'retry', 'ambiguous') AND next_at <= ?1 AND state = ifnull(?2, state)
       AND ifnull(${IS_PATIENT} = ?4, TRUE)
       AND NOT EXISTS (
         SELECT 1 FROM letters AS earlier INDEXED BY letters_unfinished
         WHERE earlier.subject = letter.subject AND earlier.recipient_key = letter.recipient_key
           AND earlier.number < letter.number
           AND earlier.state IN ('pending', 'sending', 'retry', 'ambiguous'))
     ORDER BY next_at, number LIMIT ?3`,
  )
  const take = db.prepare("UPDATE letters SET state = 'sending', claimed_at = ? WHERE id = ?")
  return (now: Instant, limit: number, only?: 'pending', which?: 'urgent' | 'patient'): ClaimedLetter[] => {
    const patient = which === undefined ? null : Number(which === 'patient')
    // What waits longer than any pause was planned by a clock that was ahead.
    dropLeads.run(whole(now), whole(now) + LONGEST_PAUSE_MS)
    return rowsOf<{ id: string }>(selectDue, now, only ?? null, limit, patient).flatMap(({ id }) => {
      take.run(whole(now), id)
      return letters.byId(id) ?? []
    })
  }
}

function createAttempts(db: DatabaseSync) {
  const end = db.prepare(
    `UPDATE letters SET state = ?, next_at = ?, sent_at = ?, body_handed_over = max(body_handed_over, ?),
       claimed_at = NULL
     WHERE id = ? AND state = 'sending' RETURNING number`,
  )
  const insert = db.prepare(
    `INSERT INTO letter_attempts (letter, number, at, result, reply)
     SELECT ?, count(*) + 1, ?, ?, ? FROM letter_attempts WHERE letter = ?`,
  )
  const selectState = db.prepare('SELECT number, state FROM letters WHERE id = ?')
  const wait = db.prepare("UPDATE letters SET state = 'pending', next_at = ? WHERE id = ?")
  const selectCut = db.prepare("SELECT id, claimed_at FROM letters WHERE state = 'sending' ORDER BY number")

  function settle(id: string, outcome: Settlement): void {
    const { state, nextAt, sentAt, bodyHandedOver, attempt } = outcome
    const row = rowOf<{ number: number }>(
      end,
      state,
      whole(nextAt),
      whole(sentAt),
      bodyHandedOver ? 1 : 0,
      id,
    )
    if (!row) {
      throw new StoreError('other', `The letter ${id} is not being sent, so no attempt of it can end.`)
    }
    add(row.number, attempt)
  }

  function add(letter: number, { at, result, reply }: Attempt): void {
    insert.run(letter, whole(at), result, reply, letter)
  }

  function requeue(id: string, now: Instant, { actor }: AuditEntry): ReturnType<Sync<Outbox>['requeue']> {
    const row = rowOf<{ number: number; state: LetterState }>(selectState, id)
    if (!row) return 'missing'
    if (row.state !== 'dead') return 'not-dead'
    wait.run(whole(now), id)
    add(row.number, { at: now, result: 'requeued', reply: actor.name })
    return 'requeued'
  }

  function recover(now: Instant): number {
    const cut = rowsOf<{ id: string; claimed_at: number | null }>(selectCut)
    for (const { id, claimed_at } of cut) {
      const claimedAt = Math.min(claimed_at ?? now, now)
      const attempt: Attempt = { at: claimedAt, result: 'ambiguous', reply: '' }
      const nextAt = claimedAt + AMBIGUOUS_PAUSE_MS
      // Nobody knows how far the attempt came, so it counts as left.
      settle(id, { state: 'ambiguous', nextAt, sentAt: null, bodyHandedOver: true, attempt })
    }
    return cut.length
  }

  return { settle, recover, requeue }
}

function createList(db: DatabaseSync, letters: LetterTables) {
  const selectCursor = db.prepare('SELECT number FROM letters WHERE id = ?')

  return (query: LetterQuery): { items: readonly Letter[]; total: number } => {
    const filters = [
      ...(query.subject === undefined ? [] : [{ sql: 'subject = ?', value: query.subject }]),
      ...(query.state === undefined ? [] : [{ sql: 'state = ?', value: query.state }]),
      ...(query.kind === undefined ? [] : [{ sql: 'kind = ?', value: query.kind }]),
      ...(query.recipient === undefined
        ? []
        : [{ sql: 'recipient_key = ?', value: addressKey(query.recipient) }]),
    ]
    const values = filters.map(({ value }) => value)
    const where = ['TRUE', ...filters.map(({ sql }) => sql)].join(' AND ')
    const table = tableFor(query)
    const counted = rowOf<{ n: number }>(
      db.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`),
      ...values,
    )
    const page = db.prepare(
      `SELECT ${LETTER_COLUMNS} FROM ${table} WHERE ${where} AND number < ? ORDER BY number DESC LIMIT ?`,
    )
    const rows = rowsOf<LetterRow>(page, ...values, before(query.after), query.limit)
    return { items: letters.toLetters(rows), total: counted?.n ?? 0 }
  }

  function before(cursor: string | undefined): number {
    if (cursor === undefined) return Number.MAX_SAFE_INTEGER
    return rowOf<{ number: number }>(selectCursor, cursor)?.number ?? 0
  }
}

/** An outage has thousands of letters, of which somebody has a few; a kind or a state may have all of them. */
function tableFor({ subject, recipient }: LetterQuery): string {
  if (subject === undefined) return 'letters'
  return `letters INDEXED BY ${recipient === undefined ? 'letters_by_subject' : 'letters_by_key'}`
}
