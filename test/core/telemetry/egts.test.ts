import { describe, expect, test } from 'vitest'
import { egtsName, egtsObservations } from '../../../src/core/telemetry/egts.ts'
import { type EgtsRecord, readEgtsRecords } from '../../../src/core/telemetry/egts-record.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import {
  egtsRecord,
  identityData,
  joined,
  positionData,
  SAMPLE_NTM,
  subrecord,
} from '../../support/egts-bytes.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'

const BASE = { terminalId: '7', source: 'relay', receivedAt: SAMPLE_AT }
const PLACE = { latitude: 56.25, longitude: 43.5, speedKmh: 0, course: 0, valid: true }

function recordOf(bytes: Uint8Array): EgtsRecord {
  const [record] = readEgtsRecords(bytes).records
  if (record === undefined) throw new Error('no record')
  return record
}

function observe(...bytes: Parameters<typeof egtsRecord>): readonly Observation[] {
  return egtsObservations(
    recordOf(egtsRecord(...bytes)),
    { terminalId: '7' },
    { source: 'relay', receivedAt: SAMPLE_AT },
  )
}

function fixWith(parts: Parameters<typeof positionData>[0]): Observation['fix'] {
  return observe({}, positionData(parts))[0]?.fix
}

function readingsWith(...subrecords: readonly Uint8Array[]): Observation['readings'] {
  return observe({}, positionData({ flags: 0 }), ...subrecords)[0]?.readings
}

describe('records', () => {
  test.each([
    ['nothing', {}, undefined, undefined],
    ['an object', { objectId: 0xffff_ffff }, 0xffff_ffff, undefined],
    ['object 0, which is none', { objectId: 0 }, undefined, undefined],
    ['an event', { eventId: 5 }, undefined, undefined],
    ['a time', { time: SAMPLE_NTM }, undefined, SAMPLE_AT],
    ['all three', { objectId: 7, eventId: 5, time: SAMPLE_NTM }, 7, SAMPLE_AT],
    ['time 0, which is none', { time: 0 }, undefined, undefined],
  ])('%s before the services is told by the flags', (_name, parts, objectId, at) => {
    const record = recordOf(egtsRecord({ number: 65_535, ...parts }, positionData({})))
    expect(record).toMatchObject({ number: 65_535, service: 2, faults: [] })
    expect([record.objectId, record.at, record.subrecords.map(({ kind }) => kind)]).toEqual([
      objectId,
      at,
      ['position'],
    ])
  })

  test('records stand one behind the other', () => {
    const body = joined(
      egtsRecord({ number: 1 }),
      egtsRecord({ number: 2 }, positionData({})),
      egtsRecord({ number: 3 }),
    )
    expect(
      readEgtsRecords(body).records.map(({ number, subrecords }) => [number, subrecords.length]),
    ).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ])
  })

  test('what is cut off is a fault, and what stands before it is read', () => {
    const first = egtsRecord({ number: 1 }, positionData({}))
    const body = joined(first, egtsRecord({ number: 2, objectId: 5 }, positionData({})))
    for (let end = first.length + 1; end < body.length; end += 1) {
      const { records, fault } = readEgtsRecords(body.subarray(0, end))
      expect([records.length, fault]).toEqual([1, 'record 2 of a packet is longer than the packet'])
    }
  })

  test.each([
    ['a subrecord that is longer than its record', Uint8Array.of(18, 5, 0, 1)],
    ['half the head of a subrecord', Uint8Array.of(18, 0)],
    ['a position of 20 bytes', subrecord(16, new Uint8Array(20))],
    ['an accuracy without flags', subrecord(17, [])],
    ['an accuracy without the satellites that it promises', subrecord(17, [0x0f, 1, 0, 2, 0, 3, 0])],
    ['a sensor of 6 bytes', subrecord(27, [0, 1, 0, 1, 2, 3])],
    ['a sensor without flags', subrecord(27, [])],
  ])('%s is a fault, and what stands before it is read', (_name, broken) => {
    const record = recordOf(egtsRecord({}, positionData({}), broken))
    expect([record.subrecords.length, record.faults.length]).toEqual([1, 1])
  })

  test('a subrecord of a wrong length does not hide the next one', () => {
    const record = recordOf(egtsRecord({}, subrecord(16, [1, 2]), positionData({})))
    expect([record.subrecords.map(({ kind }) => kind), record.faults.length]).toEqual([['position'], 1])
  })
})

