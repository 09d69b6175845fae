import type { Actor, AuditEntry, AuditValue } from '../core/audit.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { InventoryRow, TerminalChange } from '../core/fleet/inventory.ts'
import { changeTerminal, putTerminal } from '../core/fleet/placing.ts'
import { forgetGaps, gapsOf, HABITS } from '../core/freshness/gaps.ts'
import { thresholdTexts } from '../core/freshness/threshold-settings.ts'
import { toIso } from '../core/time.ts'
import type { AuditTrail, Clock, Log } from '../ports.ts'

export type TerminalDeskDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Fleet
  readonly log: Log
  readonly audit: Pick<AuditTrail, 'add'>
  /** Judges the fleet and stores it; rejects when it cannot be stored now. */
  readonly save: () => Promise<void>
}

/**
 * What people do about one terminal. Each change is judged at once, and stored and in the audit trail when it resolves;
 * when it rejects it holds all the same and is stored later, so that the audit trail has it too.
 */
export function createTerminalDesk({ clock, fleet, log, audit, save }: TerminalDeskDeps) {
  function find(id: string): InventoryRow | undefined {
    return fleet.inventory.at(fleet.rows.get(id) ?? -1)
  }

  /** Its loss undoes nothing that was stored. */
  async function note(entries: readonly Omit<AuditEntry, 'at'>[]): Promise<void> {
    const at = clock.now()
    try {
      await audit.add(entries.map((entry) => ({ at, ...entry })))
    } catch (error) {
      for (const { action, actor } of entries) {
        log.error('an action is missing in the audit trail', { action, by: actor.name, error: String(error) })
      }
    }
  }

  return {
    /** False: no such terminal. */
    async change(id: string, change: TerminalChange, actor: Actor): Promise<boolean> {
      const terminal = find(id)
      if (!terminal) return false
      changeTerminal(fleet, { ...terminal, ...change })
      const changes = changesOf(terminal, change)
      await save().finally(() =>
        note(changes.map((changed) => ({ actor, subject: terminal.id, ...changed }))),
      )
      return true
    },
    /** Names of the profiles that a terminal may be given. */
    profiles: (): readonly string[] => fleet.thresholdsOf.profiles,
    /** Forgets what a terminal's own gaps have taught. `nothing`: there was nothing. */
    async forgetLearnt(id: string, actor: Actor): Promise<'forgotten' | 'nothing' | 'missing'> {
      const terminal = find(id)
      if (!terminal) return 'missing'
      const known = HABITS.map(
        (habit) => [GAPS[habit], gapsOf(fleet.gaps, terminal.row, habit).gaps] as const,
      )
      if (!forgetGaps(fleet.gaps, terminal.row)) return 'nothing'
      putTerminal(fleet, terminal)
      const before = Object.fromEntries(known)
      const entry = { actor, subject: terminal.id, action: 'terminal.forget-learnt', before, after: null }
      await save().finally(() => note([entry]))
      return 'forgotten'
    },
  }
}

/** What the gaps are called in the audit trail. */
const GAPS = { moving: 'movingGaps', parked: 'parkedGaps' } as const

/** An entry for each thing that was changed. */
function changesOf(
  before: InventoryRow,
  change: TerminalChange,
): Pick<AuditEntry, 'action' | 'before' | 'after'>[] {
  const after = { ...before, ...change }
  return TOLD.flatMap(([name, action, tell]) =>
    Object.hasOwn(change, name) ? [{ action, before: tell(before), after: tell(after) }] : [],
  )
}

/** What may be changed, what that is called in the audit trail, and what is told of it there. */
const TOLD: readonly (readonly [
  keyof TerminalChange,
  action: string,
  (terminal: InventoryRow) => AuditValue | null,
])[] = [
  ['lifecycle', 'terminal.lifecycle', ({ lifecycle }) => ({ lifecycle })],
  ['profile', 'terminal.profile', ({ profile }) => ({ profile })],
  [
    'maintenance',
    'terminal.maintenance',
    ({ maintenance: window }) =>
      window && { from: toIso(window.from), to: toIso(window.to), reason: window.reason },
  ],
  ['thresholds', 'terminal.thresholds', ({ thresholds }) => thresholds && thresholdTexts(thresholds)],
  [
    'acknowledged',
    'terminal.acknowledge',
    ({ acknowledged: known }) => known && { until: toIso(known.until), reason: known.reason },
  ],
]
