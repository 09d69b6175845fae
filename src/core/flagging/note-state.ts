import type { Instant } from '../time.ts'
import { isNumber, isSilences, remembered } from './digest-state.ts'

/** An alert that has not been told yet: a silence that may end before it is worth a letter, or an unstable link. */
export type Waiting = {
  readonly id: string
  /** Onset of the silence. */
  readonly since: Instant
  /** When it is to be told. */
  readonly dueAt: Instant
  readonly unstable: boolean
}

/** What immediate notes remember. */
export type NoteState = {
  /** Number of the last change that was taken in. */
  readonly after: number
  /** Number of the last letter: part of its subject, and never the same again. */
  readonly number: number
  /** When the last letter was written; 0: none was. */
  readonly sentAt: Instant
  readonly waiting: readonly Waiting[]
  /** Terminals of whose silence a letter told, with its onset, while it goes on. */
  readonly told: readonly (readonly [id: string, since: Instant])[]
}

export function newNotes(newestChange: number): NoteState {
  return { after: newestChange, number: newestChange, sentAt: 0, waiting: [], told: [] }
}

/** The same, bounded. */
export function boundedNotes(state: NoteState): NoteState {
  return { ...state, waiting: remembered(state.waiting), told: remembered(state.told) }
}

/** Reads what was stored; undefined when it is none. */
export function readNoteState(stored: unknown): NoteState | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { after, number, sentAt, waiting, told } = { ...stored } as Record<string, unknown>
  if (!isNumber(after) || !isNumber(number) || !isNumber(sentAt)) return undefined
  if (!Array.isArray(waiting) || !waiting.every(isWaiting) || !isSilences(told)) return undefined
  return { after, number, sentAt, waiting, told }
}

function isWaiting(value: unknown): value is Waiting {
  if (typeof value !== 'object' || value === null) return false
  const { id, since, dueAt, unstable } = { ...value } as Record<string, unknown>
  return typeof id === 'string' && isNumber(since) && isNumber(dueAt) && typeof unstable === 'boolean'
}
