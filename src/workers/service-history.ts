import type { Span } from '../core/outage/planned-work.ts'
import type { Segment, Uptime, UptimeReport } from '../core/outage/status.ts'
import { timeline } from '../core/outage/timeline.ts'
import { addSegments, NO_TIME, uptimeOf } from '../core/outage/uptime.ts'
import type { Round, Verdict } from '../core/outage/verdict.ts'
import { HOUR, type Instant } from '../core/time.ts'
import type { Clock, OutageStore, TraceRow } from '../ports.ts'

export type HistoryDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<OutageStore, 'trace'>
  /** Those that count: none when planned work does not pause the clock. */
  readonly windows: () => readonly Span[]
}

export type HistoryOptions = { readonly components: readonly string[]; readonly largestGapMs: number }

/** The past of the watched service, from its rounds. What lies in the future is cut off. */
export function createServiceHistory(deps: HistoryDeps, options: HistoryOptions) {
  /** The verdicts on either side of the range say what its ends are; rounds under older settings were further apart. */
  const marginMs = Math.max(options.largestGapMs, 3 * HOUR)

  function load({ from, to }: Span): Promise<readonly TraceRow[]> {
    return deps.store.trace(from - marginMs, to + marginMs)
  }

  function upToNow(from: Instant, to: Instant): Span {
    const end = Math.min(to, deps.clock.now())
    return { from: Math.min(from, end), to: end }
  }

  return {
    async timeline(from: Instant, to: Instant): Promise<readonly Segment[]> {
      const range = upToNow(from, to)
      return timeline(await load(range), deps.windows(), range)
    },
    async uptime(from: Instant, to: Instant): Promise<UptimeReport> {
      const range = upToNow(from, to)
      const rows = await load(range)
      const uptime = (own: Iterable<TraceRow>): Uptime =>
        uptimeOf(addSegments(NO_TIME, timeline(own, deps.windows(), range)))
      const components = options.components.map((id) => ({ id, ...uptime(ofComponent(rows, id)) }))
      return { ...range, ...uptime(rows), components }
    },
  }
}

/** The same rounds with the component's own results as verdicts. */
function* ofComponent(rows: readonly TraceRow[], id: string): Generator<TraceRow> {
  for (const row of rows) yield row.kind === 'step' ? row : { ...row, verdict: ownVerdict(row, id) }
}

/** A failure in an UNKNOWN round may be our own. */
function ownVerdict(round: Round, id: string): Verdict {
  const result = round.components.find((component) => component.id === id)?.result
  if (result?.kind === 'ok') return 'ok'
  return result?.kind === 'failed' && round.verdict !== 'unknown' ? 'fail' : 'unknown'
}
