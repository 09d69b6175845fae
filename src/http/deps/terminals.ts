import type { Actor } from '../../core/audit.ts'
import type { ConflictList } from '../../core/fleet/conflict.ts'
import type { DiscoveredPage } from '../../core/fleet/discovered.ts'
import type { Adoption, AdoptionReport, ImportReport, TerminalChange } from '../../core/fleet/inventory.ts'
import type { NotedTerminal, TerminalNote } from '../../core/fleet/note.ts'
import type { Scope } from '../../core/fleet/scope.ts'
import type { Language } from '../../core/letters/letter.ts'
import type { AskOutcome } from '../../core/online/ask.ts'
import type { TerminalName } from '../../core/request/terminal-names.ts'

/** Changes of the inventory; each resolves when it is stored. */
export type FleetEditor = {
  /** False: no such terminal. The change is in the audit trail, too. */
  change(id: string, change: TerminalChange, actor: Actor): Promise<boolean>
  /** Names of the profiles that a terminal may be given. */
  profiles(): readonly string[]
  /** Forgets what a terminal's own gaps have taught. `nothing`: there was nothing. */
  forgetLearnt(id: string, actor: Actor): Promise<'forgotten' | 'nothing' | 'missing'>
  /**
   * All or nothing: with rejected rows nothing was imported. What is wrong is told in `language`, for programs in
   * English. Rejects with ServiceStopping when the service ends.
   */
  importCsv(
    bytes: Uint8Array,
    options: { readonly actor: Actor; readonly language?: Language },
  ): Promise<ImportReport>
  /** The inventory as CSV that `importCsv` takes back, in pieces. */
  exportCsv(): Iterator<string>
  /** Terminals that only appeared in the data, oldest first, from the given place on. */
  discovered(offset: number, limit: number): DiscoveredPage
  /** All or nothing: with anybody refused nobody was adopted. */
  adopt(adoption: Adoption, actor: Actor): Promise<AdoptionReport>
  /** What the inventory, the trees and the data say against each other, at most `limit` of it. */
  conflicts(limit: number): ConflictList
}

/** Asks the polled service about one terminal now; `id`: of the terminal or one of its aliases. */
export type TerminalAsker = { ask(id: string): Promise<AskOutcome> }

/** What people write to terminals. Only for terminals that the account may see. */
export type NoteDesk = {
  /** Resolves when it is stored with its audit entry. */
  add(terminal: NotedTerminal, note: Pick<TerminalNote, 'kind' | 'text'>, actor: Actor): Promise<TerminalNote>
  /**
   * Notes to the terminal and to those that turned out to be it or were its vehicle's before, newest first; those alone
   * that were written while it was in the scope.
   */
  of(names: readonly TerminalName[], scope: Scope, limit: number): Promise<readonly TerminalNote[]>
}
