import type { Incident, IncidentDimension } from '../freshness/mass/incident.ts'
import { CODE, isSilent, type State, type Transition } from '../freshness/state.ts'
import { type Instant, MINUTE, SECOND, toIso, zoneOffsetMs } from '../time.ts'
import type { ReplayCounts } from './fleet-replay.ts'
import type { Finding } from './ordered-output.ts'

/** What thresholds make of a recording, for whoever tries them out. A flag is a change into stale or lost. */
export type FlagSummary = {
  readonly from: string | null
  readonly to: string | null
  readonly observations: number
  readonly terminals: number
  readonly flags: number
  /** Days of the configured time zone that have one. */
  readonly days: readonly { readonly day: string; readonly flags: number }[]
  readonly causes: readonly { readonly cause: string; readonly flags: number }[]
  readonly incidents: readonly IncidentSummary[]
  /** Flags that an open incident explained at once: nobody is told of these one by one. */
  readonly explained: number
  readonly mostFlagged: readonly {
    readonly terminalId: string
    readonly flags: number
    readonly silentSeconds: number
  }[]
  /** Part of all time since the terminals were first seen in which they were stale or lost; null: there was none. */
  readonly silentShare: number | null
  /** Terminals whose link was noted as unstable. */
  readonly unstable: number
}

export type IncidentSummary = {
  readonly dimension: IncidentDimension
  readonly group: string
  readonly from: string
  readonly to: string | null
  readonly terminals: number
}

/** What is added up of one terminal. */
type Tally = {
  state: State
  since: Instant
  firstAt: Instant
  flags: number
  silentMs: number
  unstable: boolean
}

const QUARTER = 15 * MINUTE
const MOST_LISTED = 10
const MOST_INCIDENTS = 1000

/** Adds up findings in their order; `zone`: the time zone whose days count. */
export function createFlagSummary(zone: string) {
  const terminals = new Map<string, Tally>()
  const days = new Map<string, number>()
  const causes = new Map<string, number>()
  const incidents = new Map<string, Incident>()
  let flags = 0
  let explained = 0
  /** Of the newest quarter of an hour: nowhere does a day begin within one. */
  let known = { quarter: Number.NaN, day: '' }

  function dayOf(at: Instant): string {
    const quarter = Math.floor(at / QUARTER)
    if (quarter !== known.quarter) {
      known = { quarter, day: toIso(at + zoneOffsetMs(at, zone)).slice(0, 10) }
    }
    return known.day
  }

  function change({ terminalId, at, to, cause, incident, note }: Transition): void {
    const tally = terminals.get(terminalId) ?? newTally(at)
    terminals.set(terminalId, tally)
    pass(tally, at)
    const isFlag = isSilent(CODE[to]) && !isSilent(CODE[tally.state])
    tally.state = to
    if (note !== undefined) tally.unstable = true
    if (!isFlag) return
    tally.flags += 1
    flags += 1
    if (incident !== undefined) explained += 1
    count(days, dayOf(at))
    count(causes, cause ?? 'unknown')
  }

  return {
    add(finding: Finding): void {
      if (finding.kind === 'transition') change(finding.transition)
      else if (incidents.size < MOST_INCIDENTS) incidents.set(finding.incident.id, finding.incident)
    },
    /** `open`: incidents that last, as they are now. */
    result({ from, to, observations }: ReplayCounts, open: Iterable<Incident>): FlagSummary {
      for (const incident of open) if (incidents.has(incident.id)) incidents.set(incident.id, incident)
      const all = [...terminals]
      for (const [, tally] of all) pass(tally, to ?? tally.since)
      const watchedMs = sum(all.map(([, tally]) => tally.since - tally.firstAt))
      const silentMs = sum(all.map(([, tally]) => tally.silentMs))
      return {
        from: from === null ? null : toIso(from),
        to: to === null ? null : toIso(to),
        observations,
        terminals: terminals.size,
        flags,
        days: [...days].map(([day, number]) => ({ day, flags: number })),
        causes: [...causes]
          .map(([cause, number]) => ({ cause, flags: number }))
          .sort((a, b) => b.flags - a.flags),
        incidents: [...incidents.values()].map(summaryOf),
        explained,
        mostFlagged: mostFlagged(all),
        silentShare: watchedMs === 0 ? null : silentMs / watchedMs,
        unstable: all.filter(([, tally]) => tally.unstable).length,
      }
    },
  }
}

function newTally(at: Instant): Tally {
  return { state: 'unknown', since: at, firstAt: at, flags: 0, silentMs: 0, unstable: false }
}

/** Time goes on up to `at`. */
function pass(tally: Tally, at: Instant): void {
  if (isSilent(CODE[tally.state])) tally.silentMs += at - tally.since
  tally.since = at
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function mostFlagged(all: readonly (readonly [string, Tally])[]): FlagSummary['mostFlagged'] {
  return all
    .filter(([, { flags }]) => flags > 0)
    .sort(([, a], [, b]) => b.flags - a.flags || b.silentMs - a.silentMs)
    .slice(0, MOST_LISTED)
    .map(([terminalId, { flags, silentMs }]) => ({
      terminalId,
      flags,
      silentSeconds: Math.round(silentMs / SECOND),
    }))
}

function summaryOf({ dimension, group, openedAt, closedAt, members }: Incident): IncidentSummary {
  const to = closedAt === null ? null : toIso(closedAt)
  return { dimension, group, from: toIso(openedAt), to, terminals: members }
}
