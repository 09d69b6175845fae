import { addSource, type Fleet, MOST_SOURCES } from '../fleet/fleet.ts'
import { addBlind } from '../freshness/blindness.ts'
import { lookAtPolls, noteJump, notePoll } from '../freshness/polled-watch.ts'
import { pollsHoldMs } from '../freshness/polls.ts'
import {
  beginBlind,
  createSourceWatch,
  endCause,
  type SourceWatch,
  type WatchSettings,
} from '../freshness/source-watch.ts'
import type { Instant } from '../time.ts'
import type { BlindLine, PollLine } from './replay-line.ts'

export type ReplaySourcesOptions = {
  readonly configured: readonly WatchSettings[]
  /** Of a source that is not configured. */
  readonly unknown: (id: string) => WatchSettings
  readonly warn: (text: string) => void
}

/** The sources of a replay: who is heard when, as far as the recording tells (spec/freshness.md 3). */
export type ReplaySources = ReturnType<typeof createReplaySources>

/** Sources of a service that starts at `startedAt` and hears at once; a polled one with its first good poll. */
export function createReplaySources(
  fleet: Fleet,
  startedAt: Instant,
  { configured, unknown, warn }: ReplaySourcesOptions,
) {
  /** When the stretches that were told with their ends are over. */
  const ends = new Map<SourceWatch, Instant>()
  /** Beginnings of those that were told without. */
  const open = new Map<SourceWatch, Instant>()
  const warned = new Set<string>()
  for (const settings of configured) add(settings)

  function add(settings: WatchSettings): SourceWatch {
    const watch = createSourceWatch(settings, startedAt, startedAt, [])
    addSource(fleet, watch)
    return watch
  }

  function warnOnce(text: string): void {
    if (warned.size < MOST_SOURCES && !warned.has(text)) warn(text)
    warned.add(text)
  }

  function find(id: string): SourceWatch | string {
    const known = fleet.sources[(fleet.sourceNumbers.get(id) ?? 0) - 1]
    if (known) return known
    if (fleet.sources.length >= MOST_SOURCES) return `there are more than ${MOST_SOURCES} sources`
    warnOnce(
      `source ${id} is not in the configuration; it counts as one that pushes, with the default interval`,
    )
    return add(unknown(id))
  }

  /** What a blind polled source means: the service itself heard nobody. That polls fail is told by their absence. */
  function causeOf({ polls }: SourceWatch): 'link' | 'outage' {
    return polls ? 'outage' : 'link'
  }

  function begin(watch: SourceWatch, { from, to }: BlindLine, now: Instant): void {
    beginBlind(watch, causeOf(watch), Math.min(from, now))
    if (to === null) open.set(watch, from)
    else ends.set(watch, Math.max(ends.get(watch) ?? to, to))
  }

  function end(watch: SourceWatch, at: Instant): void {
    endCause(watch, causeOf(watch), at)
    ends.delete(watch)
    open.delete(watch)
  }

  function nextEnd(watch: SourceWatch): Instant {
    return open.has(watch) ? Infinity : (ends.get(watch) ?? Infinity)
  }

  return {
    find,
    /** The source hears nothing from now on, or it is found out that it has not heard. */
    blind(watch: SourceWatch, line: BlindLine, now: Instant): void {
      const { from, to } = line
      if (to === null || to > now) {
        begin(watch, line, now)
        if (to !== null && open.get(watch) === from) open.delete(watch)
      } else if (open.get(watch) === from) end(watch, to)
      else if (watch.polls) noteJump(watch, from, to)
      else addBlind(watch.blindness, from, to)
    },
    polled(watch: SourceWatch, { at, sentAt }: PollLine): void {
      if (watch.polls) notePoll(watch, { sentAt, answeredAt: at })
      else warnOnce(`source ${watch.id} is not polled in the configuration; its polls are left out`)
    },
    /** When something next happens to a source by itself. */
    nextAt(): Instant {
      let next = Infinity
      for (const watch of fleet.sources) {
        next = Math.min(next, nextEnd(watch))
        const { polls, causes } = watch
        if (polls && !causes.has('link')) next = Math.min(next, polls.answeredAt + pollsHoldMs(polls) + 1)
      }
      return next
    },
    /** Stretches whose end has come; true: there was one. */
    endDue(now: Instant): boolean {
      const due = fleet.sources.filter((watch) => nextEnd(watch) <= now)
      for (const watch of due) end(watch, nextEnd(watch))
      return due.length > 0
    },
    /** Polled sources whose last good poll is too old by now; true: there was one. */
    look: (now: Instant): boolean => fleet.sources.filter((watch) => lookAtPolls(watch, now)).length > 0,
  }
}
