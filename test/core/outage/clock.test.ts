import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type OutageEvent } from '../../../src/core/outage/clock.ts'
import { type ClockState, NEW_CLOCK, type OutagePolicy } from '../../../src/core/outage/clock-state.ts'
import { deadlineAt } from '../../../src/core/outage/deadline.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import { mergeWindows, type Span } from '../../../src/core/outage/planned-work.ts'
import { replayTrace } from '../../../src/core/outage/replay.ts'
import type { ClockStep, ProbeResult, Round, Verdict } from '../../../src/core/outage/verdict.ts'
import { HOUR, MINUTE, SECOND, toIso } from '../../../src/core/time.ts'
import { minute, POLICY, round, rounds, step, T0 } from './trace.ts'

function fold(
  rows: readonly (Round | ClockStep)[],
  windows: readonly Span[] = [],
  policy: OutagePolicy = POLICY,
): { clock: ClockState; events: readonly OutageEvent[] } {
  const events: OutageEvent[] = []
  let clock = NEW_CLOCK
  for (const row of rows) {
    const decision = decide(clock, row, mergeWindows(windows), policy)
    clock = decision.clock
    events.push(...decision.events)
  }
  return { clock, events }
}

const verdicts = (text: string, paceMinutes = 1): readonly Round[] =>
  [...text].map((letter, index) => round(minute(index * paceMinutes), VERDICTS[letter] ?? 'unknown'))
const VERDICTS: Readonly<Record<string, Verdict>> = { o: 'ok', f: 'fail' }

describe('opening', () => {
  test.each([
    ['one FAIL is a blip', verdicts('ofo'), []],
    ['the second FAIL opens it, dated back to the first', verdicts('off'), [1]],
    ['UNKNOWN verdicts between them do not matter', verdicts('of?f'), [1]],
    [
      'FAILs further apart than g do not open it',
      [round(minute(0), 'fail'), round(minute(2.51), 'fail')],
      [],
    ],
    ['FAILs exactly g apart open it', [round(minute(0), 'fail'), round(minute(2.5), 'fail')], [0]],
    [
      'a step between them keeps it closed',
      [round(T0, 'fail'), step(minute(1), 3000), round(minute(2), 'fail')],
      [],
    ],
  ])('%s', (_name, rows, starts) => {
    expect(replayTrace(rows, [], POLICY).outages.map(({ start }) => start)).toEqual(
      starts.map((start) => toIso(minute(start))),
    )
  })

  test('rounds made under different settings are judged by the larger gap', () => {
    const wide = { intervalMs: 5 * MINUTE, timeoutMs: MINUTE }
    const pair = [round(minute(0), 'fail', wide), round(minute(11), 'fail')]
    expect(fold(pair).clock.open?.outage.downMs).toBe(11 * MINUTE)
    expect(fold([...pair, round(minute(14), 'fail')]).clock.open?.outage).toMatchObject({
      downMs: 11 * MINUTE,
      possibleMs: 14 * MINUTE,
    })
  })

  test('an outage that began in planned work opens with the first two FAILs after its end', () => {
    const work = [{ from: minute(5), to: minute(20) }]
    const { outages } = replayTrace([...rounds('ok', 0, 5), ...rounds('fail', 6, 30)], work, POLICY)
    expect(outages).toMatchObject([
      { start: toIso(minute(20)), downMs: 10 * MINUTE, possibleMs: 10 * MINUTE },
    ])
    const counted = { ...POLICY, maintenancePauses: false }
    expect(
      fold([...rounds('ok', 0, 5), ...rounds('fail', 6, 30)], work, counted).clock.open?.outage,
    ).toMatchObject({
      start: minute(6),
      downMs: 24 * MINUTE,
      possibleMs: 25 * MINUTE,
    })
  })

  test.each([
    ['back', -60],
    ['ahead', 60],
  ])('behind a clock that was set %s both bounds are told by the new one', (_, minutes) => {
    const rows = [
      round(minute(0), 'ok'),
      step(minute(minutes + 0.5), minutes * MINUTE),
      ...rounds('fail', minutes + 1, minutes + 2),
    ]
    const { outage } = fold(rows).clock.open ?? {}
    expect(outage).toMatchObject({ start: minute(minutes + 1), notBefore: minute(minutes) })
  })

  test('it did not begin before the component that failed was last seen well', () => {
    const ok: ProbeResult = { kind: 'ok', latencyMs: 1, slow: false }
    const failed: ProbeResult = { kind: 'failed', phase: 'http', latencyMs: 1, evidence: 'x' }
    const at = (minutes: number, verdict: Verdict, api: ProbeResult, checked = minutes): Round =>
      round(minute(minutes), verdict, {
        components: [
          { id: 'web', kind: 'http', counts: 'outage', checkedAt: minute(minutes), result: ok },
          { id: 'api', kind: 'http', counts: 'outage', checkedAt: minute(checked), result: api },
        ],
      })
    const rows = [
      at(0, 'ok', ok),
      at(1, 'ok', ok, 0),
      at(2, 'ok', ok, 0),
      at(3, 'fail', failed),
      at(4, 'fail', failed),
    ]
    expect(fold(rows).clock.open?.outage).toMatchObject({
      notBefore: minute(0),
      start: minute(3),
      failed: ['api'],
      possibleMs: 2 * MINUTE,
    })
  })

  test('two outages of one second have different ids', () => {
    const fast = { intervalMs: 100, timeoutMs: 50 }
    const rows = [0, 100, 200, 300, 400].map((ms, index) => round(T0 + ms, index === 2 ? 'ok' : 'fail', fast))
    const opened = fold(rows, [], { ...POLICY, recoveryPeriodMs: 0 }).events.filter(
      ({ kind }) => kind === 'opened',
    )
    expect(opened.map(({ outage }) => outage.id)).toEqual(['20260101T000000Z', '20260101T000000300Z'])
  })
})

