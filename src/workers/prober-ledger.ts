import type { LetterChange } from '../core/letters/letter.ts'
import { decide, type OutageEvent } from '../core/outage/clock.ts'
import type { ClockState, OutagePolicy } from '../core/outage/clock-state.ts'
import type { Outage } from '../core/outage/outage.ts'
import type { Span } from '../core/outage/planned-work.ts'
import type { ClockStep, Round } from '../core/outage/verdict.ts'
import { type Instant, toIso } from '../core/time.ts'
import type { Clock, Log, OutageStore, TraceRow } from '../ports.ts'

/** Decides which letters these outages owe and makes their bytes. */
export type LetterPlanner = { plan(outages: readonly Outage[], at: Instant): Promise<LetterChange> }

/** An outage to be saved; `owed`: with the letters that it owes. */
export type Unsaved = { readonly outage: Outage; readonly owed: boolean }

export type LedgerDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<OutageStore, 'append' | 'commit'>
  readonly letters: LetterPlanner
  readonly windows: () => readonly Span[]
  readonly log: Log
  /** Called when letters were stored, so that they leave at once. */
  readonly lettersStored: () => void
}

export type LedgerStart = {
  readonly clock: ClockState
  readonly newest: Round | null
  readonly unsaved: readonly Unsaved[]
}

const NO_LETTERS: LetterChange = { add: [], supersede: [] }
/** A letter that is claimed while another is planned makes a conflict; so often in a row it is a defect. */
const PLANS_PER_COMMIT = 5

/**
 * Row, then decision, then one transaction of outage and letters. Calls must not overlap. What could not be
 * saved is kept and comes first at the next call, so that a due letter is never lost to a full disk.
 */
export function createLedger(deps: LedgerDeps, policy: OutagePolicy, start: LedgerStart) {
  let { clock, newest } = start
  const unsaved = new Map(start.unsaved.map((each) => [each.outage.id, each]))
  const troubles = new Map<string, string>()
  /** Clock steps that are not stored yet: without them the time before and after would be taken for one. */
  const steps: ClockStep[] = []

  async function guarded(action: string, call: () => Promise<void>): Promise<boolean> {
    try {
      await call()
      if (troubles.delete(action)) deps.log.info('the outage store works again', { action })
      return true
    } catch (error) {
      if (!troubles.has(action)) deps.log.error('the outage store failed', { action, error })
      troubles.set(action, `${action}: ${error instanceof Error ? error.message : String(error)}`)
      return false
    }
  }

  async function commit(): Promise<void> {
    for (let plan = 1; plan <= PLANS_PER_COMMIT; plan++) {
      const changes = [...unsaved.values()]
      const owing = changes.filter(({ owed }) => owed).map(({ outage }) => outage)
      const letters = owing.length === 0 ? NO_LETTERS : await deps.letters.plan(owing, deps.clock.now())
      const outcome = await deps.store.commit({ outages: changes.map(({ outage }) => outage), letters })
      if (outcome === 'conflict') continue
      unsaved.clear()
      if (letters.add.length > 0) deps.lettersStored()
      return
    }
    throw new Error('letters were claimed while they were to be replaced, again and again')
  }

  async function save(): Promise<boolean> {
    return unsaved.size === 0 || guarded('an outage and its letters cannot be saved', commit)
  }

  function keep(outage: Outage, row: TraceRow): void {
    // Only a FAIL seen by this run is fresh evidence; the end of an outage needs none (spec/outage-clock.md 4, 5).
    const proven = row.kind === 'round' && row.verdict === 'fail' && outage.letterDueAt !== null
    const owed = proven || outage.state === 'closed' || unsaved.get(outage.id)?.owed === true
    unsaved.set(outage.id, { outage, owed })
  }

  async function store(row: TraceRow): Promise<boolean> {
    const append = (): Promise<void> => deps.store.append(row)
    if (!(await guarded('a probe round cannot be stored', append))) return false
    const decision = decide(clock, row, deps.windows(), policy)
    clock = decision.clock
    if (row.kind === 'round') newest = row
    for (const event of decision.events) announce(deps.log, event)
    if (decision.changed !== null) {
      keep(decision.changed, row)
      await save()
    }
    return true
  }

  return {
    clock: (): ClockState => clock,
    /** The newest round that was stored. */
    newest: (): Round | null => newest,
    /** As it is decided, which may be ahead of what is stored. */
    unsaved: (): readonly Outage[] => [...unsaved.values()].map(({ outage }) => outage),
    /** Empty: everything that was decided is stored. */
    troubles: (): readonly string[] => [...troubles.values()],
    save,
    /**
     * False: the row is not stored, so nothing was decided from it. A clock step is kept and comes before the next
     * row.
     */
    async record(row: TraceRow): Promise<boolean> {
      await save()
      if (row.kind === 'step') steps.push(row)
      for (let step = steps[0]; step !== undefined; step = steps[0]) {
        if (!(await store(step))) return false
        steps.shift()
      }
      return row.kind === 'step' || store(row)
    },
  }
}

const ANNOUNCEMENTS: Readonly<Record<OutageEvent['kind'], { level: 'info' | 'warn'; text: string }>> = {
  opened: { level: 'warn', text: 'an outage opened' },
  'letter-due': { level: 'warn', text: 'a letter is due' },
  'operator-alarm': {
    level: 'warn',
    text: 'an outage may be long enough for a letter, but part of it was not observed',
  },
  intermittent: { level: 'warn', text: 'an outage is intermittent' },
  closed: { level: 'info', text: 'an outage closed' },
}

function announce(log: Log, { kind, outage }: OutageEvent): void {
  const { level, text } = ANNOUNCEMENTS[kind]
  log[level](text, {
    outage: outage.id,
    start: toIso(outage.start),
    ...(outage.end === null ? {} : { end: toIso(outage.end) }),
    downMs: outage.downMs,
    possibleMs: outage.possibleMs,
    failed: outage.failed,
  })
}
