import { describe, expect, test } from 'vitest'
import {
  blindnessOf,
  type DataPlane,
  noteDataPlane,
  type ServiceBlindness,
} from '../../../src/core/outage/service-blindness.ts'
import type { ComponentReading, ProbeResult, Round, Verdict } from '../../../src/core/outage/verdict.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { exampleOutage } from '../../support/letters.ts'
import { minute, round } from './trace.ts'

const UNREADABLE: ProbeResult = { kind: 'failed', phase: 'assert', latencyMs: 1, evidence: 'an empty list' }
const STALLED: ProbeResult = { ...UNREADABLE, stalled: true, evidence: 'has not advanced' }
const BROKEN: ProbeResult = { kind: 'failed', phase: 'http', latencyMs: 1, evidence: 'status 502' }
const OK: ProbeResult = { kind: 'ok', latencyMs: 1, slow: false }

const PLANES: readonly DataPlane[] = [{ id: 'data', account: 'main', stalledAfterMs: 30 * MINUTE }]
/** Two that watch one account: the second one is slower to say that nothing comes. */
const TWO: readonly DataPlane[] = [...PLANES, { id: 'data2', account: 'main', stalledAfterMs: 2 * HOUR }]

const reading = (id: string, at: number, result: ProbeResult): ComponentReading => ({
  id,
  kind: 'omnicomm-dataplane',
  counts: 'degraded',
  checkedAt: minute(at),
  result,
})

const plane = (at: number, result: ProbeResult, verdict: Verdict = 'fail'): Round =>
  round(minute(at), verdict, {
    components: [
      { id: 'web', kind: 'http', counts: 'outage', checkedAt: minute(at), result: OK },
      reading('data', at, result),
    ],
  })

/** `first` and `second`: when the two were probed last, and what came. */
const both = (
  at: number,
  first: readonly [number, ProbeResult],
  second: readonly [number, ProbeResult],
): Round => round(minute(at), 'ok', { components: [reading('data', ...first), reading('data2', ...second)] })

function planeAfter(rounds: readonly Round[], planes = PLANES): ServiceBlindness | null {
  return rounds.reduce<ServiceBlindness | null>((before, each) => noteDataPlane(before, each, planes), null)
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
    const slow = PLANES.map((one) => ({ ...one, stalledAfterMs: 90 * DAY }))
    expect(planeAfter([plane(0, STALLED)], slow)).toEqual({ from: minute(0) - DAY, to: null })
  })

  test('of another account says nothing of this one', () => {
    const elsewhere = round(minute(0), 'ok', {
      components: [reading('elsewhere', 0, STALLED), reading('data', 0, OK)],
    })
    expect(planeAfter([elsewhere])).toBeNull()
  })

  test('that two components watch is blind since the one that fails, dated back by the limit of that one', () => {
    expect(planeAfter([both(0, [0, OK], [0, STALLED])], TWO)).toEqual({ from: minute(-120), to: null })
    expect(planeAfter([both(0, [0, STALLED], [0, OK])], TWO)).toEqual({ from: minute(-30), to: null })
  })

  test('that two components watch hears again when neither fails, from the newest good answer', () => {
    const before = [both(5, [0, OK], [5, BROKEN]), both(6, [6, OK], [6, BROKEN])]
    expect(planeAfter(before, TWO)).toEqual({ from: minute(5), to: null })
    expect(planeAfter([...before, both(7, [6, OK], [7, OK])], TWO)).toEqual({
      from: minute(5),
      to: minute(7),
    })
  })
})

test('an outage blinds from its first FAIL to its end, and one that was cancelled as false does not', () => {
  const outage = exampleOutage()
  expect(blindnessOf(outage)).toEqual({ from: outage.start, to: null })
  expect(blindnessOf({ ...outage, state: 'closed', end: 7 })).toEqual({ from: outage.start, to: 7 })
  expect(blindnessOf({ ...outage, state: 'cancelled' })).toBeNull()
})
