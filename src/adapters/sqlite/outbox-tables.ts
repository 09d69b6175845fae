import type { DatabaseSync } from 'node:sqlite'
import type { Attempt, Letter } from '../../core/letters/letter.ts'
import { type Instant, MINUTE } from '../../core/time.ts'
import {
  type ClaimedLetter,
  type LetterQuery,
  type Outbox,
  type Settlement,
  StoreError,
} from '../../ports.ts'
import { rowOf, rowsOf, transaction, whole } from './database.ts'
import { LETTER_COLUMNS, type LetterRow, type LetterTables } from './letter-tables.ts'
import type { Sync } from './operations.ts'

/** Pause after an attempt of which nobody knows how it ended (spec/letters.md, Outbox). */
const AMBIGUOUS_PAUSE_MS = 15 * MINUTE

/** The queue of letters: claims, ends of attempts, lists. */
export function createOutboxTables(db: DatabaseSync, letters: LetterTables): Sync<Outbox> {
  const claim = createClaim(db, letters)
  const attempts = createAttempts(db)
  // Without the hint the planner sorts all letters that were ever sent.
  const selectLast = db.prepare(
    `SELECT sent_at FROM letters INDEXED BY letters_sent
     WHERE state = 'sent' AND recipient <> ? ORDER BY sent_at DESC LIMIT 1`,
  )
  return {
    add: (added) => transaction(db, () => letters.add(added)),
    claim: (now, limit) => transaction(db, () => claim(now, limit)),
    settle: (id, outcome) => transaction(db, () => attempts.settle(id, outcome)),
    recover: (now) => transaction(db, () => attempts.recover(now)),
    list: createList(db, letters),
    get: letters.byId,
    lastAcceptedAt: (otherThan) => rowOf<{ sent_at: number | null }>(selectLast, otherThan)?.sent_at ?? null,
  }
}

function createClaim(db: DatabaseSync, letters: LetterTables) {
  const selectDue = db.prepare(
    `SELECT id FROM letters AS letter
     WHERE state IN ('pending', 'retry', 'ambiguous') AND next_at <= ?
       AND NOT EXISTS (
         SELECT 1 FROM letters AS earlier
         WHERE earlier.subject = letter.subject AND earlier.recipient = letter.recipient
           AND earlier.number < letter.number
           AND earlier.state IN ('pending', 'sending', 'retry', 'ambiguous'))
     ORDER BY next_at, number LIMIT ?`,
  )
  const take = db.prepare("UPDATE letters SET state = 'sending', claimed_at = ? WHERE id = ?")
  return (now: Instant, limit: number): ClaimedLetter[] =>
    rowsOf<{ id: string }>(selectDue, now, limit).flatMap(({ id }) => {
      take.run(whole(now), id)
      return letters.byId(id) ?? []
    })
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
    insert.run(row.number, whole(attempt.at), attempt.result, attempt.reply, row.number)
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

  return { settle, recover }
}

function createList(db: DatabaseSync, letters: LetterTables) {
  const selectCursor = db.prepare('SELECT number FROM letters WHERE id = ?')

  return (query: LetterQuery): { items: readonly Letter[]; total: number } => {
    const filters = [
      ...(query.subject === undefined ? [] : [{ sql: 'subject = ?', value: query.subject }]),
      ...(query.state === undefined ? [] : [{ sql: 'state = ?', value: query.state }]),
    ]
    const values = filters.map(({ value }) => value)
    const where = ['TRUE', ...filters.map(({ sql }) => sql)].join(' AND ')
    const counted = rowOf<{ n: number }>(
      db.prepare(`SELECT count(*) AS n FROM letters WHERE ${where}`),
      ...values,
    )
    const page = db.prepare(
      `SELECT ${LETTER_COLUMNS} FROM letters WHERE ${where} AND number < ? ORDER BY number DESC LIMIT ?`,
    )
    const rows = rowsOf<LetterRow>(page, ...values, before(query.after), query.limit)
    return { items: rows.map(letters.toLetter), total: counted?.n ?? 0 }
  }

  function before(cursor: string | undefined): number {
    if (cursor === undefined) return Number.MAX_SAFE_INTEGER
    return rowOf<{ number: number }>(selectCursor, cursor)?.number ?? 0
  }
}
