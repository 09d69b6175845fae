import type { DatabaseSync } from 'node:sqlite'
import type {
  Attempt,
  Letter,
  LetterChange,
  LetterKind,
  LetterState,
  NewLetter,
} from '../../core/letters/letter.ts'
import { addressKey } from '../../core/letters/mailbox.ts'
import { type ClaimedLetter, StoreError } from '../../ports.ts'
import { rowOf, rowsOf, whole } from './database.ts'

export const LETTER_COLUMNS =
  'number, id, subject, kind, sequence, recipient, message_id, state, due_at, next_at, sent_at, body_handed_over'

export type LetterRow = {
  readonly number: number
  readonly id: string
  readonly subject: string
  readonly kind: LetterKind
  readonly sequence: number
  readonly recipient: string
  readonly message_id: string
  readonly state: LetterState
  readonly due_at: number
  readonly next_at: number | null
  readonly sent_at: number | null
  readonly body_handed_over: number
}

/** The part of the letters that outages and outbox share. None of it opens a transaction. */
export type LetterTables = {
  /** Adds what is not there yet: the bytes of a letter never change. */
  add(letters: readonly NewLetter[]): void
  /** False: one of the letters has left or is leaving. The caller rolls back. */
  supersede(ids: LetterChange['supersede']): boolean
  /** With their attempts, in the given order. */
  toLetters(rows: readonly LetterRow[]): Letter[]
  byId(id: string): ClaimedLetter | undefined
}

export function createLetterTables(db: DatabaseSync): LetterTables {
  const insert = db.prepare(
    `INSERT INTO letters (id, subject, kind, sequence, recipient, recipient_key, message_id, state, due_at, next_at,
       body_handed_over, envelope_from, mime)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, 0, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const selectKey = db.prepare(
    'SELECT 1 FROM letters WHERE subject = ? AND kind = ? AND sequence = ? AND recipient_key = ?',
  )
  const select = db.prepare(`SELECT ${LETTER_COLUMNS}, envelope_from, mime FROM letters WHERE id = ?`)
  const selectState = db.prepare('SELECT state, body_handed_over FROM letters WHERE id = ?')
  const supersede = db.prepare("UPDATE letters SET state = 'superseded', next_at = NULL WHERE id = ?")
  const toLetters = createLetterReader(db)

  function add(letter: NewLetter): void {
    const { id, subject, kind, sequence, recipient, messageId, dueAt, envelopeFrom, mime } = letter
    const key = [subject, kind, sequence, addressKey(recipient)] as const
    const due = whole(dueAt)
    const own = [messageId, due, due, envelopeFrom, mime] as const
    const { changes } = insert.run(id, subject, kind, sequence, recipient, addressKey(recipient), ...own)
    if (changes === 0 && !selectKey.get(...key)) {
      throw new StoreError('other', `Two different letters have the id ${id}; none was stored.`)
    }
  }

  return {
    toLetters,
    add: (letters) => {
      for (const letter of letters) add(letter)
    },
    supersede: (ids) =>
      ids.every((id) => {
        const row = rowOf<Pick<LetterRow, 'state' | 'body_handed_over'>>(selectState, id)
        if (!row)
          throw new StoreError('other', `The letter ${id} is to be superseded, but it does not exist.`)
        if (row.state === 'superseded') return true
        if (!canSupersede(row)) return false
        supersede.run(id)
        return true
      }),
    byId: (id) => {
      const row = rowOf<LetterRow & { envelope_from: string; mime: Uint8Array }>(select, id)
      const [letter] = row ? toLetters([row]) : []
      return row && letter && { letter, envelopeFrom: row.envelope_from, mime: row.mime }
    },
  }
}

/** All attempts of a page are one query: an outage has thousands of letters. */
function createLetterReader(db: DatabaseSync): LetterTables['toLetters'] {
  const selectAttempts = db.prepare(
    `SELECT letter, at, result, reply FROM letter_attempts
     WHERE letter IN (SELECT value FROM json_each(?)) ORDER BY letter, number`,
  )
  return (rows) => {
    const numbers = JSON.stringify(rows.map(({ number }) => number))
    const all = rowsOf<Attempt & { readonly letter: number }>(selectAttempts, numbers)
    const attempts = Map.groupBy(all, ({ letter }) => letter)
    return rows.map((row) => ({
      ...lettersOwn(row),
      attempts: (attempts.get(row.number) ?? []).map(({ at, result, reply }) => ({ at, result, reply })),
    }))
  }
}

/** A letter that neither left nor is leaving: another one may take its place. */
function canSupersede(row: Pick<LetterRow, 'state' | 'body_handed_over'>): boolean {
  return row.state === 'pending' || (row.state === 'retry' && row.body_handed_over === 0)
}

function lettersOwn(row: LetterRow): Omit<Letter, 'attempts'> {
  return {
    id: row.id,
    subject: row.subject,
    kind: row.kind,
    sequence: row.sequence,
    recipient: row.recipient,
    messageId: row.message_id,
    state: row.state,
    dueAt: row.due_at,
    nextAt: row.next_at,
    sentAt: row.sent_at,
    bodyHandedOver: row.body_handed_over === 1,
  }
}
