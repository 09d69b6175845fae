import { describe, expect, test } from 'vitest'
import { replayTrace } from '../../../src/core/outage/replay.ts'
import type { Round } from '../../../src/core/outage/verdict.ts'
import { MINUTE, toIso } from '../../../src/core/time.ts'
import { minute, POLICY, round, rounds } from './trace.ts'

const OK_BEFORE = rounds('ok', -10, -1)

type Expected = {
  readonly down: readonly number[]
  readonly alarm?: number
  readonly due?: number
  readonly windows?: readonly { from: number; to: number }[]
}

const uplinkDead = (first: number, last: number): readonly Round[] => rounds('unknown', first, last)

const CASES: readonly (readonly [string, readonly Round[], Expected])[] = [
  ['62 minutes of failure: due at 61', rounds('fail', 0, 62), { down: [62], due: 61 }],
  ['60 minutes are not more than 60', [...rounds('fail', 0, 60), ...rounds('ok', 61, 80)], { down: [60] }],
  [
    'a one-minute recovery does not reset the outage clock',
    [...rounds('fail', 0, 40), ...rounds('ok', 41, 41), ...rounds('fail', 42, 64)],
    { down: [62], due: 63 },
  ],
  [
    'OKs from 51 to 55 are too short a recovery',
    [...rounds('fail', 0, 50), ...rounds('ok', 51, 55), ...rounds('fail', 56, 110)],
    { down: [104], due: 67 },
  ],
  [
    'OKs from 51 to 56 end the outage, and the next one has its own clock',
    [...rounds('fail', 0, 50), ...rounds('ok', 51, 56), ...rounds('fail', 57, 110)],
    { down: [50, 53] },
  ],
  [
    'a dead monitor pauses the clock and alarms operators',
    [...rounds('fail', 0, 10), ...rounds('fail', 100, 160)],
    { down: [70], alarm: 100, due: 151 },
  ],
  [
    'our own uplink dead from 20 to 50 pauses the clock',
    [...rounds('fail', 0, 19), ...uplinkDead(20, 50), ...rounds('fail', 51, 100)],
    { down: [68], alarm: 60, due: 93 },
  ],
  [
    'planned work pauses the clock without an alarm',
    rounds('fail', 0, 100),
    { down: [70], due: 91, windows: [{ from: 10, to: 40 }] },
  ],
  [
    'a restart of two minutes is bridged',
    [...rounds('fail', 0, 30), ...rounds('fail', 32, 70)],
    { down: [70], due: 61 },
  ],
  [
    'four OKs and one FAIL for ten hours are no outage',
    Array.from({ length: 600 }, (_, at) => round(minute(at), at % 5 === 4 ? 'fail' : 'ok')),
    { down: [] },
  ],
  [
    'our own uplink dead while the service is up is no outage',
    [...uplinkDead(0, 120), ...rounds('ok', 121, 130)],
    { down: [] },
  ],
]

describe('worked cases of spec/outage-clock.md 8', () => {
  test.each(CASES)('%s', (_name, rows, expected) => {
    const windows = (expected.windows ?? []).map(({ from, to }) => ({ from: minute(from), to: minute(to) }))
    const { outages } = replayTrace([...OK_BEFORE, ...rows], windows, POLICY)
    expect(outages.map(({ downMs }) => downMs / MINUTE)).toEqual(expected.down)
    expect(outages.flatMap(({ letterDueAt }) => letterDueAt ?? [])).toEqual(isoOf(expected.due))
    expect(outages.flatMap(({ operatorAlarmAt }) => operatorAlarmAt ?? [])).toEqual(isoOf(expected.alarm))
  })

  test('an outage is dated from its first FAIL to the first OK of the run that ended it', () => {
    const rows = [...OK_BEFORE, ...rounds('fail', 0, 50), ...rounds('ok', 51, 56), ...rounds('fail', 57, 110)]
    const { outages } = replayTrace(rows, [], POLICY)
    expect(outages).toMatchObject([
      { start: toIso(minute(0)), end: toIso(minute(51)), possibleMs: 51 * MINUTE, intermittent: false },
      { start: toIso(minute(57)), end: null, possibleMs: 54 * MINUTE, intermittent: false },
    ])
  })
})

function isoOf(at: number | undefined): readonly string[] {
  return at === undefined ? [] : [toIso(minute(at))]
}
