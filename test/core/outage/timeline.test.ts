import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutAtWindows, mergeWindows, windowAt } from '../../../src/core/outage/planned-work.ts'
import { timeline } from '../../../src/core/outage/timeline.ts'
import { addSegments, elapsedMs, NO_TIME, uptimeOf } from '../../../src/core/outage/uptime.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { minute, round, rounds, step, T0 } from './trace.ts'

const line = (...args: Parameters<typeof timeline>): readonly string[] =>
  timeline(...args).map(({ from, to, class: name, ms }) => {
    const at = (instant: number): number => (instant - T0) / MINUTE
    return `${at(from)}-${at(to)} ${name} ${ms / MINUTE}`
  })
const span = (from: number, to: number): { from: number; to: number } => ({
  from: minute(from),
  to: minute(to),
})

describe('the time line', () => {
  test('names what lies between two verdicts', () => {
    const rows = [
      ...rounds('ok', 0, 3),
      ...rounds('fail', 4, 6),
      ...rounds('unknown', 7, 7),
      ...rounds('fail', 8, 8),
    ]
    expect(line([...rows, round(minute(20), 'ok')], [], span(-2, 22))).toEqual([
      '-2-0 unknown 2',
      '0-3 up 3',
      '3-4 edge 1',
      '4-8 down 4',
      '8-22 unknown 14',
    ])
  })

  test('is cut at its ends and at planned work, in which only UP stays', () => {
    const rows = [...rounds('ok', 0, 10), ...rounds('fail', 11, 20)]
    const work = mergeWindows([span(5, 12), span(11, 15), span(18, 18.5)])
    expect(line(rows, work, span(2.5, 19.5))).toEqual([
      '2.5-10 up 7.5',
      '10-15 maintenance 5',
      '15-18 down 3',
      '18-18.5 maintenance 0.5',
      '18.5-19.5 down 1',
    ])
  })

  test('leaves a step of the wall clock out of the elapsed time', () => {
    const forward = [round(minute(0), 'fail'), step(minute(61), 60 * MINUTE), round(minute(62), 'fail')]
    expect(line(forward, [], span(0, 62))).toEqual(['0-1 unknown 1', '61-62 unknown 1'])
    const back = [
      round(minute(60), 'ok'),
      step(minute(1), -60 * MINUTE),
      round(minute(2), 'ok'),
      round(minute(3), 'ok'),
    ]
    expect(line(back, [], span(0, 62))).toEqual([
      '0-61 unknown 61',
      '1-2 unknown 1',
      '2-3 up 1',
      '3-62 unknown 59',
    ])
  })

  test('of nothing is UNKNOWN', () => {
    expect(line([], [], span(0, 5))).toEqual(['0-5 unknown 5'])
    expect(line([], mergeWindows([span(1, 2)]), span(0, 5))).toHaveLength(3)
    expect(line([], [], span(5, 5))).toEqual([])
  })

  test('has parts that add up to the range, whatever the rows', () => {
    const verdict = fc.constantFrom('ok' as const, 'fail' as const, 'unknown' as const)
    const rows = fc.array(fc.record({ pace: fc.integer({ min: 0, max: 200_000 }), verdict }), {
      maxLength: 40,
    })
    const instants = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(rows, instants, (list, [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0]) => {
        let at = 0
        const trace = list.map(({ pace, verdict }) => {
          at += pace
          return round(at, verdict)
        })
        const work = mergeWindows([
          { from: a, to: b },
          { from: c, to: d },
          { from: e, to: f },
        ])
        const range = { from: Math.min(g, h), to: Math.max(g, h) }
        const segments = timeline(trace, work, range)
        expect(elapsedMs(addSegments(NO_TIME, segments))).toBe(range.to - range.from)
        let position = range.from
        for (const { from, to, ms } of segments) {
          expect([from, to - from]).toEqual([position, ms])
          expect(ms).toBeGreaterThan(0)
          position = to
        }
      }),
    )
  })
})

describe('planned work', () => {
  test('is half open, sorted and merged', () => {
    const merged = mergeWindows([
      span(10, 20),
      span(0, 5),
      span(15, 30),
      span(5, 7),
      span(40, 40),
      span(60, 50),
    ])
    expect(merged).toEqual([span(0, 7), span(10, 30)])
    expect([-1, 0, 6, 7, 10, 29, 30].map((at) => windowAt(merged, minute(at)) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
      true,
      true,
      false,
    ])
    expect(cutAtWindows(merged, minute(6), minute(12)).map(({ planned }) => planned)).toEqual([
      true,
      false,
      true,
    ])
    expect(cutAtWindows(merged, minute(6), minute(6))).toEqual([])
    expect(cutAtWindows(merged, minute(0), minute(7))).toEqual([{ ...span(0, 7), planned: true }])
    expect(cutAtWindows(merged, minute(7), minute(10))).toEqual([{ ...span(7, 10), planned: false }])
    expect(cutAtWindows(merged, minute(40), minute(50))).toEqual([{ ...span(40, 50), planned: false }])
  })
})

describe('uptime', () => {
  test.each([
    [
      'half of an EDGE counts as up',
      { up: 90, edge: 10 },
      { ratio: 0.95, coverage: 1, lower: 0.95, upper: 0.95 },
    ],
    [
      'unknown time opens the bounds',
      { up: 90, unknown: 10 },
      { ratio: 1, coverage: 0.9, lower: 0.9, upper: 1 },
    ],
    [
      'below 90 % there is no ratio',
      { up: 89, unknown: 11 },
      { ratio: null, coverage: 0.89, lower: 0.89, upper: 1 },
    ],
    [
      'planned work is left out',
      { up: 50, down: 50, maintenance: 900 },
      { ratio: 0.5, coverage: 1, lower: 0.5, upper: 0.5 },
    ],
    ['without time nothing is known', {}, { ratio: null, coverage: 0, lower: 0, upper: 1 }],
    [
      'nothing is known of planned work',
      { maintenance: 9 },
      { ratio: null, coverage: 0, lower: 0, upper: 1 },
    ],
    ['nothing is known of UNKNOWN', { unknown: 9 }, { ratio: null, coverage: 0, lower: 0, upper: 1 }],
  ])('%s', (_name, totals, expected) => {
    expect(uptimeOf({ ...NO_TIME, ...totals })).toEqual(expected)
  })
})
