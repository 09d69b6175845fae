import { type Fleet, isFull } from '../fleet/fleet.ts'
import { rowFor } from '../fleet/spoken-names.ts'
import type { StoredIncident } from '../freshness/mass/incident.ts'
import { MASS_EVERY, type MassOutcome } from '../freshness/mass/mass.ts'
import { applyTold } from '../freshness/polled.ts'
import { noteMissing, noteNamed } from '../freshness/polls.ts'
import { isParked } from '../freshness/registers.ts'
import type { SourceWatch } from '../freshness/source-watch.ts'
import { CODE } from '../freshness/state.ts'
import { takeObservation, takePolled } from '../freshness/take.ts'
import type { Observation } from '../telemetry/observation.ts'
import { DAY, type Instant, toIso } from '../time.ts'
import { idleEvaluations } from './idle-evaluations.ts'
import { createKnownRows } from './known-rows.ts'
import { createOrdering, type Finding } from './ordered-output.ts'
import { createReplayJudge } from './replay-judge.ts'
import type { PollLine, ReplayLine } from './replay-line.ts'
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
 * another one (next-change.ts), before and after the lines of an instant that are about it; all are when something
 * happens to a source. So the findings are those of a service that judges everything each millisecond, at a small part
 * of the work.
 */
export function createFleetReplay(fleet: Fleet, options: ReplayOptions) {
  const timers = createRowTimers()
  const known = createKnownRows(fleet)
  const ordering = createOrdering(options.found)
  const judge = createReplayJudge(fleet, timers, (transition) => {
    ordering.add({ kind: 'transition', at: transition.at, transition })
  })
  const counts: ReplayCounts = { from: null, to: null, observations: 0, late: 0 }
  let sources: ReplaySources | undefined
  let now: Instant = -Infinity
  /** Polls of this instant: which terminals they leave out is to be taken in before them. */
  let answered: { readonly watch: SourceWatch; readonly line: PollLine }[] = []
  /** Rows of which something was said at this instant, and whether it was said of a source and so of all. */
  const touched = new Set<number>()
  let isSourceTouched = false
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
    else if (at > now) endInstant()
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
      judge.row(row, at, fleet.table.leaveAt[row] === at ? at : at - 1)
    }
    if (sources?.look(at)) judge.all(at, at - 1)
    if (sources?.endDue(at)) judge.all(at, at)
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
    if (isBlinded) judge.all(now, now)
    if (isBlinded || opened.length + closed.length > 0) stirredAt = now
  }

  function keepIncidents(action: 'open' | 'close', stored: readonly StoredIncident[]): void {
    for (const { incident } of stored) ordering.add({ kind: 'incident', at: now, action, incident })
  }

  /** The lines of an instant count together, in whatever order they come. */
  function endInstant(): void {
    if (!isSourceTouched && touched.size === 0) return
    for (const { watch, line } of answered) sources?.polled(watch, line)
    // A poll that comes late in the file may be too old by now.
    if (isSourceTouched) sources?.look(now)
    if (isSourceTouched) judge.all(now, now)
    else for (const row of touched) judge.row(row, now, now)
    answered = []
    isSourceTouched = false
    touched.clear()
    plan()
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

  function takeSnapshot(watch: SourceWatch, number: number, snapshot: Observation, told: boolean): void {
    const { polls } = watch
    if (!polls) return
    const row = rowFor(fleet, snapshot.terminalId, number, now)
    if (told) applyTold(fleet.table, row, snapshot, number)
    else {
      takePolled(fleet, row, snapshot, number, polls)
      noteNamed(polls, row)
    }
    touched.add(row)
  }

  /** Who is fresh stays so when its registers grow, unless other limits hold for it from now on. */
  function takePushed(number: number, raw: Observation, idIndex: number): void {
    const { table, thresholds } = fleet
    const row = known.rowOf(raw, number, idIndex)
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
    if (!isSame) touched.add(row)
    if (fleet.mergers.length === 0) return
    for (const { into } of fleet.mergers) touched.add(fleet.rows.get(into) ?? row)
    touched.add(row)
    known.forget()
    fleet.mergers = []
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
        case 'poll':
          answered.push({ watch, line })
          isSourceTouched = true
          return undefined
        case 'blind':
          sources?.blind(watch, line, now)
          isSourceTouched = true
          return undefined
      }
    },
    /** The recording is over; the time up to which it was judged. */
    finish(): void {
      endInstant()
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
