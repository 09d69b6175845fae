import fc from 'fast-check'
import { expect, test } from 'vitest'
import { act } from '../../src/core/outage/action.ts'
import { decide } from '../../src/core/outage/clock.ts'
import { type ClockState, NEW_CLOCK, type OutagePolicy } from '../../src/core/outage/clock-state.ts'
import type { Outage } from '../../src/core/outage/outage.ts'
import { mergeWindows } from '../../src/core/outage/planned-work.ts'
import { proven } from '../../src/core/outage/proven.ts'
import type { ClockStep, Round } from '../../src/core/outage/verdict.ts'
import { outageId } from './oracle/journal.ts'
import { type ExpectedOutage, outagesOf } from './oracle/outages.ts'
import { agrees, provenAt } from './oracle/proven.ts'
import type { Policy, Span, TraceEvent } from './oracle/trace.ts'
import { runs, seedOf } from './runs.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const START = 1_767_225_600_000

/** Distances of verdicts, ms: the pace of rounds, and both sides of g = 150 s. */
const pace = fc.oneof(
  { weight: 6, arbitrary: fc.constant(MINUTE) },
  { weight: 1, arbitrary: fc.constantFrom(1, 20 * SECOND, 2 * MINUTE) },
  { weight: 1, arbitrary: fc.constantFrom(150 * SECOND, 150 * SECOND + 1, 10 * MINUTE, 70 * MINUTE) },
)

const stretch = fc.record({
  verdict: fc.oneof(
    { weight: 5, arbitrary: fc.constant('fail' as const) },
    { weight: 3, arbitrary: fc.constant('ok' as const) },
    { weight: 1, arbitrary: fc.constant('unknown' as const) },
  ),
  count: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 20, max: 70 })),
  ms: pace,
  settings: fc.constantFrom([60, 30], [60, 30], [60, 30], [30, 10]),
  end: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant('cancel' as const) },
    { weight: 1, arbitrary: fc.constantFrom(-2 * 60 * MINUTE, -90 * SECOND, 3 * SECOND, 2 * 60 * MINUTE) },
  ),
})

const policies: fc.Arbitrary<Policy> = fc.record({
  noticeAfterMs: fc.constantFrom(0, 5 * MINUTE, 20 * MINUTE, 60 * MINUTE),
  warnAfterMs: fc.constantFrom(MINUTE, 45 * MINUTE),
  recoveryPeriodMs: fc.constantFrom(0, 1, MINUTE, 5 * MINUTE, 5 * MINUTE, 12 * MINUTE),
  maintenancePauses: fc.constantFrom(true, true, true, false),
})

const windowsOf = fc.array(
  fc.record({ from: fc.integer({ min: 0, max: 200 * 60 }), seconds: fc.integer({ min: 1, max: 40 * 60 }) }),
  { maxLength: 4 },
)

type Stretch = typeof stretch extends fc.Arbitrary<infer Value> ? Value : never

const given = fc.record({
  stretches: fc.array(stretch, { minLength: 1, maxLength: 14 }),
  policy: policies,
  windows: windowsOf,
})

test('the outage clock draws from any trace the outages that the specification asks for', () => {
  let outages = 0
  fc.assert(
    fc.property(given, ({ stretches, policy, windows }) => {
      const spans = windows.map(({ from, seconds }) => ({
        from: START + from * SECOND,
        to: START + (from + seconds) * SECOND,
      }))
      const events = traceOf(stretches)
      const expected = outagesOf(events, spans, policy)
      outages += expected.length
      expect(fold(events, spans, policy).outages.map(shown)).toEqual(expected.map(wanted))
    }),
    { numRuns: runs(600), seed: seedOf(), endOnFailure: true },
  )
  expect(outages).toBeGreaterThan(runs(600) / 6)
})

