import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../../support/diagnosis-stage.ts'

function causeOfChange(from: string, to: string, beforeMs: number): string | null {
  const stage = createDiagnosisStage()
  stage.read('1', { firmware: from, ignition: true })
  stage.wait(MINUTE)
  stage.read('1', { firmware: to })
  stage.wait(beforeMs)
  stage.read('1', { ignition: true })
  stage.wait(31 * MINUTE)
  return stage.cause('1')
}

describe('the firmware', () => {
  test.each([
    [HOUR, 'firmware/high'],
    [HOUR + SECOND, 'firmware/medium'],
    [DAY, 'firmware/medium'],
    [DAY + SECOND, 'unknown/low'],
  ])('that changed %i ms before the last data: %s', (beforeMs, expected) => {
    expect(causeOfChange('114', '120', beforeMs)).toBe(expected)
  })

  test('that is told again is no change, nor is the first one', () => {
    expect(causeOfChange('120', '120', MINUTE)).toBe('unknown/low')
  })

  test('is named in the evidence, also when only an ident told it', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { firmware: '114', ignition: true })
    stage.wait(MINUTE)
    stage.say('1', { kind: 'presence', readings: { firmware: '120' } })
    stage.wait(31 * MINUTE)
    expect(stage.finding('1')?.evidence[0]).toEqual({ kind: 'firmware', version: '120', beforeMs: 0 })
  })

  test.each([
    [15 * MINUTE, 'firmware/high'],
    [15 * MINUTE + SECOND, 'link-without-data/medium'],
  ])('that an ident tells %i ms after the last data: %s', (afterMs, expected) => {
    const stage = createDiagnosisStage()
    stage.read('1', { firmware: '114', ignition: true })
    stage.wait(afterMs)
    stage.say('1', { kind: 'presence', readings: { firmware: '120' } })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe(expected)
  })
})
