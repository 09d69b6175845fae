import type { Actor } from '../core/audit.ts'
import { act } from '../core/outage/action.ts'
import { auditAction } from '../core/outage/action-audit.ts'
import { hastenBulletin } from '../core/outage/bulletins.ts'
import { decide } from '../core/outage/clock.ts'
import type { ClockState, OutagePolicy } from '../core/outage/clock-state.ts'
import type { ActionRefusal, OutageAction } from '../core/outage/handling.ts'
import type { Outage } from '../core/outage/outage.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { proven } from '../core/outage/proven.ts'
import type { ClockStep, Round } from '../core/outage/verdict.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock, Log, OutageStore, TraceRow } from '../ports.ts'
import type { HoldClaims } from './claim-hold.ts'
import { createCommits, type LetterPlanner, type Order } from './prober-commits.ts'
import { tellEvents } from './prober-events.ts'

export type LedgerDeps = {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly store: Pick<OutageStore, 'append' | 'commit'>
  readonly letters: LetterPlanner
  readonly holdClaims: HoldClaims
  readonly windows: () => readonly Span[]
  readonly log: Log
  /** Called when letters were stored, so that they leave at once. */
  readonly lettersStored: () => void
}

export type LedgerOptions = { readonly policy: OutagePolicy; readonly updateEveryMs: number }

export type LedgerStart = {
  readonly clock: ClockState
  readonly newest: Round | null
  /** Outages to be saved. */
  readonly unsaved: readonly Outage[]
  /** A step of the wall clock that nobody saw, to be stored. */
  readonly missedStep: ClockStep | null
  /** When the last row was made, after which nothing is known of the process before; null: there is no row. */
  readonly lastRowAt: Instant | null
}

export type ActionResult =
  | { readonly kind: 'done'; readonly outage: Outage }
  | { readonly kind: 'refused'; readonly reason: ActionRefusal }

const SAVING = 'an outage and its letters cannot be saved'
/** An update that could not be stored is planned anew after so long. */
const UPDATE_RETRY_MS = 10 * SECOND

export type Ledger = ReturnType<typeof createLedger>

/**
 * Row, then decision, then one transaction of outage and letters. Calls must not overlap. What rows decided and could
 * not be saved is kept and comes first at the next call, so that a due letter is never lost to a full disk.
 */
