import type { Letter, LetterChange, LetterState, NewLetter } from '../../core/letters/letter.ts'
import { addressKey } from '../../core/letters/mailbox.ts'
import type { ClaimedLetter } from '../../ports.ts'
import { StoreError } from '../../ports.ts'

export type LetterRow = {
  letter: Letter
  readonly envelopeFrom: string
  readonly mime: Uint8Array
  claimedAt: number | null
}

/** Letters in the order in which they were added; outages and outbox work on the same one. */
export type LetterTable = { readonly rows: Map<string, LetterRow>; readonly keys: Map<string, string> }

export function createLetterTable(): LetterTable {
  return { rows: new Map(), keys: new Map() }
}

/** Adds what is not there yet; all or nothing. */
export function addLetters(table: LetterTable, letters: readonly NewLetter[]): void {
  for (const letter of letters) assertFreeId(table, letter)
  for (const letter of letters) {
    if (table.keys.has(keyOf(letter))) continue
    table.keys.set(keyOf(letter), letter.id)
    table.rows.set(letter.id, toRow(letter))
  }
}

/** Whether all of a change can be done: nothing here can be rolled back. */
export function canApply(table: LetterTable, change: LetterChange): boolean {
  return change.supersede.every((id) => {
    const row = table.rows.get(id)
    if (row) return row.letter.state === 'superseded' || canSupersede(row.letter)
    if (change.add.some((letter) => letter.id === id)) return true
    throw new StoreError('other', `The letter ${id} is to be superseded, but it does not exist.`)
  })
}

/** Adds and supersedes what `canApply` has looked at. */
export function applyLetters(table: LetterTable, change: LetterChange): void {
  addLetters(table, change.add)
  for (const id of change.supersede) {
    const row = table.rows.get(id)
    if (row) row.letter = { ...row.letter, state: 'superseded', nextAt: null }
  }
}

/** Removes one that is there. */
export function removeLetter(table: LetterTable, letter: Letter): void {
  table.keys.delete(keyOf(letter))
  table.rows.delete(letter.id)
}

/** Nothing happens to it any more, so the next letter to the same recipient may go. */
export function isFinal(state: LetterState): boolean {
  return state === 'sent' || state === 'dead' || state === 'superseded' || state === 'filed'
}

/** A copy that nobody can change the table by. */
export function toClaimed(row: LetterRow): ClaimedLetter {
  return { letter: row.letter, envelopeFrom: row.envelopeFrom, mime: row.mime.slice() }
}

/** A letter that neither left nor is leaving: another one may take its place. */
function canSupersede(letter: Letter): boolean {
  return letter.state === 'pending' || (letter.state === 'retry' && !letter.bodyHandedOver)
}

function assertFreeId(table: LetterTable, letter: NewLetter): void {
  const owner = table.rows.get(letter.id)
  if (owner !== undefined && keyOf(owner.letter) !== keyOf(letter)) {
    throw new StoreError('other', `Two different letters have the id ${letter.id}; none was stored.`)
  }
}

function keyOf(letter: Pick<Letter, 'subject' | 'kind' | 'sequence' | 'recipient'>): string {
  return JSON.stringify([letter.subject, letter.kind, letter.sequence, addressKey(letter.recipient)])
}

function toRow(added: NewLetter): LetterRow {
  const { envelopeFrom, mime, ...letter } = added
  return {
    letter: {
      ...letter,
      state: 'pending',
      nextAt: letter.dueAt,
      sentAt: null,
      bodyHandedOver: false,
      attempts: [],
    },
    envelopeFrom,
    mime: mime.slice(),
    claimedAt: null,
  }
}
