import { expect, test } from 'vitest'
import { decide } from '../../../src/core/outage/clock.ts'
import { NEW_CLOCK } from '../../../src/core/outage/clock-state.ts'
import { type Proven, proven } from '../../../src/core/outage/proven.ts'
import type { ClockStep, Round } from '../../../src/core/outage/verdict.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { minute, POLICY, round, rounds, step } from './trace.ts'

const FAILS = rounds('fail', 0, 60)
const WIDE = { intervalMs: 10 * MINUTE, timeoutMs: MINUTE }

test.each<[string, readonly (Round | ClockStep)[], number, Proven]>([
  ['a FAIL is proof for g', FAILS, 62.5, { kind: 'unavailable' }],
  ['and not for more', FAILS, 62.51, { kind: 'not-observable', since: minute(60) }],
  [
    'g is that of the settings of the FAIL',
    [...FAILS, round(minute(70), 'fail', WIDE)],
    91,
    { kind: 'unavailable' },
  ],
  [
    'UNKNOWN verdicts prove nothing and take nothing back',
    [...FAILS, ...rounds('unknown', 61, 62)],
    62,
    { kind: 'unavailable' },
  ],
  [
    'a run of OKs answers again since its first',
    [...FAILS, ...rounds('ok', 61, 63)],
    64,
    { kind: 'answers-again', since: minute(61) },
  ],
  [
    'a broken run since the first OK after the gap',
    [...FAILS, ...rounds('ok', 61, 63), ...rounds('ok', 67, 68)],
    69,
    { kind: 'answers-again', since: minute(67) },
  ],
  [
    'an OK is proof for g too',
    [...FAILS, ...rounds('ok', 61, 62)],
    64.6,
    { kind: 'not-observable', since: minute(62) },
  ],
  [
    'a FAIL ends the run',
    [...FAILS, ...rounds('ok', 61, 62), ...rounds('fail', 63, 63)],
    63,
    { kind: 'unavailable' },
  ],
  [
    'nothing is observable behind a step forward',
    [...FAILS, step(minute(181), 2 * HOUR)],
    181,
    { kind: 'not-observable', since: minute(60) },
  ],
  [
    'nor behind a step back, and not since a time that is still to come',
    [...FAILS, step(minute(1), -HOUR)],
    1,
    { kind: 'not-observable', since: minute(1) },
  ],
  [
    'nor when the clock was set back while nobody looked',
    FAILS,
    1,
    { kind: 'not-observable', since: minute(1) },
  ],
  [
    'until the next known verdict',
    [...FAILS, step(minute(1), -HOUR), round(minute(2), 'fail')],
    2,
    { kind: 'unavailable' },
  ],
  [
    'nothing is observable before the first verdict',
    rounds('unknown', 0, 3),
    3,
    { kind: 'not-observable', since: minute(0) },
  ],
])('%s', (_name, rows, now, expected) => {
  let clock = NEW_CLOCK
  for (const row of rows) clock = decide(clock, row, [], POLICY).clock
  expect(proven(clock, minute(now))).toEqual(expected)
})

test('nothing is proven by nothing', () => {
  expect(proven(NEW_CLOCK, minute(5))).toEqual({ kind: 'not-observable', since: minute(5) })
})