describe('identities', () => {
  test.each<[string, Uint8Array, object | undefined]>([
    ['a unit id', identityData(5), { unitId: 5 }],
    ['a unit id and an IMEI', identityData(5, '123456789012345'), { unitId: 5, imei: '123456789012345' }],
    ['an IMEI with unit id 0', identityData(0, '123456789012345'), { imei: '123456789012345' }],
    [
      'an IMEI that is filled up with zero bytes',
      identityData(0, '1234567890\0\0\0\0\0'),
      { imei: '1234567890' },
    ],
    ['an IMEI that is filled up with blanks', identityData(0, '1234567890     '), { imei: '1234567890' }],
    ['an IMEI of zeros', identityData(5, '000000000000000'), { unitId: 5 }],
    ['an IMEI of zero bytes', identityData(5, '\0'.repeat(15)), { unitId: 5 }],
    ['an IMEI of other bytes', identityData(5, '12345\u0001678901234'), { unitId: 5 }],
    ['nothing', identityData(0), {}],
    [
      'the dispatcher before the IMEI',
      subrecord(1, [5, 0, 0, 0, 0x87, 1, 2, ...new TextEncoder().encode('123456789012345'), 9, 9, 9]),
      { unitId: 5, imei: '123456789012345' },
    ],
    ['an IMEI that is cut off', subrecord(1, [5, 0, 0, 0, 2, 0x31]), undefined],
    ['no flags', subrecord(1, [5, 0, 0, 0]), undefined],
  ])('%s', (_name, bytes, terminal) => {
    const { subrecords } = recordOf(egtsRecord({ service: 1 }, bytes))
    expect(subrecords).toEqual(terminal === undefined ? [] : [{ kind: 'terminal', terminal }])
  })

  test.each([
    ['the object of the record', 9, { unitId: 5, imei: 'I' }, { terminalId: '9' }],
    ['the object that is also the unit', 5, { unitId: 5, imei: 'I' }, { terminalId: '5', aliases: ['I'] }],
    [
      'the unit id, with the IMEI as another name',
      undefined,
      { unitId: 5, imei: 'I' },
      { terminalId: '5', aliases: ['I'] },
    ],
    ['the unit id alone', undefined, { unitId: 5 }, { terminalId: '5' }],
    ['the IMEI alone', undefined, { imei: 'I' }, { terminalId: 'I' }],
    ['the unit id that is the IMEI', undefined, { unitId: 5, imei: '5' }, { terminalId: '5' }],
    ['nobody', undefined, {}, undefined],
    ['nobody without an identity', undefined, undefined, undefined],
  ])('a record names %s', (_name, objectId, terminal, name) => {
    expect(egtsName(objectId, terminal)).toEqual(name)
  })
})

