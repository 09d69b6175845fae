import type { Actor } from '../../core/audit.ts'
import type { ComposedLetter } from '../../core/letters/compose.ts'
import type { Language, Recipient } from '../../core/letters/letter.ts'
import type { PreviewKind } from '../../core/letters/preview.ts'
import type { Outbox } from '../../ports.ts'

/** `file`: from the configuration, read-only. */
export type ListedRecipient = Recipient & { readonly id: string; readonly origin: 'file' | 'page' }

export type RecipientFault = { readonly line: number; readonly reason: string }

/**
 * People who get letters. Changes are stored with their audit entry. `taken`: another one has this address. `full`:
 * there are as many as the program takes.
 */
export type RecipientEditor = {
  /** Those of the file first. */
  list(): readonly ListedRecipient[]
  add(recipient: Recipient, actor: Actor): Promise<ListedRecipient | 'taken' | 'full'>
  update(
    id: string,
    recipient: Recipient,
    actor: Actor,
  ): Promise<ListedRecipient | 'taken' | 'read-only' | 'missing'>
  remove(id: string, actor: Actor): Promise<'removed' | 'read-only' | 'missing'>
  /**
   * CSV `email,name,language`; adds and updates, all or nothing: with rejected rows nothing was imported. What is wrong
   * is told in `language`, for programs in English.
   */
  importCsv(
    bytes: Uint8Array,
    actor: Actor,
    language?: Language,
  ): Promise<{
    readonly created: number
    readonly updated: number
    readonly rejected: readonly RecipientFault[]
  }>
}

/** The letters and what may be done about them. */
export type LetterDesk = Pick<Outbox, 'list' | 'get'> & {
  requeue(id: string, actor: Actor): Promise<'requeued' | 'not-dead' | 'missing'>
  /** As it would be written now; without an outage, of an invented one. Undefined: no such outage. */
  preview(query: {
    readonly kind: PreviewKind
    readonly language: Language
    readonly outageId?: string
  }): Promise<ComposedLetter | undefined>
  /** What the auditor found wrong; empty: every due letter is proven to be on its way. */
  findings(): readonly string[]
}
