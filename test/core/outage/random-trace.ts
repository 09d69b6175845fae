import fc from 'fast-check'
import type { OracleRow } from './oracle.ts'

/** Long phases of one verdict with gaps, so that outages happen; now and then a step of the clock. */
export const phases = fc.array(
  fc.record({
    verdict: fc.oneof(
      { weight: 4, arbitrary: fc.constant('fail' as const) },
      { weight: 3, arbitrary: fc.constant('ok' as const) },
      { weight: 1, arbitrary: fc.constant('unknown' as const) },
    ),
    count: fc.integer({ min: 1, max: 12 }),
    /** Units between two rounds; more than the gap now and then. */
    pace: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(15, 16, 40)),
    step: fc.option(fc.integer({ min: -60, max: 60 }), { freq: 9 }),
  }),
  { minLength: 1, maxLength: 14 },
)

/** The rows of the phases, one after the other, in units of elapsed time. */
export function rowsOf(
  list: readonly { verdict: 'ok' | 'fail' | 'unknown'; count: number; pace: number; step: number | null }[],
): readonly OracleRow[] {
  const rows: OracleRow[] = []
  let unit = 0
  for (const phase of list) {
    for (let index = 0; index < phase.count; index++) {
      unit += phase.pace
      rows.push({ kind: 'verdict', unit, verdict: phase.verdict })
    }
    if (phase.step !== null) {
      unit += 1
      rows.push({ kind: 'step', unit, delta: phase.step })
    }
  }
  // The last row bounds the time looked at, and that is a verdict's.
  unit += 1
  rows.push({ kind: 'verdict', unit, verdict: list.at(-1)?.verdict ?? 'ok' })
  return rows
}
