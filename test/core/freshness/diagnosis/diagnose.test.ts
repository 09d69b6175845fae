import { describe, expect, test } from 'vitest'
import { CAUSE_CODES } from '../../../../src/core/freshness/diagnosis/codes.ts'
import { diagnose, RULES } from '../../../../src/core/freshness/diagnosis/diagnose.ts'
import { beginBlind } from '../../../../src/core/freshness/source-watch.ts'
import { CODE, STATES } from '../../../../src/core/freshness/state.ts'
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../support/diagnosis-stage.ts'

describe('the diagnosis', () => {
  test('has one rule for each code, in the order of the specification', () => {
    expect(RULES.map(({ code }) => code)).toEqual(CAUSE_CODES)
  })

  test('finds something in every state but fresh and decommissioned', () => {
    const stage = createDiagnosisStage()
    stage.say('1')
    const row = stage.rowOf('1')
    for (const state of STATES) {
      stage.fleet.table.state[row] = CODE[state]
      const isFine = state === 'fresh' || state === 'decommissioned'
      expect([state, diagnose(stage.fleet, row, stage.now()) === null]).toEqual([state, isFine])
    }
  })

  test('of a terminal that was never judged and never heard says so', () => {
    const stage = createDiagnosisStage()
    expect(stage.finding('1')).toMatchObject({
      code: 'unknown',
      evidence: [{ kind: 'not-heard', source: 'gate' }],
    })
    stage.wait(MINUTE)
    expect(stage.finding('1')).toEqual({ code: 'unknown', confidence: 'low', evidence: [{ kind: 'never' }] })
  })

  test('blames our own blindness and nothing in the terminal while it cannot be judged', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { voltage: 13.9, ignition: true })
    stage.wait(MINUTE)
    stage.read('1', { voltage: 0.3 })
    const [watch] = stage.fleet.sources
    if (watch) beginBlind(watch, 'link', stage.now())
    stage.wait(HOUR)
    expect(stage.state('1')).toBe('unknown')
    expect(stage.finding('1')?.evidence[0]).toEqual({ kind: 'not-heard', source: 'gate' })
  })

  test('stands at each change into silence, and at no other', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { voltage: 13.9, ignition: true })
    stage.wait(MINUTE)
    stage.read('1', { voltage: 0.3 })
    stage.wait(31 * MINUTE)
    stage.wait(DAY)
    stage.read('1', { voltage: 13.9 })
    stage.wait(2 * MINUTE)
    expect(stage.transitions.map(({ to, cause }) => [to, cause])).toEqual([
      ['fresh', undefined],
      ['stale', 'power-cut'],
      ['lost', 'power-cut'],
      ['fresh', undefined],
    ])
  })

  test('of what was last known, when nothing fits, tells the numbers', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true, speedKmh: 42, voltage: 13.8, gsmPercent: 80 })
    stage.wait(31 * MINUTE)
    expect(stage.finding('1')).toEqual({
      code: 'unknown',
      confidence: 'low',
      evidence: [
        { kind: 'ignition', on: true },
        { kind: 'speed', kmh: 42 },
        { kind: 'supply', volts: 13.8, system: 12 },
        { kind: 'signal', percent: 80 },
        { kind: 'contact', agoMs: 31 * MINUTE },
      ],
    })
  })
})
