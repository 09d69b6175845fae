import type { Actor, AuditEntry, AuditValue } from '../core/audit.ts'
import type { Language, Recipient } from '../core/letters/letter.ts'
import { textHash } from '../core/letters/letter-id.ts'
import { addressKey, isAddress } from '../core/letters/mailbox.ts'
import { nameFault, readRecipientCsv } from '../core/letters/recipient-csv.ts'
import { RECIPIENT_WORDS } from '../core/letters/recipient-words.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, Log, RecipientStore, StoredRecipient } from '../ports.ts'
import { freeId, isSame, MOST_STORED, planImport, type RecipientChange } from './recipient-import.ts'

export type RecipientBookDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: RecipientStore
  readonly log: Log
}

export type RecipientBookOptions = {
  /** Those of the configuration. */
  readonly fromFile: () => readonly Recipient[]
  /** Language of an imported recipient that names none. */
  readonly defaultLanguage: () => Language
}

/** `file`: from the configuration, read-only. */
export type BookEntry = Recipient & { readonly id: string; readonly origin: 'file' | 'page' }

export type RecipientImport = {
  readonly created: number
  readonly updated: number
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
}

export type RecipientBook = {
  /** Reads the stored ones; rejects with StoreError. Until then only those of the file are there. */
  load(): Promise<void>
  /** Everybody who gets letters: each address once, those of the file first. */
  all(): readonly Recipient[]
  list(): readonly BookEntry[]
  add(recipient: Recipient, actor: Actor): Promise<BookEntry | 'taken' | 'full'>
  update(
    id: string,
    recipient: Recipient,
    actor: Actor,
  ): Promise<BookEntry | 'taken' | 'read-only' | 'missing'>
  remove(id: string, actor: Actor): Promise<'removed' | 'read-only' | 'missing'>
  /** What is wrong is told in `language`, for programs in English. */
  importCsv(bytes: Uint8Array, actor: Actor, language?: Language): Promise<RecipientImport>
}

/** The list, and what it was made of. */
type Merged = {
  readonly file: readonly Recipient[]
  readonly stored: ReadonlyMap<string, StoredRecipient>
  readonly list: readonly BookEntry[]
}

/**
 * The recipients: those of the configuration and those that were entered on the page or by API. One of the file hides
 * a stored one with the same address, which comes back when it leaves the file. Changes happen one after the other,
 * each in one transaction with its audit entries; they reject with StoreError and then nothing has changed.
 */