describe('positions', () => {
  test('a valid one is live at its own time', () => {
    expect(observe({ time: 1 }, positionData({ motion: 420, direction: 118, odometer: 1234 }))).toEqual([
      {
        ...BASE,
        kind: 'live',
        eventAt: SAMPLE_AT,
        fix: { ...PLACE, speedKmh: 42, course: 118 },
        readings: { speedKmh: 42, mileageM: 123_400 },
      },
    ])
  })

  test('one from the black box is archive', () => {
    expect(observe({}, positionData({ flags: 0x09 }))[0]?.kind).toBe('archive')
  })

  test('one without a valid fix is data all the same, and its speed is no reading', () => {
    expect(observe({}, positionData({ flags: 0, motion: 420, odometer: 5 }))).toEqual([
      {
        ...BASE,
        kind: 'live',
        eventAt: SAMPLE_AT,
        fix: { ...PLACE, speedKmh: 42, valid: false },
        readings: { mileageM: 500 },
      },
    ])
  })

  test.each([
    ['its own time', { time: SAMPLE_NTM - 60 }, SAMPLE_NTM, SAMPLE_AT],
    ['the time of the record where it has none', { time: SAMPLE_NTM }, 0, SAMPLE_AT],
    ['no time where nothing has one', {}, 0, undefined],
  ])('one is dated by %s', (_name, record, time, eventAt) => {
    const [observation] = observe(record, positionData({ time }))
    expect([observation?.kind, observation?.eventAt]).toEqual(['live', eventAt])
  })

  test('the last second that 32 bits can say is in 2146', () => {
    expect(observe({}, positionData({ time: 0xffff_ffff }))[0]?.eventAt).toBe(
      Date.UTC(2010) + 0xffff_ffff * 1000,
    )
  })

  test.each([
    ['north and east', 1, { latitude: 56.25, longitude: 43.5 }],
    ['south', 0x21, { latitude: -56.25, longitude: 43.5 }],
    ['west', 0x41, { latitude: 56.25, longitude: -43.5 }],
    ['south and west', 0x61, { latitude: -56.25, longitude: -43.5 }],
  ])('hemispheres: %s', (_name, flags, place) => {
    expect(fixWith({ flags })).toMatchObject(place)
  })

  test('the ends of the scale are the poles and the date line', () => {
    expect(fixWith({ latitude: 90, longitude: 180 })).toMatchObject({ latitude: 90, longitude: 180 })
    expect(fixWith({ flags: 0x61, latitude: 0, longitude: 0 })).toMatchObject({ latitude: 0, longitude: 0 })
  })

  test.each([
    ['speed in tenths', { motion: 0x3fff }, { speedKmh: 1638.3, course: 0 }],
    ['a course below 256', { direction: 255 }, { course: 255 }],
    ['the ninth bit of the course', { motion: 0x8000, direction: 103 }, { speedKmh: 0, course: 359 }],
    [
      'the ninth bit and the sign beside the speed',
      { motion: 0xc000 | 421, direction: 0 },
      { speedKmh: 42.1, course: 256 },
    ],
    ['height above the sea', { altitude: 150 }, { altitudeM: 150 }],
    ['height below the sea', { altitude: 28, motion: 0x4000 }, { altitudeM: -28, speedKmh: 0 }],
  ])('%s', (_name, parts, expected) => {
    expect(fixWith(parts)).toMatchObject(expected)
  })

  test.each([
    ['a course beyond 360', { motion: 0x8000, direction: 105 }, 'course'],
    ['a height of 16,777 km', { altitude: 0xff_ffff }, 'altitudeM'],
    ['a height that is not sent', { motion: 0x4000 }, 'altitudeM'],
  ])('%s is left out', (_name, parts, key) => {
    expect(fixWith(parts)).not.toHaveProperty(key)
  })

  test('a promised height that is not there is left out', () => {
    const cut = positionData({ altitude: 5 }).subarray(3, 3 + 21)
    expect(observe({}, subrecord(16, cut))[0]?.fix).toEqual(PLACE)
  })

  test('the odometer reaches to 1,677,721.5 km, and zero is none', () => {
    expect(observe({}, positionData({ odometer: 0xff_ffff }))[0]?.readings?.mileageM).toBe(1_677_721_500)
    expect(observe({}, positionData({ odometer: 0 }))[0]?.readings).not.toHaveProperty('mileageM')
  })

  test('the public test packet goes 200 km/h to 300 degrees: the direction has nine bits', () => {
    const data = [
      0xd5, 0x3f, 0x01, 0x10, 0x6f, 0x1c, 0x05, 0x9e, 0x7a, 0xb5, 0x3c, 0x35, 0x01, 0xd0, 0x87, 0x2c, 1, 0, 0,
      0, 0,
    ]
    expect(observe({}, subrecord(16, data))).toEqual([
      {
        ...BASE,
        kind: 'live',
        eventAt: Date.UTC(2018, 6, 5, 20, 8, 53),
        fix: { latitude: 55.553_894, longitude: 37.432_367, speedKmh: 200, course: 300, valid: true },
        readings: { speedKmh: 200, mileageM: 100 },
      },
    ])
  })
})

