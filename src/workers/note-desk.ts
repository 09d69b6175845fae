import type { Actor } from '../core/audit.ts'
import type { NotedTerminal, TerminalNote } from '../core/fleet/note.ts'
import type { Scope } from '../core/fleet/scope.ts'
import type { TerminalName } from '../core/request/terminal-names.ts'
import type { Clock, NoteStore } from '../ports.ts'

export type NoteDeskDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: NoteStore
}

/** What people write to terminals. */
export function createNoteDesk({ clock, store }: NoteDeskDeps) {
  return {
    /** Resolves when it is stored with its audit entry. */
    async add(
      { id: terminalId, client, group }: NotedTerminal,
      { kind, text }: Pick<TerminalNote, 'kind' | 'text'>,
      actor: Actor,
    ): Promise<TerminalNote> {
      const note: TerminalNote = { terminalId, client, group, at: clock.now(), by: actor.name, kind, text }
      const action = kind === 'reply' ? 'terminal.reply' : 'terminal.note'
      await store.add(
        [note],
        [{ at: note.at, actor, action, subject: terminalId, before: null, after: { text } }],
      )
      return note
    },
    /** Notes of a scope to the terminal under each of its names, newest first. */
    async of(names: readonly TerminalName[], scope: Scope, limit: number): Promise<readonly TerminalNote[]> {
      const found = await Promise.all(
        names.map(({ name, since, until }) => store.of(name, scope, limit, since, until)),
      )
      return found
        .flat()
        .toSorted((a, b) => b.at - a.at)
        .slice(0, limit)
    },
  }
}
