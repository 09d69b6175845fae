import type { Instant } from '../time.ts'

/** What people wrote to a terminal. `reply`: what it answered to an SMS command, as it was pasted. */
export type TerminalNote = {
  readonly terminalId: string
  /** Whose the terminal was when it was written. */
  readonly client: string
  readonly group: string
  readonly at: Instant
  readonly by: string
  readonly kind: 'note' | 'reply'
  readonly text: string
}

/** The terminal that a note is written to, and whose it is. */
export type NotedTerminal = { readonly id: string; readonly client: string; readonly group: string }
