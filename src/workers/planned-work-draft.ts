import type { Actor, AuditEntry, AuditValue } from '../core/audit.ts'
import type { MaintenanceRule, MaintenanceWindow } from '../core/outage/outage.ts'
import { isTakenBack } from '../core/outage/recurrence.ts'
import { formatDuration, type Instant, toIso } from '../core/time.ts'
import type { PlannedWork } from '../ports.ts'

/** A change of planned work with its audit entries, before its letters are written. */
export type Draft = {
  readonly save: PlannedWork
  readonly deleteWindows: readonly string[]
  readonly deleteRules: readonly string[]
  readonly audit: readonly AuditEntry[]
  /** Windows that recipients are to be told of, and those of which they were told in vain. */
  readonly announce: readonly MaintenanceWindow[]
  readonly withdraw: readonly MaintenanceWindow[]
}

export const NO_CHANGE: Draft = {
  save: { windows: [], rules: [] },
  deleteWindows: [],
  deleteRules: [],
  audit: [],
  announce: [],
  withdraw: [],
}

/** Who changes something and when. */
export type Hand = { readonly actor: Actor; readonly at: Instant }

/** The program itself: a rule plans its windows. */
export const SYSTEM: Actor = { name: 'system', via: 'system', address: '' }

export function addWindow(draft: Draft, window: MaintenanceWindow, hand: Hand): Draft {
  return {
    ...saving(draft, window),
    audit: [...draft.audit, entryOf('maintenance.add', window.id, null, told(window), hand)],
    announce: [...draft.announce, ...announcedOf(window)],
  }
}

/** A running window is over now. */
export function endWindow(draft: Draft, window: MaintenanceWindow, hand: Hand): Draft {
  const ended = { ...window, to: hand.at }
  const entry = entryOf('maintenance.end', window.id, told(window), told(ended), hand)
  return { ...saving(draft, ended), audit: [...draft.audit, entry] }
}

/** One that was taken back before goes without a word. */
export function deleteWindow(draft: Draft, window: MaintenanceWindow, hand: Hand): Draft {
  const deleted = { ...draft, deleteWindows: [...draft.deleteWindows, window.id] }
  return isTakenBack(window) ? deleted : withdrawn(deleted, window, hand)
}

/** A window of a rule that goes on is kept with no length, so that the rule does not plan it again. */
export function takeWindowBack(draft: Draft, window: MaintenanceWindow, hand: Hand): Draft {
  return withdrawn(saving(draft, { ...window, to: window.from }), window, hand)
}

export function addRule(draft: Draft, rule: MaintenanceRule, hand: Hand): Draft {
  const { windows, rules } = draft.save
  const entry = entryOf('maintenance-rule.add', rule.id, null, toldRule(rule), hand)
  return { ...draft, save: { windows, rules: [...rules, rule] }, audit: [...draft.audit, entry] }
}

export function deleteRule(draft: Draft, rule: MaintenanceRule, hand: Hand): Draft {
  const entry = entryOf('maintenance-rule.delete', rule.id, toldRule(rule), null, hand)
  return { ...draft, deleteRules: [...draft.deleteRules, rule.id], audit: [...draft.audit, entry] }
}

function saving(draft: Draft, window: MaintenanceWindow): Draft {
  const { windows, rules } = draft.save
  return { ...draft, save: { windows: [...windows, window], rules } }
}

function withdrawn(draft: Draft, window: MaintenanceWindow, hand: Hand): Draft {
  return {
    ...draft,
    audit: [...draft.audit, entryOf('maintenance.delete', window.id, told(window), null, hand)],
    withdraw: [...draft.withdraw, ...announcedOf(window)],
  }
}

function announcedOf(window: MaintenanceWindow): readonly MaintenanceWindow[] {
  return window.announced === true ? [window] : []
}

function entryOf(
  action: string,
  subject: string,
  before: AuditValue | null,
  after: AuditValue | null,
  { actor, at }: Hand,
): AuditEntry {
  return { at, actor, action, subject, before, after }
}

function told({ from, to, reason, announced, rule }: MaintenanceWindow): AuditValue {
  return {
    from: toIso(from),
    to: toIso(to),
    reason,
    announced: announced === true,
    ...(rule === undefined ? {} : { rule }),
  }
}

function toldRule({ cron, durationMs, reason, announce }: MaintenanceRule): AuditValue {
  return { cron, duration: formatDuration(durationMs), reason, announce }
}