export function createRecipientBook(
  { clock, store, log }: RecipientBookDeps,
  { fromFile, defaultLanguage }: RecipientBookOptions,
): RecipientBook {
  /** By id, in the order in which they were added. */
  let stored: ReadonlyMap<string, StoredRecipient> = new Map()
  let queue: Promise<unknown> = Promise.resolve()
  let made: Merged = { file: [], stored, list: [] }

  function list(): readonly BookEntry[] {
    const file = fromFile()
    if (made.file !== file || made.stored !== stored) made = { file, stored, list: merged(file, stored) }
    return made.list
  }

  function inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = queue.then(task)
    queue = result.catch(() => {})
    return result
  }

  async function commit(changes: readonly RecipientChange[], actor: Actor): Promise<void> {
    if (changes.length === 0) return
    const next = new Map(stored)
    for (const { before, after } of changes) {
      if (after) next.set(after.id, after)
      else if (before) next.delete(before.id)
    }
    await store.commit({
      save: changes.flatMap(({ after }) => after ?? []),
      remove: changes.flatMap(({ before, after }) => (before && !after ? before.id : [])),
      audit: changes.map((change) => auditOf(change, actor, clock.now())),
    })
    stored = next
    log.info('recipients changed', { by: actor.name, changes: changes.length, recipients: list().length })
  }

  /** Whether somebody else has the address, listed or hidden. */
  function isTaken(email: string, ownId?: string): boolean {
    const key = addressKey(email)
    const others = [...list(), ...stored.values()].filter(({ id }) => id !== ownId)
    return others.some((other) => addressKey(other.email) === key)
  }

  return {
    all: list,
    list,
    load: () =>
      inTurn(async () => {
        stored = new Map((await store.load()).map((recipient) => [recipient.id, recipient]))
      }),
    add: (recipient, actor) =>
      inTurn(async () => {
        const { email, name, language } = checked(recipient)
        if (isTaken(email)) return 'taken'
        if (stored.size >= MOST_STORED) return 'full'
        const addedAt = clock.now()
        const after = { id: freeId(stored, addedAt), email, name, language, addedAt }
        await commit([{ action: 'recipient.add', before: null, after }], actor)
        return entryOf(after)
      }),
    update: (id, recipient, actor) =>
      inTurn(async () => {
        const { email, name, language } = checked(recipient)
        const before = stored.get(id)
        if (before === undefined) return isOfFile(list(), id) ? 'read-only' : 'missing'
        if (isTaken(email, id)) return 'taken'
        const after = { ...before, email, name, language }
        if (!isSame(before, after)) await commit([{ action: 'recipient.update', before, after }], actor)
        return entryOf(after)
      }),
    remove: (id, actor) =>
      inTurn(async () => {
        const before = stored.get(id)
        if (before === undefined) return isOfFile(list(), id) ? 'read-only' : 'missing'
        await commit([{ action: 'recipient.delete', before, after: null }], actor)
        return 'removed'
      }),
    importCsv: (bytes, actor, language = 'en') =>
      inTurn(async () => {
        const words = RECIPIENT_WORDS[language]
        const csv = readRecipientCsv(bytes, words)
        const options = { language: defaultLanguage(), at: clock.now(), words }
        const { changes, rejected } = planImport(csv.rows, fromFile(), stored, options)
        const faults = [...csv.rejected, ...rejected].sort((a, b) => a.line - b.line)
        if (faults.length > 0) return { created: 0, updated: 0, rejected: faults }
        await commit(changes, actor)
        const created = changes.filter(({ before }) => before === null).length
        return { created, updated: changes.length - created, rejected: [] }
      }),
  }
}

function merged(
  file: readonly Recipient[],
  stored: ReadonlyMap<string, StoredRecipient>,
): readonly BookEntry[] {
  const entries = new Map<string, BookEntry>()
  for (const recipient of file) {
    const key = addressKey(recipient.email)
    const { email, name, language } = recipient
    if (entries.has(key)) continue
    entries.set(key, { id: `f${textHash(key)}`, email, name, language, origin: 'file' })
  }
  for (const recipient of stored.values()) {
    const key = addressKey(recipient.email)
    if (!entries.has(key)) entries.set(key, entryOf(recipient))
  }
  return [...entries.values()]
}

function entryOf({ id, email, name, language }: StoredRecipient): BookEntry {
  return { id, email, name, language, origin: 'page' }
}

function isOfFile(list: readonly BookEntry[], id: string): boolean {
  return list.some((entry) => entry.id === id && entry.origin === 'file')
}

/** Input is checked where it comes in; what gets here with a fault would break every letter. */
function checked(recipient: Recipient): Recipient {
  if (!isAddress(recipient.email)) throw new RangeError('a recipient needs an e-mail address')
  const fault = nameFault(recipient.name)
  if (fault !== undefined) throw new RangeError(`the name of a recipient is ${fault}`)
  return recipient
}

function auditOf({ action, before, after }: RecipientChange, actor: Actor, at: Instant): AuditEntry {
  const subject = (after ?? before)?.id ?? ''
  return { at, actor, action, subject, before: auditValue(before), after: auditValue(after) }
}

function auditValue(recipient: StoredRecipient | null): AuditValue | null {
  return recipient && { email: recipient.email, name: recipient.name, language: recipient.language }
}
