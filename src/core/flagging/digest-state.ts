import type { Instant } from '../time.ts'

/** What a digest remembers from one to the next. */
export type DigestState = {
  /** Number of the last change that it has taken in. */
  readonly after: number
  /** Number of its last letter: part of its subject, and never the same again. */
  readonly number: number
  /** When it was last written, or had nothing to say; at first, since when there is this digest. */
  readonly at: Instant
  /** Its next time. */
  readonly dueAt: Instant
  /** Silent terminals of which it has told, with the onset of the silence: their return is news. */
  readonly told: readonly (readonly [id: string, since: Instant])[]
  /** Silent terminals of which it would have told, had they not been known to somebody or part of an incident. */
  readonly held: readonly (readonly [id: string, since: Instant])[]
  /** Ids of the open incidents of which it has told: that somebody's first terminal joins one later is news. */
  readonly begun: readonly string[]
}

/** More are not remembered: they would be known by a page, not by letters. */
const MOST_REMEMBERED = 100_000

export function newDigest(newestChange: number, at: Instant, dueAt: Instant): DigestState {
  return { after: newestChange, number: newestChange, at, dueAt, told: [], held: [], begun: [] }
}

/** The newest ones, so many as are remembered. */
export function remembered<Item>(items: readonly Item[]): readonly Item[] {
  return items.length > MOST_REMEMBERED ? items.slice(-MOST_REMEMBERED) : items
}

/** Reads what was stored; undefined when it is none. */
export function readDigestState(stored: unknown): DigestState | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { after, number, at, dueAt, told, held, begun } = { ...stored } as Record<string, unknown>
  if (!isNumber(after) || !isNumber(number) || !isNumber(at) || !isNumber(dueAt)) return undefined
  if (!isSilences(told) || !isSilences(held) || !isTexts(begun)) return undefined
  return { after, number, at, dueAt, told, held, begun }
}

/** Whether a stored value is a list of terminals with an instant each. */
export function isSilences(value: unknown): value is (readonly [string, Instant])[] {
  return Array.isArray(value) && value.every((pair) => typeof pair?.[0] === 'string' && isNumber(pair[1]))
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
