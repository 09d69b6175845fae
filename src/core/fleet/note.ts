import type { Instant } from '../time.ts'

/** What people wrote to a terminal. `reply`: what it answered to an SMS command, as it was pasted. */
export type TerminalNote = {
  readonly terminalId: string
  readonly at: Instant
  readonly by: string
  readonly kind: 'note' | 'reply'
  readonly text: string
}
