import type { Letter } from '../../core/letters/letter.ts'
import { type Instant, MINUTE } from '../../core/time.ts'
import {
  type ClaimedLetter,
  type LetterQuery,
  type Outbox,
  type Settlement,
  StoreError,
} from '../../ports.ts'
import { addLetters, createLetterTable, isFinal, type LetterTable, toClaimed } from './letter-table.ts'

/** Pause after an attempt of which nobody knows how it ended (spec/letters.md, Outbox). */
const AMBIGUOUS_PAUSE_MS = 15 * MINUTE

/** An outbox that ends with the process. `table`: the letters of the outage store that belongs to it. */
export function createMemoryOutbox(table: LetterTable = createLetterTable()): Outbox {
  return {
    add: async (letters) => addLetters(table, letters),
    claim: async (now, limit) => claim(table, now, limit),
    settle: async (id, outcome) => settle(table, id, outcome),
    recover: async (now) => recover(table, now),
    list: async (query) => list(table, query),
    get: async (id) => {
      const row = table.rows.get(id)
      return row && toClaimed(row)
    },
    lastAcceptedAt: async (otherThan) => lastAcceptedAt(table, otherThan),
  }
}

function claim(table: LetterTable, now: Instant, limit: number): ClaimedLetter[] {
  const queues = new Set<string>()
  const due = [...table.rows.values()].filter((row) => {
    const { letter } = row
    const queue = JSON.stringify([letter.subject, letter.recipient])
    if (isFinal(letter.state) || queues.has(queue)) return false
    queues.add(queue)
    return letter.state !== 'sending' && letter.nextAt !== null && letter.nextAt <= now
  })
  due.sort((a, b) => (a.letter.nextAt ?? 0) - (b.letter.nextAt ?? 0))
  return due.slice(0, limit).map((row) => {
    row.letter = { ...row.letter, state: 'sending' }
    row.claimedAt = now
    return toClaimed(row)
  })
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
    (query.state === undefined || letter.state === query.state)
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
    if (letter.state !== 'sent' || letter.recipient === otherThan || letter.sentAt === null) continue
    last = Math.max(last ?? letter.sentAt, letter.sentAt)
  }
  return last
}