test('what letters may say is what the verdicts prove at that moment', () => {
  const later = fc.constantFrom(0, SECOND, MINUTE, 150 * SECOND, 150 * SECOND + 1, 60 * MINUTE)
  fc.assert(
    fc.property(given, later, ({ stretches, policy }, ms) => {
      const events = traceOf(stretches)
      const now = (rowsOf(events).at(-1)?.at ?? START) + ms
      const expected = provenAt(events, now)
      const said = proven(fold(events, [], policy).clock, now)
      if (expected !== null) expect({ said, agrees: agrees(said, expected) }).toMatchObject({ agrees: true })
    }),
    { numRuns: runs(300), seed: seedOf(), endOnFailure: true },
  )
})

function traceOf(stretches: readonly Stretch[]): TraceEvent[] {
  const events: TraceEvent[] = []
  let at = START
  for (const { verdict, count, ms, settings, end } of stretches) {
    const [intervalSeconds = 60, timeoutSeconds = 30] = settings
    for (let i = 0; i < count; i++) {
      at += ms
      events.push({
        kind: 'round',
        at,
        verdict,
        well: verdict === 'ok',
        intervalMs: intervalSeconds * SECOND,
        timeoutMs: timeoutSeconds * SECOND,
      })
    }
    if (end === 'cancel') events.push({ kind: 'cancel' })
    else if (end !== null) {
      at += end + 10 * SECOND
      events.push({ kind: 'step', at, deltaMs: end })
    }
  }
  return events
}

function rowsOf(events: readonly TraceEvent[]): (Round | ClockStep)[] {
  return events.flatMap((event): (Round | ClockStep)[] => {
    if (event.kind === 'cancel') return []
    return [event.kind === 'step' ? event : roundOf(event)]
  })
}

function roundOf({ at, verdict, intervalMs, timeoutMs }: Extract<TraceEvent, { kind: 'round' }>): Round {
  const result =
    verdict === 'ok'
      ? ({ kind: 'ok', latencyMs: 5, slow: false } as const)
      : ({ kind: 'failed', phase: 'http', latencyMs: 5, evidence: 'status 503' } as const)
  return {
    kind: 'round',
    at,
    completedAt: at,
    intervalMs,
    timeoutMs,
    verdict,
    components: [{ id: 'web', kind: 'http', counts: 'outage', checkedAt: at, result }],
  }
}

/** The rows through the program's fold, with cancellations between them. */
function fold(events: readonly TraceEvent[], windows: readonly Span[], policy: OutagePolicy) {
  const merged = mergeWindows(windows)
  const outages: Outage[] = []
  let clock: ClockState = NEW_CLOCK
  for (const event of events) {
    if (event.kind === 'cancel') clock = cancelled(clock)
    else {
      const decision = decide(clock, event.kind === 'step' ? event : roundOf(event), merged, policy)
      clock = decision.clock
      for (const { kind, outage } of decision.events) if (kind === 'closed') outages.push(outage)
    }
  }
  if (clock.open !== null) outages.push(clock.open.outage)
  return { clock, outages }
}

function cancelled(clock: ClockState): ClockState {
  if (clock.open === null) return clock
  const acted = act(clock.open.outage, { kind: 'cancel', reason: 'test' }, { by: 'anna', at: START })
  return acted.kind === 'done' ? { ...clock, open: { ...clock.open, outage: acted.outage } } : clock
}

function shown(outage: Outage) {
  const { id, start, notBefore, end, downMs, possibleMs, state } = outage
  const { letterDueAt, operatorAlarmAt, warnedAt, intermittent } = outage
  const marks = { letterDueAt, operatorAlarmAt, warnedAt, intermittent }
  return { id, start, notBefore, end, downMs, possibleMs, cancelled: state === 'cancelled', ...marks }
}

function wanted(outage: ExpectedOutage): ReturnType<typeof shown> {
  const { start, notBefore, end, downMs, possibleMs, cancelled } = outage
  const { letterDueAt, operatorAlarmAt, warnedAt, intermittent } = outage
  const marks = { letterDueAt, operatorAlarmAt, warnedAt, intermittent }
  return { id: outageId(start), start, notBefore, end, downMs, possibleMs, cancelled, ...marks }
}
