import type { Language, Recipient } from '../core/letters/letter.ts'
import { addressKey } from '../core/letters/mailbox.ts'
import type { RecipientRow } from '../core/letters/recipient-csv.ts'
import { RECIPIENT_WORDS, type RecipientWords } from '../core/letters/recipient-words.ts'
import type { Instant } from '../core/time.ts'
import type { StoredRecipient } from '../ports.ts'

/** A letter is written and sent to each of them; many more would be a mailing list. */
export const MOST_STORED = 10_000

export type RecipientChange = {
  readonly action: 'recipient.add' | 'recipient.update' | 'recipient.delete' | 'recipient.import'
  readonly before: StoredRecipient | null
  readonly after: StoredRecipient | null
}

export type ImportPlan = {
  readonly changes: readonly RecipientChange[]
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
}

type ImportOptions = {
  /** Of a new recipient that names none. */
  readonly language: Language
  readonly at: Instant
  /** Of bad rows; absent: English. */
  readonly words?: RecipientWords
}

/**
 * What rows of a file do to the stored recipients. A row that says what is known already changes nothing, so that what
 * was given out can be read in again; one of the configuration cannot be changed.
 */
export function planImport(
  rows: readonly RecipientRow[],
  file: readonly Recipient[],
  stored: ReadonlyMap<string, StoredRecipient>,
  { language, at, words = RECIPIENT_WORDS.en }: ImportOptions,
): ImportPlan {
  const ofFile = new Map(file.toReversed().map((recipient) => [addressKey(recipient.email), recipient]))
  const known = new Map([...stored.values()].map((recipient) => [addressKey(recipient.email), recipient]))
  const next = new Map<string, unknown>(stored)
  const changes: RecipientChange[] = []
  const rejected: ImportPlan['rejected'][number][] = []
  let moment = at
  for (const { line, ...cells } of rows) {
    const fixed = ofFile.get(addressKey(cells.email))
    if (fixed) {
      if (isSame(fixed, { ...fixed, ...cells, email: fixed.email })) continue
      rejected.push({ line, reason: words.ofFile(cells.email) })
      continue
    }
    const before = known.get(addressKey(cells.email)) ?? null
    if (before === null && next.size >= MOST_STORED) {
      rejected.push({ line, reason: words.full(MOST_STORED) })
      continue
    }
    if (before === null) moment = freeMoment(next, moment)
    const after = { ...(before ?? { id: idOf(moment), name: '', language, addedAt: at }), ...cells }
    if (before && isSame(before, after)) continue
    next.set(after.id, after)
    changes.push({ action: 'recipient.import', before, after })
  }
  return { changes, rejected }
}

/** Whether both say the same. */
export function isSame(a: Recipient, b: Recipient): boolean {
  return a.email === b.email && a.name === b.name && a.language === b.language
}

/** `r` and the time, which no later one has again; a moment later when it is taken. */
export function freeId(taken: ReadonlyMap<string, unknown>, at: Instant): string {
  return idOf(freeMoment(taken, at))
}

function freeMoment(taken: ReadonlyMap<string, unknown>, at: Instant): Instant {
  let moment = at
  while (taken.has(idOf(moment))) moment += 1
  return moment
}

function idOf(moment: Instant): string {
  return `r${moment.toString(36)}`
}