describe('closing', () => {
  test.each([
    ['two OKs do not close it, however long apart they may be', [0, 2], false],
    ['three OKs within the recovery period do not close it', [0, 1, 2], false],
    ['the third OK closes it when the recovery period is over', [0, 2.5, 5], true],
    ['OKs further apart than g are two runs', [0, 1, 2, 4.6, 5.6], false],
  ])('%s', (_name, oks, closed) => {
    const rows = [...rounds('fail', -9, -1), ...oks.map((at) => round(minute(at), 'ok'))]
    const { clock, events } = fold(rows)
    expect(clock.open === null).toBe(closed)
    expect(events.at(-1)?.kind).toBe(closed ? 'closed' : 'opened')
    if (closed) expect(events.at(-1)?.outage.end).toBe(minute(0))
  })

  test('without a recovery period the first OK closes it, and the next FAILs open another', () => {
    const { outages } = replayTrace(verdicts('offoff'), [], { ...POLICY, recoveryPeriodMs: 0 })
    expect(outages).toMatchObject([
      { end: toIso(minute(3)), downMs: MINUTE },
      { start: toIso(minute(4)), end: null, possibleMs: 2 * MINUTE },
    ])
  })

  test('OKs in planned work close it too', () => {
    const work = [{ from: minute(10), to: minute(30) }]
    const { outages } = replayTrace([...rounds('fail', 0, 12), ...rounds('ok', 13, 19)], work, POLICY)
    expect(outages).toMatchObject([{ end: toIso(minute(13)), downMs: 10 * MINUTE, possibleMs: 10 * MINUTE }])
  })
})

