import { describe, expect, test } from 'vitest'
import { decide } from '../../../src/core/outage/clock.ts'
import { NEW_CLOCK } from '../../../src/core/outage/clock-state.ts'
import { mergeWindows } from '../../../src/core/outage/planned-work.ts'
import { serviceStatus } from '../../../src/core/outage/service-status.ts'
import type { ServiceStatus } from '../../../src/core/outage/status.ts'
import type { ComponentReading, ProbeResult, Round } from '../../../src/core/outage/verdict.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { minute, POLICY, round, rounds, step } from './trace.ts'

const GAP = 2.5 * MINUTE
const COMPONENTS = [
  { id: 'web', kind: 'http' as const },
  { id: 'tree', kind: 'omnicomm-tree' as const },
]
const WORK = [{ from: minute(60), to: minute(90) }]

function status(rows: readonly Round[], now: number): ServiceStatus {
  const windows = mergeWindows(WORK)
  let clock = NEW_CLOCK
  for (const row of rows) clock = decide(clock, row, windows, POLICY).clock
  const evidence = { clock, windows, components: COMPONENTS, newest: rows.at(-1) ?? null, largestGapMs: GAP }
  return serviceStatus(evidence, minute(now))
}

const reading = (id: string, result: ProbeResult): ComponentReading => ({
  id,
  kind: 'http',
  counts: id === 'tree' ? 'degraded' : 'outage',
  checkedAt: minute(9),
  result,
})

describe('the state of the service', () => {
  test.each([
    ['unknown before the first round', [], 0, 'unknown', null],
    ['up since its first OK', rounds('ok', 0, 10), 11, 'up', 0],
    ['unknown behind a clock that was set back while nobody looked', rounds('ok', 30, 40), 5, 'unknown', 5],
    ['degraded after a single FAIL', [...rounds('ok', 0, 10), ...rounds('fail', 11, 11)], 12, 'degraded', 11],
    [
      'up since the OK after a single FAIL',
      [...rounds('ok', 0, 3), ...rounds('fail', 4, 4), ...rounds('ok', 5, 9)],
      9,
      'up',
      5,
    ],
    [
      'down since the first FAIL of the outage',
      [...rounds('ok', 0, 3), ...rounds('fail', 4, 9)],
      9,
      'down',
      4,
    ],
    [
      'down while the recovery is not confirmed',
      [...rounds('fail', 0, 9), ...rounds('ok', 10, 12)],
      12,
      'down',
      0,
    ],
    ['up since the end of the outage', [...rounds('fail', 0, 9), ...rounds('ok', 10, 20)], 20, 'up', 10],
    ['known for as long as g', rounds('ok', 0, 10), 12.5, 'up', 0],
    ['unknown after g without a verdict', rounds('ok', 0, 10), 12.6, 'unknown', 10],
    [
      'unknown after g of UNKNOWN verdicts',
      [...rounds('ok', 0, 3), ...rounds('unknown', 4, 9)],
      9,
      'unknown',
      3,
    ],
    ['in planned work since its begin', rounds('ok', 50, 70), 70, 'maintenance', 60],
  ] as const)('is %s', (_name, rows, now, state, since) => {
    expect(status(rows, now)).toMatchObject({ state, since: since === null ? null : minute(since) })
  })

  test('is unknown from a step of the wall clock to the next known verdict, also where time comes again', () => {
    let clock = NEW_CLOCK
    for (const row of [...rounds('ok', 0, 60), step(minute(1), -HOUR)]) {
      clock = decide(clock, row, [], POLICY).clock
    }
    const evidence = { clock, windows: [], components: COMPONENTS, newest: null, largestGapMs: GAP }
    expect(serviceStatus(evidence, minute(2))).toMatchObject({ state: 'unknown', since: minute(1) })
    clock = decide(clock, round(minute(3), 'ok'), [], POLICY).clock
    expect(serviceStatus({ ...evidence, clock }, minute(3))).toMatchObject({ state: 'up' })
  })

  test('is degraded for as long as something is slow or a component that does not count fails', () => {
    const slow = { components: [reading('web', { kind: 'ok', latencyMs: 9000, slow: true })] }
    const rows = [...rounds('ok', 0, 7), round(minute(8), 'ok', slow), round(minute(9), 'ok', slow)]
    expect(status(rows, 9)).toMatchObject({
      state: 'degraded',
      since: minute(8),
      components: [
        { id: 'web', state: 'degraded', latencyMs: 9000 },
        { id: 'tree', state: 'unknown' },
      ],
    })
    expect(status([...rows, round(minute(10), 'ok')], 10)).toMatchObject({ state: 'up', since: minute(10) })
  })

  test('carries the open outage', () => {
    expect(status(rounds('fail', 0, 9), 9).outage).toMatchObject({ state: 'open', downMs: 9 * MINUTE })
    expect(status(rounds('ok', 0, 9), 9)).not.toHaveProperty('outage')
  })
})

describe('after an outage was cancelled as false', () => {
  test.each([
    ['degraded while FAILs come', rounds('fail', 0, 9), 9, 'degraded'],
    ['up once they do not', [...rounds('fail', 0, 9), ...rounds('ok', 10, 11)], 11, 'up'],
    ['unknown when nobody looks', rounds('fail', 0, 9), 30, 'unknown'],
  ] as const)('the service is %s', (_name, rows, now, state) => {
    let clock = NEW_CLOCK
    for (const row of rows) {
      clock = decide(clock, row, [], POLICY).clock
      if (clock.open === null) continue
      const outage = { ...clock.open.outage, state: 'cancelled' as const }
      clock = { ...clock, open: { ...clock.open, outage } }
    }
    const evidence = { clock, windows: [], components: COMPONENTS, newest: null, largestGapMs: GAP }
    const told = serviceStatus(evidence, minute(now))
    expect(told.state).toBe(state)
    expect(told).not.toHaveProperty('outage')
  })
})

describe('the state of a component', () => {
  const failed: ProbeResult = { kind: 'failed', phase: 'tls', latencyMs: 7, evidence: 'certificate expired' }
  test.each([
    ['up', 'ok', { kind: 'ok', latencyMs: 5, slow: false }, null],
    ['down', 'fail', failed, 'tls: certificate expired'],
    ['unknown when no control host confirmed its failure', 'unknown', failed, 'tls: certificate expired'],
    [
      'unknown when this machine could not probe it',
      'unknown',
      { kind: 'own-fault', reason: 'no file handles' },
      'no file handles',
    ],
    ['not-watched', 'unknown', { kind: 'unusable', reason: 'no account' }, 'no account'],
  ] as const)('is %s', (state, verdict, result, reason) => {
    const [web] = status([round(minute(9), verdict, { components: [reading('web', result)] })], 9).components
    const checkedAt = result.kind === 'unusable' ? null : minute(9)
    expect(web).toMatchObject({ state: state.split(' ')[0], reason, checkedAt })
  })

  test('is unknown when the newest round is old', () => {
    const rows = [round(minute(9), 'fail', { components: [reading('web', failed)] })]
    expect(status(rows, 30).components[0]).toMatchObject({ state: 'unknown', latencyMs: null })
  })
})
