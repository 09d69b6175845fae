import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replayTrace } from '../../../src/core/outage/replay.ts'
import type { ClockStep, Round } from '../../../src/core/outage/verdict.ts'
import { parseIso, SECOND } from '../../../src/core/time.ts'
import { type OracleInput, oracle } from './oracle.ts'
import { phases, rowsOf } from './random-trace.ts'
import { round, step, T0 } from './trace.ts'

const UNIT = 10 * SECOND

const input: fc.Arbitrary<OracleInput> = fc
  .record({
    phases,
    windows: fc.array(
      fc.record({ from: fc.integer({ min: 0, max: 400 }), ms: fc.integer({ min: 0, max: 60 }) }),
      {
        maxLength: 3,
      },
    ),
    recovery: fc.constantFrom(0, 1, 12, 30),
    notice: fc.constantFrom(0, 10, 40, 100),
    pauses: fc.oneof(
      { weight: 5, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ phases, windows, recovery, notice, pauses }) => ({
    rows: rowsOf(phases),
    windows: windows.map(({ from, ms }) => ({ from, to: from + ms })),
    gap: 15,
    recovery,
    notice,
    pauses,
    hour: 360,
  }))

describe('laws of the outage clock', () => {
  test('the fold finds what a naive reading of the spec finds', () => {
    fc.assert(
      fc.property(input, (given) => {
        const expected = oracle(given)
        const found = replay(given)
        expect(found.outages.map(inUnits)).toEqual(expected.outages)
        const judged = sum(expected.units) - expected.units.maintenance
        const observed = expected.units.up + expected.units.down + expected.units.edge
        expect(found.uptime.coverage).toBeCloseTo(judged === 0 ? 0 : observed / judged, 10)
        if (judged > 0) {
          const up = expected.units.up + expected.units.edge / 2
          expect(found.uptime.lower).toBeCloseTo(up / judged, 10)
          expect(found.uptime.upper).toBeCloseTo((up + expected.units.unknown) / judged, 10)
        }
      }),
      { numRuns: 600 },
    )
  })

  test('a letter is due only when more than the notice time is certain, and neither clock is negative', () => {
    fc.assert(
      fc.property(input, (given) => {
        for (const outage of replay(given).outages) {
          expect(outage.downMs).toBeGreaterThanOrEqual(0)
          expect(outage.possibleMs).toBeGreaterThanOrEqual(outage.downMs)
          expect(outage.letterDueAt !== null).toBe(outage.downMs > given.notice * UNIT)
        }
      }),
    )
  })

  test('a window cut in two or written twice changes nothing', () => {
    fc.assert(
      fc.property(input, fc.integer({ min: 0, max: 60 }), (given, cut) => {
        const split = given.windows.flatMap(({ from, to }) => {
          const middle = Math.min(from + cut, to)
          return [
            { from, to: middle },
            { from: middle, to },
            { from, to: middle },
          ]
        })
        expect(replay({ ...given, windows: split })).toEqual(replay(given))
      }),
    )
  })
})

function replay(given: OracleInput): ReturnType<typeof replayTrace> {
  let offset = 0
  const rows = given.rows.map((row): Round | ClockStep => {
    if (row.kind === 'step') offset += row.delta
    const at = T0 + (row.unit + offset) * UNIT
    if (row.kind === 'step') return step(at, row.delta * UNIT)
    return round(at, row.verdict, { intervalMs: 6 * UNIT, timeoutMs: 3 * UNIT })
  })
  const windows = given.windows.map(({ from, to }) => ({ from: T0 + from * UNIT, to: T0 + to * UNIT }))
  return replayTrace(rows, windows, {
    recoveryPeriodMs: given.recovery * UNIT,
    noticeAfterMs: given.notice * UNIT,
    maintenancePauses: given.pauses,
  })
}

function inUnits(outage: ReturnType<typeof replayTrace>['outages'][number]): unknown {
  const unit = (iso: string | null): number | null =>
    iso === null ? null : ((parseIso(iso) ?? Number.NaN) - T0) / UNIT
  return {
    start: unit(outage.start),
    end: unit(outage.end),
    down: outage.downMs / UNIT,
    possible: outage.possibleMs / UNIT,
    due: unit(outage.letterDueAt),
    alarm: unit(outage.operatorAlarmAt),
    intermittent: outage.intermittent,
  }
}

function sum(units: Readonly<Record<string, number>>): number {
  return Object.values(units).reduce((total, each) => total + each, 0)
}
