import { describe, expect, test } from 'vitest'
import type { Readings } from '../../../../../src/core/telemetry/observation.ts'
import { HOUR } from '../../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../../support/diagnosis-stage.ts'

function causeAfter(readings: Readings, silentMs: number): string | null {
  const stage = createDiagnosisStage()
  stage.read('1', readings)
  stage.wait(silentMs)
  return stage.cause('1')
}

describe('sleep', () => {
  test('is what a parked terminal does within the parked threshold', () => {
    expect(causeAfter({ ignition: false }, HOUR)).toBe('sleep/high')
    expect(causeAfter({ speedKmh: 0 }, HOUR)).toBe('sleep/medium')
  })

  test.each([
    ['12 V', 11.8, 'sleep/medium'],
    ['12 V', 11.7, 'unknown/low'],
    ['24 V', 23.5, 'sleep/medium'],
    ['24 V', 23.4, 'unknown/low'],
  ])('of a stale terminal of %s with ignition off and %d V: %s', (_, voltage, expected) => {
    expect(causeAfter({ ignition: false, voltage }, 7 * HOUR)).toBe(expected)
  })

  test('is not concluded of a stale terminal whose supply is unknown, or that drove', () => {
    expect(causeAfter({ ignition: false }, 7 * HOUR)).toBe('unknown/low')
    expect(causeAfter({ ignition: true, voltage: 13.8 }, 7 * HOUR)).toBe('unknown/low')
    expect(causeAfter({ speedKmh: 0, voltage: 12.6 }, 7 * HOUR)).toBe('unknown/low')
  })
})
