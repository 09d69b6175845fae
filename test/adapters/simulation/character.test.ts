import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Character, CYCLE, reportsBetween } from '../../../src/adapters/simulation/character.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'

const CHARACTERS: readonly Character[] = [
  { kind: 'driving' },
  { kind: 'parked' },
  { kind: 'dying', atMs: 40 * SECOND },
  { kind: 'tunnel', fromMs: 30 * SECOND, toMs: 85 * SECOND },
  { kind: 'archive', ageMs: 30 * MINUTE },
  { kind: 'no-fix', atMs: 20 * SECOND },
  { kind: 'clock-behind', byMs: 4 * MINUTE },
  { kind: 'never' },
]

const measured = (character: Character, fromMs: number, toMs: number): readonly number[] =>
  reportsBetween(character, 1000, fromMs, toMs).map(({ measuredMs }) => measuredMs)

describe('a simulated terminal', () => {
  test('sends the same reports however its time is cut into ticks', () => {
    const ticks = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 40 })
    const phase = fc.integer({ min: 0, max: 40_000 })
    fc.assert(
      fc.property(fc.constantFrom(...CHARACTERS), phase, ticks, (character, phaseMs, steps) => {
        let at = 0
        const pieces = steps.flatMap((step) => {
          at += step
          return reportsBetween(character, phaseMs, at - step, at)
        })
        expect(sorted(pieces)).toEqual(sorted(reportsBetween(character, phaseMs, 0, at)))
      }),
    )
  })

  test('never measures in the future', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHARACTERS), fc.nat(10 * MINUTE), (character, fromMs) => {
        const toMs = fromMs + 3 * SECOND
        for (const ms of measured(character, fromMs, toMs)) expect(ms).toBeLessThanOrEqual(toMs)
      }),
    )
  })

  test('that drives reports every five seconds, a parked one every 45', () => {
    expect(measured({ kind: 'driving' }, 0, 16 * SECOND)).toEqual([1000, 6000, 11_000, 16_000])
    expect(measured({ kind: 'parked' }, 0, 100 * SECOND)).toEqual([1000, 46_000, 91_000])
  })

  test('that dies says nothing from then on', () => {
    const reports = measured({ kind: 'dying', atMs: 12 * SECOND }, 0, CYCLE)
    expect(reports).toEqual([1000, 6000, 11_000])
  })

  test('in a tunnel is silent, then sends what it kept, a record a second, and is live again', () => {
    const tunnel: Character = { kind: 'tunnel', fromMs: 30 * SECOND, toMs: 45 * SECOND }
    expect(measured(tunnel, 29 * SECOND, 44_999)).toEqual([])
    expect(reportsBetween(tunnel, 1000, 44_999, 48_000)).toEqual([
      { measuredMs: 30_000, buffered: true, hasFix: true },
      { measuredMs: 35_000, buffered: true, hasFix: true },
      { measuredMs: 40_000, buffered: true, hasFix: true },
    ])
    expect(reportsBetween(tunnel, 1000, 48_000, 52_000)).toEqual([
      { measuredMs: 51_000, buffered: false, hasFix: true },
    ])
    expect(measured(tunnel, CYCLE + 44_999, CYCLE + 45_000)).toEqual([CYCLE + 30_000])
  })

  test('with an archive sends it oldest first until it has caught up', () => {
    const archive: Character = { kind: 'archive', ageMs: 10 * MINUTE }
    const reports = reportsBetween(archive, 1500, 0, 2 * MINUTE)
    const kept = reports.filter(({ buffered }) => buffered).map(({ measuredMs }) => measuredMs)
    expect(kept[0]).toBe(-10 * MINUTE)
    expect(kept).toEqual(kept.toSorted((a, b) => a - b))
    expect(reports.at(-1)).toEqual({ measuredMs: 116_500, buffered: false, hasFix: true })
  })

  test('whose antenna fails goes on without a fix', () => {
    const fixes = reportsBetween({ kind: 'no-fix', atMs: 8000 }, 1000, 0, 12_000).map(({ hasFix }) => hasFix)
    expect(fixes).toEqual([true, true, false])
  })

  test('whose clock is behind dates everything by that much too early', () => {
    expect(measured({ kind: 'clock-behind', byMs: MINUTE }, 0, 2000)).toEqual([1000 - MINUTE])
  })
})

function sorted(reports: ReturnType<typeof reportsBetween>) {
  return reports.toSorted((a, b) => a.measuredMs - b.measuredMs)
}
