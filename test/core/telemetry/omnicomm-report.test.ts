import { describe, expect, test } from 'vitest'
import { readRecord } from '../../../src/core/telemetry/omnicomm-record.ts'
import { observationOf, presenceOf, reportOf } from '../../../src/core/telemetry/omnicomm-report.ts'
import {
  bytesField,
  general,
  group,
  navigation,
  numberField,
  OMNICOMM_EPOCH,
  signedField,
  textField,
} from '../../support/omnicomm.ts'

const HEADER_TIME = 500_000_000

function report(parts: readonly (readonly number[])[], headerTime = HEADER_TIME) {
  const record = readRecord(Uint8Array.from(parts.flat()))
  if (record.kind === 'bad') throw new Error(record.reason)
  return reportOf(record, headerTime)
}

const at = (seconds: number): number => OMNICOMM_EPOCH + seconds * 1000
const events = (...codes: number[]): number[] => bytesField(1, codes)
const flags = (bits: number): number[] => numberField(4, bits)
/** GPS time, then bits that say that the position is valid. */
const position = (latitude: number, longitude: number, satellites: number): number[] =>
  navigation(
    signedField(1, latitude),
    signedField(2, longitude),
    numberField(3, 425),
    numberField(4, 118),
    numberField(5, satellites),
    signedField(6, -123),
    numberField(7, 537_704_430),
  )
const VALID = general(flags(4))

describe('the event time', () => {
  test.each([
    [
      'General.Time first',
      [general(numberField(1, 537_704_430)), navigation(numberField(7, 1000))],
      537_704_430,
    ],
    ['then the time of the fix', [general(flags(6)), navigation(numberField(7, 1000))], 1000],
    ['but not a fix time of 0', [navigation(numberField(7, 0))], HEADER_TIME],
    ['then the time of the frame', [events(1)], HEADER_TIME],
    [
      'a clock that was never set is told as it is',
      [general(numberField(1, 0)), navigation(numberField(7, 1000))],
      0,
    ],
  ])('is %s', (_, parts, seconds) => {
    expect(report(parts).eventAt).toBe(at(seconds))
  })

  test('counts from 2009: 537704430 is 2026-01-15T10:20:30Z', () => {
    expect(at(537_704_430)).toBe(Date.UTC(2026, 0, 15, 10, 20, 30))
    expect(report([general(numberField(1, 537_704_430))]).eventAt).toBe(Date.UTC(2026, 0, 15, 10, 20, 30))
  })

  test('may be as late as 2145', () => {
    expect(report([general(numberField(1, 0xffff_ffff))]).eventAt).toBe(at(0xffff_ffff))
  })

  test('is not known where nobody says it', () => {
    expect(report([events(1)], 0).eventAt).toBeNull()
  })
})

describe('the flags', () => {
  const names = [
    'ignition',
    'gsm',
    'gpsValid',
    'roaming',
    'backupPower',
    'panic',
    'caseOpen',
    'output',
    'voiceCall',
    'gpsJamming',
    'gsmJamming',
    'batteryFault',
  ]

  test.each(names.map((name, bit) => [name, bit] as const))('%s is bit %i', (name, bit) => {
    const none = Object.fromEntries(names.map((each) => [each, false]))
    expect(report([general(flags(2 ** bit))]).flags).toEqual({ ...none, [name]: true })
  })

  test('are none where they were not sent', () => {
    expect(report([general(numberField(1, 5))])).toMatchObject({ flags: {}, readings: {} })
  })
})

describe('the position', () => {
  test('is in degrees, km/h and metres, without noise behind the last decimal', () => {
    expect(report([VALID, position(593_741_302, -281_644_535, 4)]).fix).toEqual({
      latitude: 59.3741302,
      longitude: -28.1644535,
      at: at(537_704_430),
      speedKmh: 42.5,
      course: 118,
      satellites: 4,
      altitudeM: -12.3,
      valid: true,
    })
  })

  test.each([
    ['with the bit, four satellites and a place', VALID, position(1, 0, 4), true],
    ['with three satellites', VALID, position(1, 1, 3), false],
    ['without the bit', general(flags(0xffff ^ 4)), position(1, 1, 9), false],
    ['without flags', general(numberField(1, 5)), position(1, 1, 9), false],
    ['at 0/0', VALID, position(0, 0, 9), false],
    ['without a number of satellites', VALID, navigation(signedField(1, 1), signedField(2, 1)), false],
  ])('%s is valid: %s', (_, status, place, valid) => {
    expect(report([status, place]).fix?.valid).toBe(valid)
  })

  test('is none without a NAV group', () => {
    expect(report([VALID])).not.toHaveProperty('fix')
  })

  test.each([
    ['no coordinates', navigation(numberField(5, 9)), { satellites: 9 }],
    [
      'a latitude off Earth',
      position(900_000_001, 0, 9),
      { latitude: 90.0000001, longitude: 0, satellites: 9 },
    ],
    [
      'a longitude off Earth',
      position(0, 1_800_000_001, 9),
      { latitude: 0, longitude: 180.0000001, satellites: 9 },
    ],
  ])('with %s is shown as not valid, and is none of the terminal', (_, place, shown) => {
    const said = report([VALID, place])
    expect(said.fix).toMatchObject({ ...shown, valid: false })
    const road = { terminalId: '1', source: 'direct', receivedAt: 0 }
    expect(observationOf(said, road, 'live')).not.toHaveProperty('fix')
  })

  test('has no time of its own where that is 0 or was not sent', () => {
    const place = [signedField(1, 1), signedField(2, 1)]
    expect(report([navigation(...place)]).fix).toEqual({ latitude: 1e-7, longitude: 1e-7, valid: false })
    expect(report([navigation(...place, numberField(7, 0))]).fix).not.toHaveProperty('at')
  })

  test('has no number that cannot be', () => {
    const place = [signedField(1, 1), signedField(2, 1)]
    const absurd = [
      numberField(3, 20_001),
      numberField(4, 361),
      numberField(5, 256),
      signedField(6, 1_000_001),
    ]
    const { fix, readings } = report([navigation(...place, ...absurd)])
    expect(fix).toEqual({ latitude: 1e-7, longitude: 1e-7, valid: false })
    expect(readings).toEqual({})
  })
})

