import { describe, expect, test } from 'vitest'
import {
  type ComponentReading,
  type ControlAnswer,
  type FailurePhase,
  isImpaired,
  judgeRound,
  type ProbeResult,
} from '../../../src/core/outage/verdict.ts'
import { round, T0 } from './trace.ts'

const ok: ProbeResult = { kind: 'ok', latencyMs: 50, slow: false }
const slow: ProbeResult = { kind: 'ok', latencyMs: 5000, slow: true }
const blocked: ProbeResult = { kind: 'unusable', reason: '429' }
const ownFault: ProbeResult = { kind: 'own-fault', reason: 'no file handles' }
const failed = (phase: FailurePhase): ProbeResult => ({ kind: 'failed', phase, latencyMs: 1, evidence: 'x' })
const reading = (
  id: string,
  result: ProbeResult,
  counts: ComponentReading['counts'] = 'outage',
): ComponentReading => ({ id, kind: 'http', counts, checkedAt: T0, result })

const byName: ControlAnswer = { kind: 'answered', byName: true }
const byAddress: ControlAnswer = { kind: 'answered', byName: false }
const silent: ControlAnswer = { kind: 'silent' }
const web = (result: ProbeResult): ComponentReading => reading('web', result)
const api = (result: ProbeResult): ComponentReading => reading('api', result)
const tree = (result: ProbeResult): ComponentReading => reading('tree', result, 'degraded')

type Case = readonly [
  string,
  readonly ComponentReading[],
  readonly ControlAnswer[],
  readonly string[],
  readonly string[],
  'ok' | 'fail' | 'unknown',
]

describe('the verdict of a round', () => {
  test.each<Case>([
    ['all well', [web(ok), api(ok)], [], [], [], 'ok'],
    ['slow is well', [web(slow)], [], [], [], 'ok'],
    ['one failed, a control host answered', [web(ok), api(failed('tcp'))], [byName], [], [], 'fail'],
    ['one control host of two is enough', [web(failed('http'))], [silent, byAddress], [], [], 'fail'],
    ['no control host answered', [web(failed('tcp'))], [silent, silent], [], [], 'unknown'],
    ['no control host was asked', [web(failed('tcp'))], [], [], [], 'unknown'],
    ['names are gone while addresses answer', [web(failed('dns'))], [byAddress, silent], [], [], 'unknown'],
    ['its name is gone while other names answer', [web(failed('dns'))], [byAddress, byName], [], [], 'fail'],
    [
      'a name is gone and a page is broken',
      [web(failed('dns')), api(failed('http'))],
      [byAddress],
      [],
      [],
      'fail',
    ],
    ['a degraded component never fails it', [web(ok), tree(failed('http'))], [byName], [], [], 'ok'],
    ['a degraded component alone says nothing', [tree(ok)], [], [], [], 'unknown'],
    ['nothing can be watched', [web(blocked)], [], [], [], 'unknown'],
    ['nothing is configured', [], [], [], [], 'unknown'],
    ['what cannot be watched is left out', [web(ok), api(blocked)], [], [], [], 'ok'],
    ['what failed and cannot be watched now', [web(ok), api(blocked)], [], [], ['api'], 'unknown'],
    ['the same beside a failure', [web(failed('http')), api(blocked)], [byName], [], ['api'], 'fail'],
    ['this machine could not probe one', [web(ok), api(ownFault)], [], [], [], 'unknown'],
    ['nor one that failed before', [web(ok), api(ownFault)], [], [], ['api'], 'unknown'],
    ['the same beside a proven failure', [web(failed('http')), api(ownFault)], [byName], [], [], 'fail'],
    ['the same beside an unproven one', [web(failed('http')), api(ownFault)], [silent], [], [], 'unknown'],
    ['it could not probe one that does not count', [web(ok), tree(ownFault)], [], [], [], 'ok'],
    ['a fault of our own', [web(failed('http'))], [byName], ['the database is full'], [], 'unknown'],
    ['a fault of our own beside OKs', [web(ok)], [], ['stalled'], [], 'unknown'],
  ])('%s', (_name, components, controls, faults, failedInOutage, verdict) => {
    const judgement = judgeRound(components, controls, faults, failedInOutage)
    expect(judgement.verdict).toBe(verdict)
    expect(judgement.reason !== undefined).toBe(verdict === 'unknown')
  })

  test('there is something to complain about after a FAIL, a failed component or a slow one', () => {
    expect(isImpaired(round(T0, 'ok', { components: [web(ok), tree(blocked)] }))).toBe(false)
    expect(isImpaired(round(T0, 'ok', { components: [web(ok), tree(ownFault)] }))).toBe(false)
    expect(isImpaired(round(T0, 'ok', { components: [web(slow)] }))).toBe(true)
    expect(isImpaired(round(T0, 'ok', { components: [web(ok), tree(failed('http'))] }))).toBe(true)
    expect(isImpaired(round(T0, 'fail'))).toBe(true)
  })
})
