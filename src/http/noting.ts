import type { z } from '@hono/zod-openapi'
import type { NotedTerminal, TerminalNote } from '../core/fleet/note.ts'
import { actorOf } from './actor.ts'
import type { AppDeps, AppOptions } from './deps.ts'
import type { HttpContext } from './env.ts'
import type { NoteInput } from './terminal-input.ts'

/** What became of a note. */
type Noted =
  | { readonly kind: 'kept'; readonly note: TerminalNote }
  /** It is the reply of another terminal. `name`: its id; what the text calls it, to who does not see that one. */
  | { readonly kind: 'other-terminal'; readonly name: string }

/**
 * Keeps what somebody wrote to a terminal that he sees. A reply that we cannot read is kept as it is: there are more
 * commands than those whose replies we know, and OBD models have a syntax of their own.
 */
export async function keepNote(
  c: HttpContext,
  deps: Pick<AppDeps, 'check' | 'notes'>,
  options: Pick<AppOptions, 'trustProxy'>,
  terminal: NotedTerminal,
  note: z.infer<typeof NoteInput>,
): Promise<Noted> {
  const actor = actorOf(c, options)
  if (note.kind === 'reply') {
    const outcome = await deps.check.noteReply(terminal.id, note.text, c.get('identity'), actor)
    if (outcome.kind === 'kept' || outcome.kind === 'other-terminal') return outcome
  }
  return { kind: 'kept', note: await deps.notes.add(terminal, note, actor) }
}