describe('a reading', () => {
  const fuel = (...fields: number[][]): number[] => group(8, ...fields)
  const can = (spn: number, raw: number): number[] => group(7, numberField(spn, raw))
  const obd = (field: number, raw: number): number[] => group(11, numberField(field, raw))

  test.each([
    ['voltage', [general(numberField(8, 276))], { voltage: 27.6 }],
    ['a voltage of 0 that was sent', [general(numberField(8, 0))], { voltage: 0 }],
    ['no absurd voltage', [general(numberField(8, 10_001))], {}],
    ['battery', [general(numberField(9, 100))], { batteryPercent: 100 }],
    ['no battery over 100 %', [general(numberField(9, 255))], {}],
    ['the worst GSM class', [general(numberField(18, 0))], { gsmPercent: 0 }],
    ['the best GSM class', [general(numberField(18, 5))], { gsmPercent: 100 }],
    ['GSM per cent', [general(numberField(18, 6))], { gsmPercent: 6 }],
    ['no GSM over 100 %', [general(numberField(18, 101))], {}],
    [
      'speed and satellites of the receiver',
      [navigation(numberField(3, 276), numberField(5, 7))],
      { speedKmh: 27.6, satellites: 7 },
    ],
    ['no speed by sensor, whose unit is not known', [general(numberField(6, 60))], {}],
    ['speed from CAN without a receiver', [can(1624, 61 * 256)], { speedKmh: 61 }],
    [
      'no speed from CAN beside a receiver',
      [can(1624, 61 * 256), navigation(numberField(5, 0))],
      { satellites: 0 },
    ],
    ['no speed that CAN calls an error', [can(1624, 65_024)], {}],
    ['speed from OBD', [obd(1, 0x0102_033c)], { speedKmh: 60 }],
    ['rpm by sensor', [general(numberField(7, 800)), can(190, 8000)], { rpm: 800 }],
    ['rpm from CAN', [can(190, 6401)], { rpm: 800.125 }],
    ['rpm from CAN where the sensor has none', [general(numberField(7, 0)), can(190, 8000)], { rpm: 1000 }],
    ['an rpm of 0 where nobody says more', [general(numberField(7, 0)), can(190, 65_535)], { rpm: 0 }],
    ['the highest rpm of CAN', [can(190, 65_023)], { rpm: 8127.875 }],
    ['rpm from OBD', [can(190, 65_024), obd(5, 0x800c)], { rpm: 800 }],
    ['no absurd rpm', [general(numberField(7, 65_001))], {}],
    ['mileage from CAN', [can(245, 1_000_001)], { mileageM: 125_000_125 }],
    ['no mileage that CAN calls an error', [can(245, 4_261_412_864)], {}],
    ['no mileage from an increment', [general(numberField(5, 500))], {}],
    ['fuel of a sensor that is ready', [fuel(numberField(2, 1234), signedField(3, 2))], { fuel1: 1234 }],
    ['fuel of a sensor without a state', [fuel(numberField(23, 77))], { fuel8: 77 }],
    ['no fuel of a sensor that is not ready', [fuel(numberField(2, 1234), signedField(3, 1))], {}],
    ['no fuel of a sensor in error', [fuel(numberField(5, 1234), signedField(6, 3))], {}],
    ['firmware from the log', [group(16, textField(1, 'boot Ver308'))], { firmware: '308' }],
    ['a power cut', [events(12)], { powerAlarm: true }],
    ['power that is back', [events(7)], { powerAlarm: false }],
    ['the later of cut and return', [events(12, 1, 7)], { powerAlarm: false }],
    ['nothing of power from other events', [events(1, 6, 10, 19)], {}],
  ])('%s', (_, parts, readings) => {
    expect(report(parts).readings).toEqual(readings)
  })

  test.each([
    [0, false, false, false, false, false],
    [0b001, true, false, false, false, false],
    [0b1000, false, true, false, false, false],
    [0b1_0000, false, false, true, false, false],
    [2 ** 9, false, false, false, true, false],
    [2 ** 10, false, false, false, false, true],
  ])('by the flags %i', (bits, ignition, roaming, backupPower, gpsJamming, gsmJamming) => {
    expect(report([general(flags(bits))]).readings).toEqual({
      ignition,
      roaming,
      backupPower,
      gpsJamming,
      gsmJamming,
    })
  })
})

describe('an observation of a record', () => {
  const road = { terminalId: '354002529', source: 'direct', receivedAt: 5 }

  test('has what is known, and nothing besides', () => {
    expect(observationOf(report([events(17)], 0), road, 'archive')).toEqual({ ...road, kind: 'archive' })
    const known = report([
      general(numberField(1, 7), numberField(8, 276)),
      navigation(signedField(1, 1), signedField(2, 1)),
    ])
    expect(observationOf(known, road, 'live')).toEqual({
      ...road,
      kind: 'live',
      eventAt: at(7),
      fix: { latitude: 1e-7, longitude: 1e-7, valid: false },
      readings: { voltage: 27.6 },
    })
  })

  test('of presence has at most the firmware', () => {
    expect(presenceOf(road)).toEqual({ ...road, kind: 'presence' })
    expect(presenceOf(road, 308)).toEqual({ ...road, kind: 'presence', readings: { firmware: '308' } })
  })
})
