import { describe, expect, test } from 'vitest'
import {
  blindnessOf,
  noteDataPlane,
  type ServiceBlindness,
} from '../../../src/core/outage/service-blindness.ts'
import type { ProbeResult, Round, Verdict } from '../../../src/core/outage/verdict.ts'
import { DAY, MINUTE } from '../../../src/core/time.ts'
import { exampleOutage } from '../../support/letters.ts'
import { minute, round } from './trace.ts'

const UNREADABLE: ProbeResult = { kind: 'failed', phase: 'assert', latencyMs: 1, evidence: 'an empty list' }
const STALLED: ProbeResult = { ...UNREADABLE, stalled: true, evidence: 'has not advanced' }
const BROKEN: ProbeResult = { kind: 'failed', phase: 'http', latencyMs: 1, evidence: 'status 502' }
const OK: ProbeResult = { kind: 'ok', latencyMs: 1, slow: false }

const plane = (at: number, result: ProbeResult, verdict: Verdict = 'fail'): Round =>
  round(minute(at), verdict, {
    components: [
      { id: 'web', kind: 'http', counts: 'outage', checkedAt: minute(at), result: OK },
      { id: 'data', kind: 'omnicomm-dataplane', counts: 'degraded', checkedAt: minute(at), result },
    ],
  })

function planeAfter(rounds: readonly Round[], stalledAfterMs = 30 * MINUTE): ServiceBlindness | null {
  return rounds.reduce<ServiceBlindness | null>(
    (before, each) => noteDataPlane(before, each, stalledAfterMs),
    null,
  )
}

describe('the data plane', () => {
  test.each<[string, readonly Round[], ServiceBlindness | null]>([
    ['that answers heard everything', [plane(0, OK, 'ok')], null],
    [
      'that stalled heard nothing for as long as it takes to say so',
      [plane(0, STALLED, 'ok'), plane(1, STALLED, 'ok')],
      { from: minute(-30), to: null },
    ],
    [
      'whose answer cannot be read heard nothing from then on',
      [plane(0, UNREADABLE), plane(1, UNREADABLE)],
      { from: minute(0), to: null },
    ],
    ['that cannot be asked heard nothing from then on', [plane(0, BROKEN)], { from: minute(0), to: null }],
    ['whose failure may be our own says nothing', [plane(0, STALLED, 'unknown')], null],
    [
      'hears again from its first good answer',
      [plane(0, BROKEN), plane(5, OK, 'ok'), plane(6, OK, 'ok')],
      { from: minute(0), to: minute(5) },
    ],
    [
      'that cannot be watched any more is not held blind for ever',
      [plane(0, BROKEN), plane(1, { kind: 'unusable', reason: '429' })],
      null,
    ],
    [
      'keeps what is known while this machine cannot ask',
      [plane(0, BROKEN), plane(1, { kind: 'own-fault', reason: 'x' })],
      { from: minute(0), to: null },
    ],
    ['that is probed no more is not held blind for ever', [plane(0, BROKEN), round(minute(1), 'ok')], null],
    [
      'that fails anew begins anew',
      [plane(0, BROKEN), plane(1, OK), plane(2, BROKEN)],
      { from: minute(2), to: null },
    ],
  ])('%s', (_name, rounds, expected) => {
    expect(planeAfter(rounds)).toEqual(expected)
  })

  test('is dated back by a day at most', () => {
    expect(planeAfter([plane(0, STALLED)], 90 * DAY)).toEqual({ from: minute(0) - DAY, to: null })
  })
})

test('an outage blinds from its first FAIL to its end, and one that was cancelled as false does not', () => {
  const outage = exampleOutage()
  expect(blindnessOf(outage)).toEqual({ from: outage.start, to: null })
  expect(blindnessOf({ ...outage, state: 'closed', end: 7 })).toEqual({ from: outage.start, to: 7 })
  expect(blindnessOf({ ...outage, state: 'cancelled' })).toBeNull()
})
