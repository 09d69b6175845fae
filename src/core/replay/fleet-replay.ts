import { type Fleet, isFull } from '../fleet/fleet.ts'
import { identify } from '../fleet/identify.ts'
import { rowFor } from '../fleet/spoken-names.ts'
import { takeDirty } from '../fleet/terminal-table.ts'
import type { StoredIncident } from '../freshness/mass/incident.ts'
import { MASS_EVERY, type MassOutcome } from '../freshness/mass/mass.ts'
import { applyTold } from '../freshness/polled.ts'
import { noteMissing, noteNamed } from '../freshness/polls.ts'
import { isParked } from '../freshness/registers.ts'
import type { SourceWatch } from '../freshness/source-watch.ts'
import { CODE, type Transition } from '../freshness/state.ts'
import { beginSweep, sweepRows } from '../freshness/sweep.ts'
import { takeObservation, takePolled } from '../freshness/take.ts'
import type { Observation } from '../telemetry/observation.ts'
import { DAY, type Instant, toIso } from '../time.ts'
import { idleEvaluations } from './idle-evaluations.ts'
import { nextChange } from './next-change.ts'
import { createOrdering, type Finding } from './ordered-output.ts'
import type { ReplayLine } from './replay-line.ts'
import { createReplaySources, type ReplaySources, type ReplaySourcesOptions } from './replay-sources.ts'
import { createRowTimers } from './row-timers.ts'

export type ReplayOptions = Omit<ReplaySourcesOptions, 'warn'> & {
  /** Called at the first line, before it counts: terminals of an inventory are registered. */
  readonly started: (at: Instant) => void
  /** Mass silence, every 30 s (spec/freshness.md 7). */
  readonly evaluate: (now: Instant) => Pick<MassOutcome, 'opened' | 'closed'>
  readonly found: (finding: Finding) => void
  readonly warn: (text: string) => void
}

export type ReplayCounts = {
  /** First line, and how far the clock has run; null before the first line. */
  from: Instant | null
  to: Instant | null
  observations: number
  /** Lines that were earlier than one before them. */
  late: number
}

/** A line further ahead has a damaged time, unless the next one confirms it: all that follow would be late. */
const LONGEST_JUMP = 400 * DAY

/**
 * Recorded lines through the rules of the service on virtual time. A row is judged whenever its state may have become
 * another one (next-change.ts), before and after what is said of it; all are when something happens to a source. So
 * the findings are those of a service that judges everything each millisecond, at a small part of the work.
 */
