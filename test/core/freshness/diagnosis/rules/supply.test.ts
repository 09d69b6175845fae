import { describe, expect, test } from 'vitest'
import type { Readings } from '../../../../../src/core/telemetry/observation.ts'
import { HOUR, MINUTE, SECOND } from '../../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../../support/diagnosis-stage.ts'

/** What it says, with the time until the next word; then it is silent for 25 h. */
function causeAfter(...words: readonly (readonly [readings: Readings, thenMs: number])[]): string | null {
  const stage = createDiagnosisStage()
  for (const [readings, thenMs] of words) {
    stage.read('1', readings)
    stage.wait(thenMs)
  }
  stage.wait(25 * HOUR)
  return stage.cause('1')
}

describe('a power cut', () => {
  const cut = (before: number, after: number, apartMs = MINUTE): string | null =>
    causeAfter([{ voltage: before, ignition: true }, apartMs], [{ voltage: after }, 0])

  test('is a supply in order that fell below 6 V within 10 min before silence', () => {
    expect(cut(13.9, 0.4)).toBe('power-cut/high')
    expect(cut(27.4, 2)).toBe('power-cut/high')
  })

  test.each([
    ['12 V, fallen to 6 V', 13.9, 6],
    ['12 V, never above 9 V', 9, 0.4],
    ['12 V, fallen to 8 V only', 13.9, 8],
    ['24 V, fallen to 12 V', 27, 12],
  ])('is not a supply of %s', (_, before, after) => {
    expect(cut(before, after)).not.toMatch('power-cut')
  })

  test('counts from the first reading that was low, exactly 10 min included', () => {
    const spread = (ms: number): string | null =>
      causeAfter([{ voltage: 13.9, ignition: true }, MINUTE], [{ voltage: 0.5 }, ms], [{ voltage: 0.4 }, 0])
    expect(spread(10 * MINUTE)).toBe('power-cut/high')
    expect(spread(10 * MINUTE + SECOND)).not.toMatch('power-cut')
  })

  test('is not a slow decline over hours', () => {
    expect(
      causeAfter([{ voltage: 12.5, ignition: true }, HOUR], [{ voltage: 8 }, HOUR], [{ voltage: 5 }, 0]),
    ).not.toMatch('power-cut')
  })

  test('is what the terminal reports itself, also without a voltage', () => {
    expect(causeAfter([{ powerAlarm: true, ignition: true }, 0])).toBe('power-cut/high')
    expect(causeAfter([{ backupPower: true, ignition: true }, 0])).toBe('power-cut/medium')
    expect(causeAfter([{ backupPower: false, powerAlarm: false, ignition: true }, 0])).toBe('unknown/low')
  })

  test('is an alarm whenever it began, also before an empty battery of the tracker', () => {
    const empty = { batteryPercent: 3, ignition: true }
    const alarmed = (last: Readings): string | null =>
      causeAfter(
        [{ voltage: 13.9, ignition: true }, MINUTE],
        [{ powerAlarm: true }, 3 * HOUR],
        [{ ...empty, ...last }, 0],
      )
    expect(alarmed({ powerAlarm: true })).toBe('power-cut/high')
    expect(alarmed({ powerAlarm: true, voltage: 0.4, backupPower: true })).toBe('power-cut/high')
    expect(alarmed({ backupPower: true })).toBe('tracker-battery/high')
    expect(alarmed({ voltage: 0.4 })).toBe('tracker-battery/high')
  })

  test('is told with the time of the loss where that is known', () => {
    const stage = createDiagnosisStage()
    const evidence = () => stage.finding('1')?.evidence
    stage.read('1', { voltage: 13.9, ignition: true, powerAlarm: true })
    stage.wait(HOUR)
    stage.read('1', { voltage: 0.4, powerAlarm: true })
    stage.wait(HOUR)
    expect(evidence()).toEqual([
      { kind: 'supply', volts: 0.4, system: 12 },
      { kind: 'power-alarm' },
      { kind: 'power-lost', beforeMs: HOUR },
      { kind: 'contact', agoMs: HOUR },
    ])
  })

  test('is an alarm that came late, of which nothing else was noted, unless a supply came after it', () => {
    const late = (last: Readings): string | null => {
      const stage = createDiagnosisStage()
      stage.read('1', { ignition: true, ...last })
      const eventAt = stage.now() - 5 * MINUTE
      stage.say('1', { kind: 'archive', eventAt, readings: { powerAlarm: true } })
      stage.wait(25 * HOUR)
      return stage.cause('1')
    }
    expect(late({})).toBe('power-cut/high')
    expect(late({ voltage: 13.8 })).toBe('unknown/low')
    expect(late({ backupPower: false })).toBe('unknown/low')
  })

  test('is over when the supply is in order again', () => {
    expect(
      causeAfter(
        [{ voltage: 13.9, ignition: true }, MINUTE],
        [{ voltage: 0.4, powerAlarm: true }, MINUTE],
        [{ voltage: 13.8 }, 0],
      ),
    ).toBe('unknown/low')
  })

  test('is not concluded from a voltage that was not sent', () => {
    expect(causeAfter([{ voltage: 13.9, ignition: true }, MINUTE], [{ speedKmh: 40 }, 0])).toBe('unknown/low')
  })

  test('is found although its archive comes later, with what was before', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { voltage: 13.9, ignition: true })
    stage.wait(MINUTE)
    stage.read('1', { voltage: 0.4 })
    stage.say('1', { kind: 'archive', eventAt: stage.now() - HOUR, readings: { voltage: 13.7 } })
    stage.wait(HOUR)
    expect(stage.cause('1')).toBe('power-cut/high')
  })

  test('is told of a sleeping terminal before its sleep', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { voltage: 12.6, ignition: false })
    stage.wait(MINUTE)
    stage.read('1', { voltage: 0.2 })
    stage.wait(HOUR)
    expect(stage.state('1')).toBe('sleeping')
    expect(stage.cause('1')).toBe('power-cut/high')
  })

  test('one spike above 18 V does not make a vehicle one of 24 V, two readings in a row do', () => {
    const last = [{ voltage: 13.8 }, MINUTE] as const
    const spike = [{ voltage: 30 }, MINUTE] as const
    const first = [{ voltage: 13.8, ignition: true, backupPower: false }, MINUTE] as const
    expect(causeAfter(first, spike, last, [{ voltage: 0.4 }, 0])).toBe('power-cut/high')
    // Of a vehicle of 24 V 13.8 V is no supply in order, so nothing healthy came after the alarm.
    expect(causeAfter(first, spike, spike, [{ voltage: 13.8, powerAlarm: true }, MINUTE], last)).toBe(
      'power-cut/high',
    )
    expect(causeAfter(first, spike, [{ voltage: 13.8, powerAlarm: true }, MINUTE], last)).toBe('unknown/low')
  })
})