describe('what stands beside a position', () => {
  test.each([
    ['satellites alone', [8, 11], 11],
    ['satellites behind one accuracy', [0x0a, 1, 0, 11], 11],
    ['satellites behind all accuracies', [0x1f, 1, 0, 2, 0, 3, 0, 11, 4, 0], 11],
    ['no satellites', [0x07, 1, 0, 2, 0, 3, 0], undefined],
  ])('%s', (_name, data, satellites) => {
    const [observation] = observe({}, positionData({}), subrecord(17, data))
    expect([observation?.fix?.satellites, observation?.readings?.satellites]).toEqual([
      satellites,
      satellites,
    ])
  })

  test.each<[string, readonly number[], object | undefined]>([
    ['steps of the sensor', [0x00, 1, 0, 0x10, 0x27, 0, 0], { fuel1: 10_000 }],
    ['per cent', [0x11, 1, 0, 45, 0, 0, 0], { fuel2: 45 }],
    ['tenths of a litre', [0x27, 1, 0, 0xd2, 4, 0, 0], { fuel8: 123.4 }],
    ['an unknown unit', [0x30, 1, 0, 1, 0, 0, 0], undefined],
    ['an erring sensor', [0x41, 1, 0, 1, 0, 0, 0], undefined],
    ['a raw copy of a port', [0x08, 1, 0, 1, 2], undefined],
    ['a number beyond all tanks', [0x00, 1, 0, 255, 255, 255, 255], undefined],
  ])('fuel in %s', (_name, data, readings) => {
    expect(readingsWith(subrecord(27, data))).toEqual(readings)
  })

  test('of two sensors with one number the first is shown', () => {
    const sensors = [3, 4].map((level) => subrecord(27, [0, level, 0, level, 0, 0, 0]))
    expect(readingsWith(...sensors)).toEqual({ fuel1: 3 })
  })

  test('what follows a position belongs to it, what stands before the first one too', () => {
    const observations = observe(
      {},
      subrecord(17, [8, 4]),
      positionData({ time: SAMPLE_NTM - 60, flags: 9 }),
      subrecord(27, [0, 0, 0, 50, 0, 0, 0]),
      positionData({}),
      subrecord(18, [1, 2, 3]),
      subrecord(17, [8, 12]),
    )
    expect(observations.map(({ kind, eventAt, readings }) => ({ kind, eventAt, readings }))).toEqual([
      { kind: 'archive', eventAt: SAMPLE_AT - 60_000, readings: { satellites: 4, fuel1: 50, speedKmh: 0 } },
      { kind: 'live', eventAt: SAMPLE_AT, readings: { satellites: 12, speedKmh: 0 } },
    ])
  })
})

describe('records without a position', () => {
  const sensors = subrecord(27, [0, 0, 0, 50, 0, 0, 0])

  test('are live data at the time of the record', () => {
    expect(observe({ time: SAMPLE_NTM }, sensors)).toEqual([
      { ...BASE, kind: 'live', eventAt: SAMPLE_AT, readings: { fuel1: 50 } },
    ])
    expect(observe({ time: SAMPLE_NTM }, subrecord(18, [1]))).toEqual([
      { ...BASE, kind: 'live', eventAt: SAMPLE_AT },
    ])
  })

  test('are presence where nothing says when they were made', () => {
    expect(observe({}, sensors)).toEqual([{ ...BASE, kind: 'presence' }])
    expect(observe({})).toEqual([{ ...BASE, kind: 'presence' }])
  })

  test('of other services are presence, and their subrecords mean other things', () => {
    expect(observe({ service: 10, time: SAMPLE_NTM }, positionData({}))).toEqual([
      { ...BASE, kind: 'presence' },
    ])
    expect(recordOf(egtsRecord({ service: 10 }, positionData({}))).subrecords).toEqual([{ kind: 'other' }])
  })
})
