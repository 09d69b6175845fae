import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../../support/diagnosis-stage.ts'

describe('the clock', () => {
  test('is the cause of a lag that stays the same, and not an archive', () => {
    const stage = createDiagnosisStage()
    for (let i = 0; i < 15; i++) {
      stage.say('1', { eventAt: stage.now() - 3 * HOUR, readings: { ignition: true } })
      stage.wait(30 * SECOND)
    }
    expect(stage.state('1')).toBe('backlog')
    expect(stage.cause('1')).toBe('clock/high')
  })

  test.each([
    [HOUR, 'clock/low'],
    [HOUR + SECOND, 'unknown/low'],
  ])('that told an impossible time %i ms before the last data: %s', (beforeMs, expected) => {
    const stage = createDiagnosisStage()
    stage.say('1', { eventAt: stage.now() + HOUR, readings: { ignition: true } })
    stage.wait(beforeMs)
    stage.read('1', { ignition: true })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe(expected)
  })

  test('of a time before 2010 is as impossible', () => {
    const stage = createDiagnosisStage()
    stage.say('1', { eventAt: 1000, readings: { ignition: true } })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe('clock/low')
  })
})