describe('the battery of the vehicle', () => {
  const parked = (...volts: readonly number[]): string | null =>
    causeAfter(...volts.map((voltage) => [{ voltage, ignition: false }, HOUR] as const))

  test('is empty when it is low and fell since the ignition went off', () => {
    expect(parked(12.5, 12.1, 11.7)).toBe('vehicle-battery/medium')
    expect(parked(12.8, 12.1, 11.7)).toBe('vehicle-battery/high')
    expect(parked(25.2, 24.4, 23.4)).toBe('vehicle-battery/medium')
  })

  test.each([
    ['it is just not low', [12.5, 11.8]],
    ['it is just not low, of 24 V', [25, 23.5]],
    ['it is low but steady', [11.7, 11.7, 11.6]],
    ['it is low but rises', [12.4, 11.5, 11.7]],
  ])('is not the cause when %s', (_, volts) => {
    expect(parked(...volts)).not.toMatch('vehicle-battery')
  })

  test('is not the cause while the ignition is on, or is not known', () => {
    expect(
      causeAfter([{ voltage: 12.5, ignition: true }, HOUR], [{ voltage: 11.5, ignition: true }, 0]),
    ).toBe('unknown/low')
    expect(causeAfter([{ voltage: 12.5 }, HOUR], [{ voltage: 11.5 }, 0])).toBe('unknown/low')
  })

  test('does not count the fall from the voltage of a running engine', () => {
    expect(
      causeAfter(
        [{ voltage: 14.1, ignition: true }, MINUTE],
        [{ voltage: 11.7, ignition: false }, HOUR],
        [{ voltage: 11.7, ignition: false }, 0],
      ),
    ).not.toMatch('vehicle-battery')
  })
})

describe("the tracker's own battery", () => {
  const onBackup = (battery: Readings): string | null =>
    causeAfter(
      [{ voltage: 13.9, ignition: true }, MINUTE],
      [{ backupPower: true }, HOUR],
      [{ backupPower: true, ...battery }, 0],
    )

  test('is empty at 20 % or 3.5 V after it ran on backup power', () => {
    expect(onBackup({ batteryPercent: 20 })).toBe('tracker-battery/high')
    expect(onBackup({ batteryVoltage: 3.5 })).toBe('tracker-battery/high')
  })

  test('is not the cause when it was charged', () => {
    expect(onBackup({ batteryPercent: 21, batteryVoltage: 3.6 })).toBe('unknown/low')
  })

  test('is not the cause while there is a supply', () => {
    expect(causeAfter([{ voltage: 13.9, batteryPercent: 3, ignition: true }, 0])).toBe('unknown/low')
  })

  test('is the only supply of one that never told of another', () => {
    expect(causeAfter([{ batteryPercent: 20, ignition: true }, 0])).toBe('tracker-battery/medium')
    expect(causeAfter([{ batteryPercent: 21, ignition: true }, 0])).toBe('unknown/low')
    expect(causeAfter([{ batteryPercent: 3, backupPower: false, ignition: true }, 0])).toBe('unknown/low')
    expect(causeAfter([{ ignition: true }, 0])).toBe('unknown/low')
  })

  test('is a weak guess when its charge is not known', () => {
    expect(onBackup({})).toBe('tracker-battery/low')
  })
})
