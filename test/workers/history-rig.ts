import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { mergeWindows, type Span } from '../../src/core/outage/planned-work.ts'
import { timeline } from '../../src/core/outage/timeline.ts'
import { addSegments, NO_TIME, type Totals } from '../../src/core/outage/uptime.ts'
import type { ComponentReading, ProbeResult, Verdict } from '../../src/core/outage/verdict.ts'
import { HOUR, type Instant, MINUTE } from '../../src/core/time.ts'
import type { OutageStore, TraceRow } from '../../src/ports.ts'
import { createServiceHistory } from '../../src/workers/service-history.ts'
import { createUptimeHours } from '../../src/workers/uptime-hours.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog } from '../support/recorders.ts'

/** A full UTC hour. */
export const START: Instant = 1_767_225_600_000
export const INTERVAL_MS = MINUTE
export const TIMEOUT_MS = 30 * 1000
export const GAP_MS = 2 * INTERVAL_MS + TIMEOUT_MS

/** Rounds that were stored, the worker that folds them and the history that people read. */
export function createHistoryRig(components: readonly string[] = ['web', 'api']) {
  const clock = createFakeClock(START)
  const stores = createMemoryStores()
  const log = createRecordingLog()
  const planned: Span[] = []
  let largestGapMs = GAP_MS
  /** Ranges that were read round by round. */
  const traced: Span[] = []
  const trace: Pick<OutageStore, 'trace'> = {
    trace: (from, to) => {
      traced.push({ from, to })
      return stores.outages.trace(from, to)
    },
  }
  let pauses = true
  const windows = (): readonly Span[] => (pauses ? mergeWindows(planned) : [])
  const worker = createUptimeHours(
    { clock, trace, hours: stores.uptime, settings: stores.settings, windows, log },
    { largestGapMs: () => largestGapMs, pauses: () => pauses },
  )
  const history = createServiceHistory(
    { clock, store: trace, hours: stores.uptime, windows },
    { components, largestGapMs: GAP_MS },
  )

  return {
    clock,
    stores,
    log,
    planned,
    traced,
    worker,
    history,
    useGap: (ms: number): void => {
      largestGapMs = ms
    },
    /** Planned work counts like any other time from now on. */
    countPlannedWork: (): void => {
      pauses = false
    },
    append: (row: TraceRow): Promise<void> => stores.outages.append(row),
    /** A round at the clock's time. */
    probe: (verdict: Verdict, results: Readonly<Record<string, Verdict>> = { web: verdict, api: 'ok' }) =>
      stores.outages.append(roundAt(clock.now(), verdict, results)),
    /** What the whole trace says, without any hour. */
    async raw(from: Instant, to: Instant): Promise<Totals> {
      const rows = await stores.outages.trace(0, Number.MAX_SAFE_INTEGER)
      return addSegments(NO_TIME, timeline(rows, windows(), { from, to }))
    },
    foldedHours: async (): Promise<readonly number[]> =>
      (await stores.uptime.hours(0, Number.MAX_SAFE_INTEGER)).map(({ at }) => (at - START) / HOUR),
  }
}

export function roundAt(
  at: Instant,
  verdict: Verdict,
  results: Readonly<Record<string, Verdict>> = {},
): TraceRow {
  const components = Object.entries(results).map(([id, result]): ComponentReading => {
    return { id, kind: 'http', counts: 'outage', checkedAt: at, result: RESULTS[result] }
  })
  return {
    kind: 'round',
    at,
    completedAt: at,
    intervalMs: INTERVAL_MS,
    timeoutMs: TIMEOUT_MS,
    verdict,
    components,
  }
}

const RESULTS: Readonly<Record<Verdict, ProbeResult>> = {
  ok: { kind: 'ok', latencyMs: 10, slow: false },
  fail: { kind: 'failed', phase: 'http', latencyMs: 10, evidence: 'status 503' },
  unknown: { kind: 'unusable', reason: 'no account' },
}
