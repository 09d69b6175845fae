import type { Instant } from './time.ts'

/**
 * Who did something, and from where. `system`: the program itself, such as a rule that plans work. `command`: somebody
 * on the machine itself, by the command of this name.
 */
export type Actor = {
  readonly name: string
  readonly via: 'session' | 'token' | 'system' | 'command'
  /** Network address of the caller; empty for `system` and `command`. */
  readonly address: string
}

/** Plain JSON of a few fields. */
export type AuditValue = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** One action as it is kept: nothing can change it, and only retention removes the oldest. */
export type AuditEntry = {
  readonly at: Instant
  readonly actor: Actor
  /** What was done, such as `outage.cancel`, `recipient.add`, `maintenance.end`, `inventory.import`. */
  readonly action: string
  /** Id of what it was done to: an outage, a window, a rule, a recipient, a letter, the inventory. */
  readonly subject: string
  /** What the action changed, before and after it; null: there was or is nothing. */
  readonly before: AuditValue | null
  readonly after: AuditValue | null
}
