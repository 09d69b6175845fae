import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type {
  ClockStep,
  ComponentReading,
  ProbeResult,
  Round,
  Verdict,
} from '../../../src/core/outage/verdict.ts'
import { hourTotals, totalsOf } from '../../../src/core/reports/totals.ts'
import {
  cutRun,
  joined,
  LONGEST_RUN_MS,
  type RoundRun,
  roundsOf,
  runOf,
} from '../../../src/core/retention/round-run.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { round, T0 } from '../../support/store-rows.ts'

const OK: ProbeResult = { kind: 'ok', latencyMs: 80, slow: false, status: 200 }
const FAILED: ProbeResult = { kind: 'failed', phase: 'tcp', latencyMs: 5, evidence: 'refused' }

function reading(id: string, at: number, result: ProbeResult): ComponentReading {
  return { id, kind: 'http', counts: 'outage', checkedAt: at, result }
}

describe('two rounds are joined', () => {
  const first = round(T0)
  const next = (change: Partial<Round> = {}): Round => round(T0 + MINUTE, change)
  const isJoined = (a: Round, b: Round): boolean => joined(runOf(a), runOf(b)) !== undefined

  test.each<readonly [string, Round, boolean]>([
    ['when they say the same', next(), true],
    [
      'whatever their latencies are',
      next({ components: [reading('web', T0 + MINUTE, { ...OK, latencyMs: 999 })] }),
      true,
    ],
    ['not when the verdicts differ', next({ verdict: 'unknown' }), false],
    ['not when one has another reason', next({ reason: 'our own disk' }), false],
    ['not when a component failed', next({ components: [reading('web', T0 + MINUTE, FAILED)] }), false],
    [
      'not when a component is slow',
      next({ components: [reading('web', T0, { ...OK, slow: true })] }),
      false,
    ],
    ['not when a component is not there any more', next({ components: [] }), false],
    ['not under other settings', next({ intervalMs: 2 * MINUTE }), false],
    ['not further apart than g', round(T0 + 2.5 * MINUTE + 1), false],
    ['not when the clock went back', round(T0 - 1), false],
    ['not when they are of one moment', round(T0), false],
  ])('%s', (_name, other, expected) => {
    expect(isJoined(first, other)).toBe(expected)
  })

  test('and a run ends where whoever reads a range would no longer find its beginning', () => {
    let run = runOf(first)
    for (let at = T0 + MINUTE; ; at += MINUTE) {
      const longer = joined(run, runOf(round(at)))
      if (longer === undefined) break
      run = longer
    }
    expect(run).toMatchObject({ until: T0 + LONGEST_RUN_MS, rounds: LONGEST_RUN_MS / MINUTE + 1 })
  })

  test('and come back in their number, from the first to the last', () => {
    const run = joined(runOf(first), runOf(next()))
    expect(run && roundsOf(run)).toEqual([first, round(T0 + MINUTE)])
  })
})

const INTERVAL_MS = MINUTE

type Sketch = {
  readonly gapMs: number
  readonly verdict: Verdict
  readonly web: number
  readonly stepMs: number
}

/** Long stretches of one verdict, now and then a gap, a deadline probe beside the grid, or a step of the clock. */
const sketches = fc.array(
  fc.record({
    gapMs: fc.oneof(
      { weight: 20, arbitrary: fc.constant(INTERVAL_MS) },
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 3 * INTERVAL_MS }) },
    ),
    verdict: fc.oneof(
      { weight: 12, arbitrary: fc.constant<Verdict>('ok') },
      { weight: 2, arbitrary: fc.constantFrom<Verdict>('fail', 'unknown') },
    ),
    web: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 2) }),
    stepMs: fc.oneof(
      { weight: 40, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -10 * MINUTE, max: 10 * MINUTE }) },
    ),
  }),
  { minLength: 1, maxLength: 400, size: 'max' },
)

function rowsOf(list: readonly Sketch[]): readonly (Round | ClockStep)[] {
  const results = [OK, FAILED, { kind: 'unusable', reason: 'no account' } as const]
  let at = T0
  return list.flatMap(({ gapMs, verdict, web, stepMs }) => {
    at += gapMs + stepMs
    const components = [reading('web', at, results[web] ?? OK), reading('api', at - 30 * SECOND, OK)]
    const made = round(at, { verdict, components })
    return stepMs === 0 ? [made] : [{ kind: 'step' as const, at, deltaMs: stepMs }, made]
  })
}

function joinAll(rows: readonly (Round | ClockStep)[]): readonly (RoundRun | ClockStep)[] {
  const kept: (RoundRun | ClockStep)[] = []
  for (const row of rows) {
    const last = kept.at(-1)
    const next = row.kind === 'round' ? runOf(row) : row
    const both = last?.kind === 'run' && next.kind === 'run' ? joined(last, next) : undefined
    if (both) kept[kept.length - 1] = both
    else kept.push(next)
  }
  return kept
}

test('uptime of the service and of each component, whole and by the hour, is the same from joined rounds', () => {
  fc.assert(
    fc.property(
      sketches,
      fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 60 })), { maxLength: 2 }),
      (list, planned) => {
        const rows = rowsOf(list)
        const kept = joinAll(rows)
        const again = kept.flatMap((row): readonly (Round | ClockStep)[] =>
          row.kind === 'run' ? roundsOf(row) : [row],
        )
        expect(again).toHaveLength(rows.length)
        const windows = planned
          .map(([from, minutes]) => ({ from: T0 + from * MINUTE, to: T0 + (from + minutes) * MINUTE }))
          .sort((a, b) => a.from - b.from)
          .filter((window, index, all) => index === 0 || window.from > (all[index - 1]?.to ?? 0))
        const range = { from: T0, to: T0 + 8 * HOUR }
        expect(totalsOf(again, windows, range)).toEqual(totalsOf(rows, windows, range))
        expect(hourTotals(again, windows, range)).toEqual(hourTotals(rows, windows, range))
      },
    ),
  )
})

test('a day in which all is well is four rows', () => {
  const rows = Array.from({ length: 1440 }, (_, minute) => round(T0 + minute * MINUTE))
  expect(joinAll(rows)).toHaveLength(4)
})

describe('a run that is cut', () => {
  const run: RoundRun = { ...runOf(round(T0)), until: T0 + 10 * MINUTE, rounds: 11 }

  test.each<readonly [string, number, number]>([
    ['before its first round is whole', T0 - MINUTE, 11],
    ['at its first round is whole', T0, 11],
    ['at a round begins with it', T0 + 4 * MINUTE, 7],
    ['between two rounds begins with the later one', T0 + 4 * MINUTE + 1, 6],
    ['at its last round is that one', T0 + 10 * MINUTE, 1],
  ])('%s', (_name, before, rounds) => {
    const cut = cutRun(run, before)
    expect(roundsOf(cut)).toEqual(roundsOf(run).slice(-rounds))
    expect(cut).toMatchObject({ rounds, until: T0 + 10 * MINUTE })
  })
})
