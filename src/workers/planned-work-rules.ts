import type { MaintenanceRule } from '../core/outage/outage.ts'
import { firstOverlap, PLANNED_AHEAD, planRule, windowsAhead } from '../core/outage/recurrence.ts'
import type { RuleFault } from '../core/outage/rule-fault.ts'
import { DAY, HOUR, MINUTE, toIso } from '../core/time.ts'
import type { Clock, Log, Stop, Timetable } from '../ports.ts'
import type { PlannedWorkBook } from './planned-work-book.ts'
import { addWindow, type Draft, deleteWindow, NO_CHANGE, SYSTEM } from './planned-work-draft.ts'

export type RulesDeps = {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly book: PlannedWorkBook
  readonly timetable: Pick<Timetable, 'fault' | 'next'>
  /** One change after the other. */
  readonly inTurn: (task: () => Promise<void>) => Promise<void>
  readonly log: Log
}

const SHORTEST_MS = MINUTE
const LONGEST_MS = 7 * DAY
const MOST_RULES = 100
/** So many times ahead a rule is looked at for windows that overlap. */
const LOOKED_AHEAD = 40
const RETRY_MS = MINUTE

/** Plans the windows of the rules ahead of time: at the start, when one of them begins, and every hour. */
export function createRulePlans({ clock, book, timetable, inTurn, log }: RulesDeps, zone: string) {
  let stopTimer: Stop = () => {}
  let stopped = false

  /** The draft with what the rule needs now: its next windows, and no window of another time zone. */
  function complete(rule: MaintenanceRule, draft: Draft): Draft {
    const hand = { actor: SYSTEM, at: clock.now() }
    const ahead = windowsAhead(book.windows.values(), rule.id, hand.at)
    const times = timetable.next(rule.cron, zone, PLANNED_AHEAD + ahead.length)
    const { add, remove } = planRule(times, ahead, hand.at)
    let planned = draft
    for (const window of remove) planned = deleteWindow(planned, window, hand)
    for (const from of add) {
      const { reason, announce: announced, durationMs } = rule
      const id = book.windowId(from, planned)
      planned = addWindow(
        planned,
        { id, from, to: from + durationMs, reason, announced, rule: rule.id },
        hand,
      )
    }
    return planned
  }

  /** One rule that cannot be planned keeps no other from it. */
  async function planOne(rule: MaintenanceRule): Promise<boolean> {
    try {
      const draft = complete(rule, NO_CHANGE)
      if (draft !== NO_CHANGE) await book.commit(draft)
      return true
    } catch (error) {
      log.error('the next planned work of a rule cannot be planned, trying on', { rule: rule.id, error })
      return false
    }
  }

  async function plan(): Promise<void> {
    let failed = false
    await inTurn(async () => {
      for (const rule of [...book.rules.values()]) failed = !(await planOne(rule)) || failed
    })
    arm(failed ? RETRY_MS : untilNext())
  }

  function untilNext(): number {
    const now = clock.now()
    const begins = [...book.windows.values()].filter(({ rule, from }) => rule !== undefined && from > now)
    return Math.min(HOUR, ...begins.map(({ from }) => from - now))
  }

  function arm(delayMs: number): void {
    stopTimer()
    if (!stopped) stopTimer = clock.after(delayMs, plan)
  }

  return {
    complete,
    /** Never rejects: a store that fails is told of in the log and asked again. */
    plan,
    /** The windows have changed. */
    rearm: (): void => arm(untilNext()),
    stop(): void {
      stopped = true
      stopTimer()
    },
    /** What is wrong with a new rule; null when nothing is. */
    fault({ cron, durationMs }: Pick<MaintenanceRule, 'cron' | 'durationMs'>): RuleFault | null {
      const fault = timetable.fault(cron)
      if (fault !== null) return { code: fault.code, text: `cron ${fault.text}` }
      if (!(durationMs >= SHORTEST_MS && durationMs <= LONGEST_MS)) {
        return { code: 'duration', text: 'duration must be between 1m and 7d' }
      }
      if (book.rules.size >= MOST_RULES) {
        return { code: 'full', text: `there are ${MOST_RULES} rules already: delete one first` }
      }
      const overlap = firstOverlap(timetable.next(cron, zone, LOOKED_AHEAD), durationMs)
      if (overlap === undefined) return null
      const text = `duration is too long: at ${toIso(overlap)} one would begin before the one before it is over`
      return { code: 'overlap', text }
    },
  }
}
