import type { Actor, AuditEntry, AuditValue } from '../audit.ts'
import { type Instant, toIso } from '../time.ts'
import type { OutageAction, Signature } from './handling.ts'
import type { Outage } from './outage.ts'

/** The entry for an action, from the outage before and after it. */
export function auditAction(
  { kind }: OutageAction,
  before: Outage,
  after: Outage,
  actor: Actor,
  at: Instant,
): AuditEntry {
  return {
    at,
    actor,
    action: `outage.${kind}`,
    subject: before.id,
    before: touched(kind, before),
    after: touched(kind, after),
  }
}

/** The part of an outage that the action changes. */
function touched(kind: OutageAction['kind'], { state, handling }: Outage): AuditValue | null {
  const { expected, message, confirmed, cancelled, ordered } = handling
  switch (kind) {
    case 'expected-resolution': {
      if (expected === null) return null
      const resolution = expected.resolution === null ? null : toIso(expected.resolution)
      return { resolution, note: expected.note, ...signed(expected) }
    }
    case 'message':
      return message && { text: message.text, ...signed(message) }
    case 'confirm':
      return confirmed && signed(confirmed)
    case 'cancel':
      return cancelled === null ? { state } : { state, reason: cancelled.reason, ...signed(cancelled) }
    case 'send-letter':
      return ordered && signed(ordered)
  }
}

function signed({ by, at }: Signature): { readonly by: string; readonly at: string } {
  return { by, at: toIso(at) }
}