describe('what happens in an outage', () => {
  test('is told once, by the row that decides it', () => {
    const rows = [
      ...rounds('ok', -3, -1),
      ...rounds('fail', 0, 10),
      ...rounds('fail', 80, 200),
      ...rounds('ok', 201, 210),
    ]
    const told = fold(rows).events.map(({ kind, outage }) => [kind, (outage.latestFailAt - T0) / MINUTE])
    expect(told).toEqual([
      ['opened', 1],
      ['operator-alarm', 80],
      ['letter-due', 131],
      ['closed', 200],
    ])
  })

  test.each([
    ['six changes within an hour are steady', 'ffoffoffoff', 5, false],
    ['seven changes within an hour are intermittent', 'ffoffoffoffo', 5, true],
    ['seven changes in exactly an hour are intermittent', 'ffofofofo', 10, true],
    ['seven changes in more than an hour are steady', 'ffoffoffoffo', 7, false],
  ])('%s', (_name, text, pace, intermittent) => {
    const settings = { intervalMs: 10 * MINUTE, timeoutMs: MINUTE }
    const rows = verdicts(text, pace).map((row) => ({ ...row, ...settings }))
    const { clock, events } = fold(rows, [], { ...POLICY, recoveryPeriodMs: HOUR })
    expect(clock.open?.outage.intermittent).toBe(intermittent)
    expect(events.filter(({ kind }) => kind === 'intermittent')).toHaveLength(intermittent ? 1 : 0)
  })

  test('changes the outage at each FAIL, and at an OK only when it ends it', () => {
    const changed: boolean[] = []
    let clock = NEW_CLOCK
    for (const row of verdicts('off?foofoooooo')) {
      const decision = decide(clock, row, [], POLICY)
      clock = decision.clock
      changed.push(decision.changed !== null)
    }
    expect(changed.map((each) => (each ? 'x' : '-')).join('')).toBe('--x-x--x-----x')
  })

  test('names every component that failed in it, once', () => {
    const failing = (at: number, ...ids: string[]): Round =>
      round(minute(at), 'fail', {
        components: ids.map((id) => ({
          id,
          kind: 'http',
          counts: id === 'tree' ? 'degraded' : 'outage',
          checkedAt: minute(at),
          result: { kind: 'failed', phase: 'http', latencyMs: 1, evidence: 'x' },
        })),
      })
    const rows = [failing(0, 'web', 'tree'), failing(1, 'web'), failing(2, 'web', 'api'), failing(3, 'api')]
    expect(fold(rows).clock.open?.outage.failed).toEqual(['web', 'api'])
  })

  test('the operator alarm is left out when more than the unobserved time is missing', () => {
    // 70 minutes of changes somewhere between OK and FAIL, nothing of it UNKNOWN.
    const settings = { intervalMs: 10 * MINUTE, timeoutMs: MINUTE }
    const rows = verdicts('offofofofofofof', 10).map((row) => ({ ...row, ...settings }))
    expect(fold(rows, [], { ...POLICY, recoveryPeriodMs: 5 * HOUR }).clock.open?.outage).toMatchObject({
      downMs: 10 * MINUTE,
      possibleMs: 140 * MINUTE,
      operatorAlarmAt: null,
    })
  })

  test('the operator alarm is left out when the letter is due already, though it would now be due later', () => {
    const rows = [...rounds('ok', -5, -1), ...rounds('fail', 0, 61)]
    const later = { ...POLICY, noticeAfterMs: 2 * HOUR }
    const due = fold(rows)
    const { open } = decide(due.clock, round(minute(125), 'fail'), [], later).clock
    expect(open?.outage).toMatchObject({
      downMs: 61 * MINUTE,
      possibleMs: 126 * MINUTE,
      letterDueAt: minute(61),
      operatorAlarmAt: null,
    })
  })
})

describe('an early warning', () => {
  const warned = (rows: readonly Round[], warnAfterMs?: number): unknown =>
    fold(rows, [], { ...POLICY, ...(warnAfterMs === undefined ? {} : { warnAfterMs }) }).clock.open?.outage
      .warnedAt

  test('is due by the FAIL that proves its time or more, once, and without that time never', () => {
    expect(warned(rounds('fail', 0, 44), 45 * MINUTE)).toBeNull()
    expect(warned(rounds('fail', 0, 45), 45 * MINUTE)).toBe(minute(45))
    expect(warned(rounds('fail', 0, 90), 45 * MINUTE)).toBe(minute(45))
    expect(warned(rounds('fail', 0, 90))).toBeNull()
    const told = fold(rounds('fail', 0, 90), [], { ...POLICY, warnAfterMs: 45 * MINUTE }).events
    expect(told.filter(({ kind }) => kind === 'warned')).toHaveLength(1)
  })
})

