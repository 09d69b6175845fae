import type { Actor } from '../core/audit.ts'
import type { MaintenanceRule, MaintenanceWindow } from '../core/outage/outage.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { isTakenBack, windowsAhead } from '../core/outage/recurrence.ts'
import type { RuleFault } from '../core/outage/rule-fault.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, Log, PlannedWorkStore, Timetable } from '../ports.ts'
import { type BookDeps, createPlannedWorkBook } from './planned-work-book.ts'
import {
  addRule,
  addWindow,
  deleteRule,
  deleteWindow,
  endWindow,
  NO_CHANGE,
  takeWindowBack,
} from './planned-work-draft.ts'
import { createRulePlans } from './planned-work-rules.ts'

export type PlannedWorkDeps = BookDeps & {
  readonly clock: Clock
  readonly store: PlannedWorkStore
  readonly timetable: Pick<Timetable, 'fault' | 'next'>
  readonly log: Log
}

/** Windows that are removed in one transaction when they were over long ago. */
const REMOVED_AT_ONCE = 300

type NewWindow = Pick<MaintenanceWindow, 'from' | 'to' | 'reason'> & { readonly announce: boolean }

/**
 * Planned work: windows, and the rules that make them ahead of time. Every change is one transaction with its audit
 * entries and its letters; methods reject with StoreError when nothing was stored. `zone`: in which rules are read.
 */
export async function createPlannedWork(deps: PlannedWorkDeps, options: { readonly zone: string }) {
  const { clock, store } = deps
  let newest: Promise<unknown> = Promise.resolve()
  const book = createPlannedWorkBook({ ...deps, changed }, await store.load())
  const { windows } = book
  const plans = createRulePlans({ ...deps, book, inTurn }, options.zone)

  function changed(): void {
    deps.changed()
    plans.rearm()
  }

  /** One change after the other. */
  function inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    const done = newest.then(task)
    newest = done.catch(() => {})
    return done
  }

  async function add({ from, to, reason, announce }: NewWindow, actor: Actor) {
    const at = clock.now()
    if (from < at) return 'past'
    const window = { id: book.windowId(from, NO_CHANGE), from, to, reason, announced: announce }
    await book.commit(addWindow(NO_CHANGE, window, { actor, at }))
    return window
  }

  async function remove(id: string, actor: Actor) {
    const window = windows.get(id)
    const hand = { actor, at: clock.now() }
    if (window === undefined || isTakenBack(window)) return 'missing'
    if (window.to <= hand.at) return 'over'
    if (window.from < hand.at) {
      await book.commit(endWindow(NO_CHANGE, window, hand))
      return 'ended'
    }
    const goesOn = window.rule !== undefined && book.rules.has(window.rule)
    await book.commit((goesOn ? takeWindowBack : deleteWindow)(NO_CHANGE, window, hand))
    return 'removed'
  }

  async function plan(rule: Omit<MaintenanceRule, 'id'>, actor: Actor) {
    const fault = plans.fault(rule)
    if (fault !== null) return { fault }
    const added = { ...rule, id: book.ruleId() }
    await book.commit(plans.complete(added, addRule(NO_CHANGE, added, { actor, at: clock.now() })))
    return added
  }

  async function forget(id: string, actor: Actor) {
    const rule = book.rules.get(id)
    if (rule === undefined) return 'missing'
    const hand = { actor, at: clock.now() }
    let draft = deleteRule(NO_CHANGE, rule, hand)
    for (const window of windowsAhead(windows.values(), id, hand.at)) {
      draft = deleteWindow(draft, window, hand)
    }
    await book.commit(draft)
    return 'removed'
  }

  async function removeOver(before: Instant): Promise<number> {
    const over = [...windows.values()].filter(({ from, to }) => Math.max(from, to) < before)
    const deleteWindows = over.slice(0, REMOVED_AT_ONCE).map(({ id }) => id)
    if (deleteWindows.length > 0) await book.commit({ ...NO_CHANGE, deleteWindows })
    return deleteWindows.length
  }

  return {
    /** Plans what the rules lack by now and goes on doing so. */
    start: plans.plan,
    stop: plans.stop,
    /** Through `mergeWindows`. */
    merged: (): readonly Span[] => book.merged(),
    list: (): readonly MaintenanceWindow[] =>
      [...windows.values()].filter((window) => !isTakenBack(window)).sort((a, b) => a.from - b.from),
    rules: (): readonly MaintenanceRule[] => [...book.rules.values()],
    /** Whether there is this window, and it lies ahead or goes on. */
    isPlanned(id: string): boolean {
      const window = windows.get(id)
      return window !== undefined && !isTakenBack(window) && window.to > clock.now()
    },

    /** `past`: letters may rest on what has been, so a window cannot begin there. */
    add: (window: NewWindow, actor: Actor): Promise<MaintenanceWindow | 'past'> =>
      inTurn(() => add(window, actor)),
    /** Ends a running window now, deletes one that has not begun. */
    remove: (id: string, actor: Actor): Promise<'removed' | 'ended' | 'over' | 'missing'> =>
      inTurn(() => remove(id, actor)),
    /** The next windows of the rule are planned with it. */
    addRule: (
      rule: Omit<MaintenanceRule, 'id'>,
      actor: Actor,
    ): Promise<MaintenanceRule | { readonly fault: RuleFault }> => inTurn(() => plan(rule, actor)),
    /** Removes some windows that were over before an instant; how many, 0: there are no more. */
    removeOver: (before: Instant): Promise<number> => inTurn(() => removeOver(before)),
    /** Also deletes its windows that have not begun. */
    removeRule: (id: string, actor: Actor): Promise<'removed' | 'missing'> => inTurn(() => forget(id, actor)),
  }
}

export type PlannedWork = Awaited<ReturnType<typeof createPlannedWork>>
