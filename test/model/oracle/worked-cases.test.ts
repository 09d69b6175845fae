import { describe, expect, test } from 'vitest'
import { outagesOf } from './outages.ts'
import type { Span, TraceEvent, Verdict } from './trace.ts'

const MINUTE = 60_000
const POLICY = {
  noticeAfterMs: 60 * MINUTE,
  warnAfterMs: 45 * MINUTE,
  recoveryPeriodMs: 5 * MINUTE,
  maintenancePauses: true,
}

type Stretch = readonly [from: number, to: number, verdict: Verdict | 'dead']

type Case = {
  readonly name: string
  readonly rounds: readonly Stretch[]
  readonly windows?: readonly Span[]
  readonly downMinutes: readonly number[]
  readonly alarm?: number
  readonly due?: number
}

const CASES: readonly Case[] = [
  { name: 'FAIL 0-62', rounds: [[0, 62, 'fail']], downMinutes: [62], due: 61 },
  {
    name: 'FAIL 0-60, then OK',
    rounds: [
      [0, 60, 'fail'],
      [61, 70, 'ok'],
    ],
    downMinutes: [60],
  },
  {
    name: 'FAIL 0-40, one OK at 41, FAIL 42-64',
    rounds: [
      [0, 40, 'fail'],
      [41, 41, 'ok'],
      [42, 64, 'fail'],
    ],
    downMinutes: [62],
    due: 63,
  },
  {
    name: 'FAIL 0-50, OK 51-55, FAIL 56-110',
    rounds: [
      [0, 50, 'fail'],
      [51, 55, 'ok'],
      [56, 110, 'fail'],
    ],
    downMinutes: [104],
    due: 67,
  },
  {
    name: 'FAIL 0-50, OK 51-56, FAIL 57-110',
    rounds: [
      [0, 50, 'fail'],
      [51, 56, 'ok'],
      [57, 110, 'fail'],
    ],
    downMinutes: [50, 53],
  },
  {
    name: 'FAIL 0-10, monitor dead, FAIL 100-160',
    rounds: [
      [0, 10, 'fail'],
      [100, 160, 'fail'],
    ],
    downMinutes: [70],
    alarm: 100,
    due: 151,
  },
  {
    name: 'FAIL 0-100 with own uplink dead 20-50',
    rounds: [
      [0, 19, 'fail'],
      [20, 50, 'unknown'],
      [51, 100, 'fail'],
    ],
    downMinutes: [68],
    alarm: 60,
    due: 93,
  },
  {
    name: 'FAIL 0-100 with maintenance 10-40',
    rounds: [[0, 100, 'fail']],
    windows: [{ from: 10 * MINUTE, to: 40 * MINUTE }],
    downMinutes: [70],
    due: 91,
  },
  {
    name: 'FAIL 0-30, restart gap of 2 min, FAIL 32-70',
    rounds: [
      [0, 30, 'fail'],
      [32, 70, 'fail'],
    ],
    downMinutes: [70],
    due: 61,
  },
  {
    name: '4 OK / 1 FAIL for 10 h',
    rounds: Array.from({ length: 120 }, (_, i): Stretch[] => [
      [5 * i, 5 * i + 3, 'ok'],
      [5 * i + 4, 5 * i + 4, 'fail'],
    ]).flat(),
    downMinutes: [],
  },
  {
    name: 'own uplink dead while the service is up',
    rounds: [
      [0, 40, 'unknown'],
      [41, 60, 'ok'],
    ],
    downMinutes: [],
  },
]

describe('the oracle agrees with the worked cases of outage-clock.md 8', () => {
  test.each(CASES)('$name', ({ rounds, windows = [], downMinutes, alarm, due }) => {
    const outages = outagesOf(
      [...minutes(-10, -1, 'ok'), ...rounds.flatMap((r) => minutes(...r))],
      windows,
      POLICY,
    )
    expect(outages.map(({ downMs }) => downMs / MINUTE)).toEqual(downMinutes)
    const alarms = outages.flatMap(({ operatorAlarmAt }) => operatorAlarmAt ?? [])
    expect(alarms).toEqual(alarm === undefined ? [] : [alarm * MINUTE])
    const dues = outages.flatMap(({ letterDueAt }) => letterDueAt ?? [])
    expect(dues).toEqual(due === undefined ? [] : [due * MINUTE])
  })
})

function minutes(from: number, to: number, verdict: Verdict | 'dead'): TraceEvent[] {
  if (verdict === 'dead') return []
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    kind: 'round',
    at: (from + i) * MINUTE,
    verdict,
    well: verdict === 'ok',
    intervalMs: MINUTE,
    timeoutMs: MINUTE / 2,
  }))
}
