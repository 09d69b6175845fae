import { describe, expect, test } from 'vitest'
import type { Readings } from '../../../../../src/core/telemetry/observation.ts'
import { HOUR, MINUTE } from '../../../../../src/core/time.ts'
import { createDiagnosisStage, fixAt } from '../../../../support/diagnosis-stage.ts'

/** It drives with positions, then says this every minute without any; then it is silent. */
function causeWithout(minutes: number, readings: Readings, silentMs: number): string | null {
  const stage = createDiagnosisStage()
  stage.say('1', { fix: fixAt(55.7), readings: { ignition: true } })
  for (let i = 0; i <= minutes; i++) {
    stage.wait(MINUTE)
    stage.read('1', readings)
  }
  stage.wait(silentMs)
  return stage.cause('1')
}

describe('the antenna', () => {
  test('is suspected after 15 min of motion without a position', () => {
    expect(causeWithout(31, { ignition: true }, 0)).toBe('antenna/medium')
    expect(causeWithout(31, { ignition: true, speedKmh: 40 }, 0)).toBe('antenna/high')
  })

  test.each([
    [15, 'antenna/low'],
    [14, 'unknown/low'],
  ])('of a terminal that fell silent after %i min of that: %s', (minutes, expected) => {
    expect(causeWithout(minutes, { ignition: true }, 31 * MINUTE)).toBe(expected)
  })

  test('is not suspected of one that had parked, drove off just now and has no position yet', () => {
    const stage = createDiagnosisStage()
    stage.say('1', { fix: fixAt(55.7), readings: { ignition: true } })
    for (let i = 0; i < 8; i++) {
      stage.wait(HOUR)
      stage.read('1', { ignition: false })
    }
    stage.wait(MINUTE)
    stage.read('1', { ignition: true })
    stage.wait(MINUTE)
    stage.read('1', { ignition: true })
    stage.judge()
    expect(stage.state('1')).toBe('no-fix')
    expect(stage.cause('1')).toBe('unknown/low')
  })

  test('is a weak guess when the terminal tells of jamming', () => {
    expect(causeWithout(31, { ignition: true, gpsJamming: true }, 0)).toBe('antenna/low')
  })
})

describe('a stuck position', () => {
  function causeOf(minutes: number, readings: Readings, latitude = (_: number) => 55.7): string | null {
    const stage = createDiagnosisStage()
    for (let i = 0; i <= minutes + 1; i++) {
      const mileageM = readings.mileageM === undefined ? {} : { mileageM: i * readings.mileageM }
      stage.say('1', { fix: fixAt(latitude(i)), readings: { ignition: true, ...readings, ...mileageM } })
      stage.wait(MINUTE)
    }
    stage.wait(31 * MINUTE)
    return stage.cause('1')
  }

  test.each([
    [5, 'stuck-fix/low'],
    [4, 'unknown/low'],
  ])('at 50 km/h for %i min: %s', (minutes, expected) => {
    expect(causeOf(minutes, { speedKmh: 50 })).toBe(expected)
  })

  test('may show by the mileage alone', () => {
    expect(causeOf(6, { mileageM: 100 })).toBe('stuck-fix/low')
    expect(causeOf(6, { mileageM: 99 })).toBe('unknown/low')
  })

  test('is not one that changes in the fifth decimal, nor one of a vehicle that stands', () => {
    expect(causeOf(6, { speedKmh: 50 }, (i) => 55.7 + i * 0.00001)).toBe('unknown/low')
    expect(causeOf(6, { speedKmh: 9 })).toBe('unknown/low')
  })

  test('is not one after which no position came any more', () => {
    const stage = createDiagnosisStage()
    for (let i = 0; i < 13; i++) {
      const fix = i < 3 ? { fix: fixAt(55.7) } : {}
      stage.say('1', { ...fix, readings: { ignition: true, speedKmh: 50 } })
      stage.wait(MINUTE)
    }
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe('unknown/low')
  })

  test('is not one position of before that is told again and again', () => {
    const stage = createDiagnosisStage()
    const fix = { ...fixAt(55.7), at: stage.now() }
    for (let i = 0; i <= 10; i++) {
      stage.say('1', { fix, readings: { ignition: true, speedKmh: 50 } })
      stage.wait(MINUTE)
    }
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe('unknown/low')
  })
})

describe('jamming', () => {
  const causeOf = (...words: readonly Readings[]): string | null => {
    const stage = createDiagnosisStage()
    for (const readings of words) {
      stage.read('1', { ignition: true, ...readings })
      stage.wait(MINUTE)
    }
    stage.wait(31 * MINUTE)
    return stage.cause('1')
  }

  test('of GSM explains silence, that of GNSS hardly', () => {
    expect(causeOf({ gsmJamming: true })).toBe('jamming/high')
    expect(causeOf({ gpsJamming: true })).toBe('jamming/low')
  })

  test('that was over at the last contact explains nothing', () => {
    expect(causeOf({ gsmJamming: true }, { gsmJamming: false })).toBe('unknown/low')
  })
})