export function createLedger(deps: LedgerDeps, { policy, updateEveryMs }: LedgerOptions, start: LedgerStart) {
  let { clock, newest } = start
  const unsaved = new Map(start.unsaved.map((outage) => [outage.id, outage]))
  const troubles = new Map<string, string>()
  /** Clock steps that are not stored yet: without them the time before and after would be taken for one. */
  const steps: ClockStep[] = start.missedStep === null ? [] : [start.missedStep]
  /** Of this outage this run has seen a FAIL. */
  let witnessed: string | null = null
  /** The newest outage that ended in this run. */
  let ended: Outage | null = null
  /** A round was stored since the start and since the last step: what is proven is no guess. */
  let observed = false
  let updateRetryMs = Number.NEGATIVE_INFINITY
  const store = createCommits(
    { ...deps, proven: (at) => proven(clock, at), witnessed: (id) => witnessed === id },
    updateEveryMs,
  )

  async function guarded(action: string, call: () => Promise<void>): Promise<boolean> {
    try {
      await call()
      works(action)
      return true
    } catch (error) {
      if (!troubles.has(action)) deps.log.error('the outage store failed', { action, error })
      troubles.set(action, `${action}: ${error instanceof Error ? error.message : String(error)}`)
      return false
    }
  }

  function works(action: string): void {
    if (troubles.delete(action)) deps.log.info('the outage store works again', { action })
  }

  async function commit(order: Order | null): Promise<void> {
    const stored = await store([...unsaved.values()], order)
    unsaved.clear()
    for (const outage of stored) adopt(outage)
  }

  /** The fold goes on from what is stored. */
  function adopt(outage: Outage): void {
    if (clock.open?.outage.id !== outage.id) return
    clock = { ...clock, open: { ...clock.open, outage } }
  }

  async function save(): Promise<boolean> {
    return unsaved.size === 0 || guarded(SAVING, () => commit(null))
  }

  async function take(row: TraceRow): Promise<boolean> {
    const append = (): Promise<void> => deps.store.append(row)
    if (!(await guarded('a probe round cannot be stored', append))) return false
    const decision = decide(clock, row, deps.windows(), policy)
    clock = decision.clock
    if (row.kind === 'round') note(row)
    tellEvents(deps.log, decision.events)
    if (decision.changed !== null) {
      if (decision.changed.end !== null) ended = decision.changed
      unsaved.set(decision.changed.id, decision.changed)
      await save()
    }
    return true
  }

  function note(round: Round): void {
    newest = round
    observed = true
    if (round.verdict === 'fail') witnessed = clock.open?.outage.id ?? null
  }

  /** Saved with the next row, so that a restart does not make the recipients wait anew. */
  function hasten(): void {
    const outage = clock.open?.outage
    if (outage?.state !== 'open') return
    const bulletins = hastenBulletin(outage.bulletins, deps.clock.now(), updateEveryMs)
    if (bulletins === outage.bulletins) return
    const hastened = { ...outage, bulletins }
    unsaved.set(hastened.id, hastened)
    adopt(hastened)
  }

  /** The open outage when its next update may be due: what is proven must be known. */
  function updatable(): Outage | null {
    const outage = clock.open?.outage
    return observed && outage?.state === 'open' && outage.bulletins.nextAt !== null ? outage : null
  }

  hasten()

  return {
    clock: (): ClockState => clock,
    /** The newest round that was stored. */
    newest: (): Round | null => newest,
    ended: (): Outage | null => ended,
    /** As it is decided, which may be ahead of what is stored. */
    unsaved: (): readonly Outage[] => [...unsaved.values()],
    /** Empty: everything that was decided is stored. */
    troubles: (): readonly string[] => [...troubles.values()],
    save,

    /**
     * False: the row is not stored, so nothing was decided from it. A clock step is kept and comes before the next
     * row.
     */
    async record(row: TraceRow): Promise<boolean> {
      await save()
      if (row.kind === 'step') {
        steps.push(row)
        observed = false
      }
      for (let step = steps[0]; step !== undefined; step = steps[0]) {
        if (!(await take(step))) return false
        steps.shift()
      }
      return row.kind === 'step' || take(row)
    },

    /**
     * What somebody does about the outage that has not ended; undefined when that is another one. Rejects when it
     * cannot be stored, and then nothing happened.
     */
    async act(id: string, action: OutageAction, actor: Actor): Promise<ActionResult | undefined> {
      const outage = clock.open?.outage
      if (outage === undefined || outage.id !== id) return undefined
      const at = deps.clock.now()
      const acted = act(outage, action, { by: actor.name, at })
      if (acted.kind === 'refused') return acted
      const audit = [auditAction(action, outage, acted.outage, actor, at)]
      await commit({ at, outage: acted.outage, news: acted.news, audit })
      works(SAVING)
      return { kind: 'done', outage: clock.open?.outage ?? acted.outage }
    },

    /** Whether the time of the next update has come. */
    updateDue(): boolean {
      hasten()
      const outage = updatable()
      const now = deps.clock.now()
      return (
        outage !== null &&
        (outage.bulletins.nextAt ?? now + 1) <= now &&
        deps.clock.monotonic() >= updateRetryMs
      )
    },

    /** Issues the next update when its time has come. */
    async update(): Promise<void> {
      const outage = updatable()
      const now = deps.clock.now()
      if (outage === null || (outage.bulletins.nextAt ?? now + 1) > now) return
      if (await guarded(SAVING, () => commit({ at: now, outage, news: true, audit: [] }))) return
      updateRetryMs = deps.clock.monotonic() + UPDATE_RETRY_MS
    },
  }
}
