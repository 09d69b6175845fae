import type { DatabaseSync } from 'node:sqlite'
import type {
  Attempt,
  Letter,
  LetterChange,
  LetterKind,
  LetterState,
  NewLetter,
} from '../../core/letters/letter.ts'
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
  toLetter(row: LetterRow): Letter
  byId(id: string): ClaimedLetter | undefined
}

export function createLetterTables(db: DatabaseSync): LetterTables {
  const insert = db.prepare(
    `INSERT INTO letters (id, subject, kind, sequence, recipient, message_id, state, due_at, next_at,
       body_handed_over, envelope_from, mime)
     VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?, 0, ?, ?)
     ON CONFLICT (subject, kind, sequence, recipient) DO NOTHING`,
  )
  const select = db.prepare(`SELECT ${LETTER_COLUMNS}, envelope_from, mime FROM letters WHERE id = ?`)
  const selectState = db.prepare('SELECT state, body_handed_over FROM letters WHERE id = ?')
  const supersede = db.prepare("UPDATE letters SET state = 'superseded', next_at = NULL WHERE id = ?")
  const selectAttempts = db.prepare(
    'SELECT at, result, reply FROM letter_attempts WHERE letter = ? ORDER BY number',
  )
  const toLetter = (row: LetterRow): Letter => ({
    ...lettersOwn(row),
    attempts: rowsOf<Attempt>(selectAttempts, row.number).map(({ at, result, reply }) => ({
      at,
      result,
      reply,
    })),
  })

  return {
    toLetter,
    add: (letters) => {
      for (const letter of letters) {
        const { id, subject, kind, sequence, recipient, messageId, dueAt, envelopeFrom, mime } = letter
        const due = whole(dueAt)
        insert.run(id, subject, kind, sequence, recipient, messageId, due, due, envelopeFrom, mime)
      }
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
      return row && { letter: toLetter(row), envelopeFrom: row.envelope_from, mime: row.mime }
    },
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