export function createFleetReplay(fleet: Fleet, options: ReplayOptions) {
  const timers = createRowTimers()
  const ordering = createOrdering(options.found)
  const counts: ReplayCounts = { from: null, to: null, observations: 0, late: 0 }
  let sources: ReplaySources | undefined
  /** Where ids led, by their number (interning.ts): to look one up in the fleet is much more work. */
  let rows: number[] = []
  let now: Instant = -Infinity
  let lastSource = ''
  let lastNumber = 0
  let massAt: Instant = Infinity
  /** When something other than an evaluation happened last. */
  let stirredAt: Instant = -Infinity
  /** Time of a line that was refused because it is far ahead; NaN: the last one was not. */
  let doubtedAt: Instant = Number.NaN
  /** Before this nothing happens by itself. */
  let quietUntil: Instant = -Infinity

  /** Goes on to the time of a line; a text: that is no time of this recording. */
  function goTo(at: Instant): string | undefined {
    if (sources !== undefined && at - now > LONGEST_JUMP && !(Math.abs(at - doubtedAt) <= LONGEST_JUMP)) {
      doubtedAt = at
      return `${toIso(at)} is more than 400 days after the line before it, and not confirmed by one next to it`
    }
    runTo(at)
    return undefined
  }

  function runTo(at: Instant): void {
    doubtedAt = Number.NaN
    if (sources === undefined) start(at)
    if (at < now) counts.late += 1
    else if (at >= quietUntil) advance(at)
    else now = at
  }

  function start(at: Instant): void {
    now = at
    counts.from = at
    sources = createReplaySources(fleet, at, options)
    options.started(at)
    for (let row = 0; row < fleet.inventory.length; row++) timers.set(row, at + 1)
    massAt = at + MASS_EVERY
    plan()
  }

  function plan(): void {
    quietUntil = Math.min(timers.earliest(), massAt, sources?.nextAt() ?? Infinity)
  }

  function advance(to: Instant): void {
    stirredAt = now
    for (; quietUntil <= to; plan()) if (!passRest(to)) step(quietUntil)
    now = to
    counts.to = to
    ordering.settle(now - 1)
  }

  /** Leaves out evaluations that find nothing; false: there are none. */
  function passRest(to: Instant): boolean {
    const nextAt = Math.min(to, timers.earliest(), sources?.nextAt() ?? Infinity)
    const count = idleEvaluations(fleet, massAt, stirredAt, nextAt)
    massAt += count * MASS_EVERY
    return count > 0
  }

  /** What happens by itself at `at`. What is exceeded is so since the millisecond before. */
  function step(at: Instant): void {
    now = at
    ordering.settle(at - 1)
    if (timers.earliest() <= at || (sources?.nextAt() ?? Infinity) <= at) stirredAt = at
    while (timers.earliest() <= at) {
      const row = timers.take()
      judge(row, fleet.table.leaveAt[row] === at ? at : at - 1)
    }
    if (sources?.look(at)) judgeAll(at - 1)
    if (sources?.endDue(at)) judgeAll(at)
    if (at < massAt) return
    massAt += MASS_EVERY
    evaluate()
  }

  function evaluate(): void {
    const before = blindnessOf(fleet.sources)
    const { opened, closed } = options.evaluate(now)
    keepIncidents('open', opened)
    keepIncidents('close', closed)
    const isBlinded = blindnessOf(fleet.sources) !== before
    if (isBlinded) judgeAll(now)
    if (isBlinded || opened.length + closed.length > 0) stirredAt = now
  }

  function keepIncidents(action: 'open' | 'close', stored: readonly StoredIncident[]): void {
    for (const { incident } of stored) ordering.add({ kind: 'incident', at: now, action, incident })
  }

  function judge(row: number, previously: Instant): void {
    const transitions: Transition[] = []
    sweepRows(fleet, beginSweep(fleet, now), previously, row, row + 1, transitions)
    keep(transitions)
    timers.set(row, nextChange(fleet, row, now))
  }

  function judgeAll(previously: Instant): void {
    const transitions: Transition[] = []
    sweepRows(fleet, beginSweep(fleet, now), previously, 0, fleet.inventory.length, transitions)
    keep(transitions)
    for (let row = 0; row < fleet.inventory.length; row++) timers.set(row, nextChange(fleet, row, now))
    // Nothing of it is ever stored.
    takeDirty(fleet.table)
    fleet.changedInventory.clear()
    fleet.learnt = []
    fleet.disputed = []
    fleet.changedIncidents = []
    fleet.changedBaselines = []
  }

  function keep(transitions: readonly Transition[]): void {
    for (const transition of transitions) ordering.add({ kind: 'transition', at: transition.at, transition })
  }

  function observe(given: Observation, told = false, idIndex = -1): string | undefined {
    const fault = goTo(given.receivedAt)
    if (fault !== undefined) return fault
    const raw = inTime(given, now)
    const number = raw.source === lastSource ? lastNumber : numberOf(raw.source)
    const watch = fleet.sources[number - 1]
    if (!watch) return 'there are too many sources'
    if (isFull(fleet) && !fleet.rows.has(raw.terminalId)) return 'there are more than 2,000,000 terminals'
    counts.observations += 1
    if (watch.polls && raw.kind === 'snapshot') takeSnapshot(watch, number, raw, told)
    else takePushed(number, raw, idIndex)
    return undefined
  }

  function numberOf(source: string): number {
    if (typeof sources?.find(source) === 'string') return 0
    lastSource = source
    lastNumber = fleet.sourceNumbers.get(source) ?? 0
    return lastNumber
  }

  /** Who is in an answer is judged with all others once the poll is told, or else as soon as time goes on. */
  function takeSnapshot(watch: SourceWatch, number: number, snapshot: Observation, told: boolean): void {
    const { polls } = watch
    if (!polls) return
    const row = rowFor(fleet, snapshot.terminalId, number, now)
    if (told) {
      applyTold(fleet.table, row, snapshot, number)
      judge(row, now)
    } else {
      takePolled(fleet, row, snapshot, number, polls)
      noteNamed(polls, row)
      timers.set(row, now + 1)
    }
    plan()
  }

  /** As `identify`; where an id leads that is the terminal's own stays so until that is merged. */
  function rowOf(raw: Observation, number: number, idIndex: number): number {
    if (raw.aliases !== undefined || idIndex < 0) return identify(fleet, raw, number)
    const known = rows[idIndex]
    if (known !== undefined) return known
    const row = identify(fleet, raw, number)
    if (fleet.inventory.at(row)?.id === raw.terminalId) rows[idIndex] = row
    return row
  }

  /** Who is fresh stays so when its registers grow, unless other limits hold for it from now on. */
  function takePushed(number: number, raw: Observation, idIndex: number): void {
    const { table, thresholds } = fleet
    const row = rowOf(raw, number, idIndex)
    const wasParked = isParked(table, row)
    const hadFix = (table.fixAt[row] ?? 0) > 0
    const heardBy = table.source[row]
    const { [row]: movingMs } = thresholds.movingMs
    const { [row]: parkedMs } = thresholds.parkedMs
    takeObservation(fleet, row, raw, number)
    const isSame =
      table.state[row] === CODE.fresh &&
      isParked(table, row) === wasParked &&
      (table.fixAt[row] !== 0) === hadFix &&
      table.source[row] === heardBy &&
      thresholds.movingMs[row] === movingMs &&
      thresholds.parkedMs[row] === parkedMs
    if (isSame && fleet.mergers.length === 0) return
    judge(row, now)
    for (const { into } of fleet.mergers) judge(fleet.rows.get(into) ?? row, now)
    rows = []
    fleet.mergers = []
    plan()
  }

  return {
    counts,
    /**
     * Takes an observation; `told`: not of a poll. `idIndex`: number of its terminal's id (interning.ts), where one is
     * known. It is not kept.
     */
    observe,
    /** Takes a line; a text says why it cannot be taken. */
    take(line: ReplayLine): string | undefined {
      if (line.kind === 'observation') return observe(line.observation, line.told)
      if (line.kind === 'end') {
        runTo(line.at)
        return undefined
      }
      const fault = goTo(line.kind === 'blind' ? line.from : line.at)
      if (fault !== undefined) return fault
      const watch = sources?.find(line.source)
      if (watch === undefined || typeof watch === 'string') return watch
      switch (line.kind) {
        case 'missing': {
          const row = fleet.rows.get(line.terminalId) ?? -1
          const contactAt = fleet.table.contactAt[row] ?? 0
          if (watch.polls && contactAt > 0) noteMissing(watch.polls, row, contactAt)
          return undefined
        }
        case 'blind':
          sources?.blind(watch, line, now)
          break
        case 'poll':
          sources?.polled(watch, line)
          break
      }
      judgeAll(now)
      plan()
      return undefined
    },
    /** The recording is over; the time up to which it was judged. */
    finish(): void {
      ordering.settle(Infinity)
      counts.to = counts.from === null ? null : now
    },
  }
}

/** What comes too late in the file is known from now on only, but was heard when it says. */
function inTime(observation: Observation, now: Instant): Observation {
  const { receivedAt, heardAt = receivedAt } = observation
  return receivedAt >= now ? observation : { ...observation, heardAt, receivedAt: now }
}

/** Differs after any change of what the sources did not hear. */
function blindnessOf(sources: readonly SourceWatch[]): string {
  return sources.map(({ blindness: { from, to } }) => `${from.length} ${from.at(-1)} ${to.at(-1)}`).join()
}