describe('an outage that was cancelled as false', () => {
  function cancelled(rows: readonly Round[]): ClockState {
    const { clock } = fold(rows)
    if (clock.open === null) throw new Error('open')
    const outage: Outage = { ...clock.open.outage, state: 'cancelled' }
    return { ...clock, open: { ...clock.open, outage } }
  }

  test('absorbs the FAILs that follow: only the latest moves', () => {
    const begun = cancelled(rounds('fail', 0, 30))
    let clock = begun
    const told: string[] = []
    for (const row of [...verdicts(`${'?'.repeat(31)}fofofofofofofofof`), ...rounds('fail', 60, 200)]) {
      if (row.at <= minute(30)) continue
      const decision = decide(clock, row, [], POLICY)
      clock = decision.clock
      told.push(...decision.events.map(({ kind }) => kind))
    }
    expect(told).toEqual([])
    expect(clock.open?.outage).toEqual({ ...begun.open?.outage, latestFailAt: minute(200) })
    expect(deadlineAt(clock, [], POLICY)).toBeNull()
  })

  test('ends as any other and stays cancelled, and the next FAILs open a new one', () => {
    let clock = cancelled(rounds('fail', 0, 30))
    const told: OutageEvent[] = []
    for (const row of [...rounds('ok', 31, 36), ...rounds('fail', 37, 38)]) {
      const decision = decide(clock, row, [], POLICY)
      clock = decision.clock
      told.push(...decision.events)
    }
    expect(told.map(({ kind, outage }) => [kind, outage.state, outage.start, outage.end])).toEqual([
      ['closed', 'cancelled', minute(0), minute(31)],
      ['opened', 'open', minute(37), null],
    ])
  })

  test('needs no deadline probe at the very crossing', () => {
    expect(deadlineAt(fold(rounds('fail', 0, 60)).clock, [], POLICY)).not.toBeNull()
    expect(deadlineAt(cancelled(rounds('fail', 0, 60)), [], POLICY)).toBeNull()
  })
})

describe('the deadline probe', () => {
  const failing = rounds('fail', 0, 60)

  test.each([
    ['comes 1 ms after the crossing', failing, [], 60 * MINUTE + 1],
    ['is not planned for a crossing that an ordinary round comes before', failing.slice(0, 50), [], null],
    ['is not planned while OKs come', [...failing, round(minute(60.5), 'ok')], [], null],
    ['is not planned after the letter became due', rounds('fail', 0, 61), [], null],
    ['is not planned after a step', [...failing, step(minute(60), 5000)], [], null],
    [
      'is not put off by planned work that begins at it',
      failing,
      [{ from: 60 + 1 / MINUTE, to: 62 }],
      60 * MINUTE + 1,
    ],
    ['waits for planned work to end', failing, [{ from: 60, to: 61 }], 61 * MINUTE + 1],
    ['may come exactly g after the FAIL', failing, [{ from: 60, to: 62.5 - 1 / MINUTE }], 62.5 * MINUTE],
    ['is left to later rounds when planned work is longer than g', failing, [{ from: 60, to: 90 }], null],
  ])('%s', (_name, rows, work, expected) => {
    const windows = work.map(({ from, to }) => ({ from: minute(from), to: minute(to) }))
    const at = deadlineAt(fold(rows, windows).clock, mergeWindows(windows), POLICY)
    expect(at === null ? null : at - T0).toBe(expected)
  })

  test('a FAIL at the deadline makes the letter due, and a millisecond earlier it does not', () => {
    const window = fc.record({ from: fc.integer({ min: 0, max: 240 }), ms: fc.integer({ min: 1, max: 20 }) })
    const given = fc.record({
      windows: fc.array(window, { maxLength: 4 }),
      notice: fc.integer({ min: 1, max: 200 }),
    })
    fc.assert(
      fc.property(given, ({ windows, notice }) => {
        const merged = mergeWindows(
          windows.map(({ from, ms }) => ({
            from: T0 + from * 15 * SECOND,
            to: T0 + (from + ms) * 15 * SECOND,
          })),
        )
        const policy = { ...POLICY, noticeAfterMs: notice * 15 * SECOND }
        let clock = NEW_CLOCK
        for (const row of rounds('fail', 0, 70)) {
          const deadline = deadlineAt(clock, merged, policy)
          if (deadline !== null && deadline > (clock.cursor?.at ?? 0)) {
            const due = (at: number): boolean =>
              decide(clock, round(at, 'fail'), merged, policy).events.some(
                ({ kind }) => kind === 'letter-due',
              )
            expect([due(deadline - 1), due(deadline)]).toEqual([false, true])
          }
          clock = decide(clock, row, merged, policy).clock
        }
      }),
    )
  })
})
