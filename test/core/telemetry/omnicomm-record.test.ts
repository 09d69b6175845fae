import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readArchive } from '../../../src/core/telemetry/omnicomm-archive.ts'
import { readRecord } from '../../../src/core/telemetry/omnicomm-record.ts'
import {
  archivePayload,
  bytesField,
  general,
  group,
  hexBytes,
  navigation,
  numberField,
  OMNICOMM_FRAMES,
  signedField,
  tag,
  textField,
  timedRecord,
  varint,
  zigzag,
} from '../../support/omnicomm.ts'

function read(...parts: readonly (readonly number[])[]) {
  return readRecord(Uint8Array.from(parts.flat()))
}

const minimal = { kind: 'record', events: [] }

describe('a record', () => {
  test('that was captured has all its numbers', () => {
    const archive = readArchive(hexBytes(OMNICOMM_FRAMES.archive).subarray(4, -2))
    expect(archive).toEqual({
      recordId: 5325,
      headerTime: 337_867_554,
      priority: 0,
      records: [
        {
          kind: 'record',
          events: [1],
          general: {
            time: 337_867_554,
            statusBits: 6,
            mileage: 0,
            sensorSpeed: 0,
            sensorRpm: 0,
            supplyVoltage: 0,
            batteryPercent: 0,
            acceleration: 0,
            accelerationX: 0,
            accelerationY: 0,
            accelerationZ: 0,
          },
          navigation: {
            latitude: 593_741_302,
            longitude: 281_644_535,
            speed: 0,
            course: 0,
            satellites: 4,
            altitude: 0,
            time: 337_867_554,
          },
          inputs: { input1: 0, input2: 0, input3: 0, input4: 0, input5: 0, input6: 0 },
          fuelSensors: { temperature1: 28, level1: 0, state1: 1, temperature2: 28, level2: 0, state2: 1 },
        },
      ],
    })
  })

  test.each([
    ['packed', bytesField(1, [17, 3, ...varint(300)]), [17, 3, 300]],
    ['unpacked', [...numberField(1, 17), ...numberField(1, 3)], [17, 3]],
    ['mixed', [...bytesField(1, [17]), ...numberField(1, 3), ...bytesField(1, [5])], [17, 3, 5]],
    ['empty and packed', bytesField(1, []), []],
  ])('has its events %s', (_, bytes, events) => {
    expect(read(bytes)).toEqual({ kind: 'record', events })
  })

  test('has its groups and fields in any order, and of repeated ones the last value of each field', () => {
    expect(
      read(
        group(8, numberField(2, 700), signedField(1, -5)),
        navigation(signedField(2, -1), signedField(1, 5)),
        general(numberField(8, 276), numberField(1, 10), numberField(8, 277)),
        general(numberField(1, 11), numberField(9, 90)),
      ),
    ).toEqual({
      kind: 'record',
      events: [],
      general: { time: 11, supplyVoltage: 277, batteryPercent: 90 },
      navigation: { latitude: 5, longitude: -1 },
      fuelSensors: { level1: 700, temperature1: -5 },
    })
  })

  test('has a group that is there without a field', () => {
    expect(read(navigation())).toEqual({ ...minimal, navigation: {} })
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('has temperature, level and state of fuel sensor %i', (n) => {
    const fields = group(8, signedField(3 * n - 2, -40), numberField(3 * n - 1, 4095), signedField(3 * n, 2))
    expect(read(fields)).toEqual({
      ...minimal,
      fuelSensors: { [`temperature${n}`]: -40, [`level${n}`]: 4095, [`state${n}`]: 2 },
    })
  })

  test('has CAN, OBD and one-wire numbers', () => {
    expect(
      read(
        group(7, ...[96, 110, 190, 245, 247, 250, 1624].map((spn) => numberField(spn, spn))),
        group(11, numberField(1, 60), numberField(4, 1), numberField(5, 2), numberField(6, 3)),
        group(9, group(1, signedField(1, -128), signedField(8, 21)), group(2, numberField(1, 4))),
      ),
    ).toEqual({
      ...minimal,
      can: {
        fuelLevel: 96,
        coolantTemperature: 110,
        engineSpeed: 190,
        totalDistance: 245,
        engineHours: 247,
        totalFuelUsed: 250,
        speed: 1624,
      },
      obd: { speed: 60, moduleVoltage: 1, engineSpeed: 2, fuelLevel: 3 },
      temperatures: { temperature1: -128, temperature8: 21 },
    })
  })

  test.each([
    ['Reset: power. Ver308 build 7', '308'],
    ['Ver114', '114'],
    ['Ver, Ver1 and Ver2', '2'],
    ['Ver2 or Ver?', '2'],
    ['Ver12345678901234', '1234567890'],
    ['version 308, ver308, Ve308', undefined],
  ])('with the log text %j names the firmware %s', (text, firmware) => {
    expect(read(group(16, textField(1, text)))).toEqual(
      firmware === undefined ? minimal : { ...minimal, firmware },
    )
  })

  test('names no firmware by digits that stand behind its log text', () => {
    expect(read(group(16, textField(1, 'Ver3'), textField(5, '08')))).toMatchObject({ firmware: '3' })
    expect(read(group(16, textField(1, 'Ve'), textField(1, 'r308')))).toEqual(minimal)
  })
})

describe('what a record has besides', () => {
  const nested = (depth: number): number[] => (depth === 0 ? [] : group(100 + depth, nested(depth - 1)))

  test.each([
    ['a number', numberField(1000, 2n ** 63n)],
    ['eight bytes', [...tag(1000, 1), 1, 2, 3, 4, 5, 6, 7, 8]],
    ['bytes', bytesField(1000, [0x2c, 0xff, 0xff])],
    ['four bytes', [...tag(1000, 5), 1, 2, 3, 4]],
    ['a group', group(1000, numberField(1, 5), textField(2, 'x'))],
    ['groups in groups', nested(16)],
    ['a photo', group(4, numberField(1, 0), bytesField(4, Array(2048).fill(0xc0)))],
    ['a number where a group is known', numberField(2, 7)],
    ['bytes where a group is known', bytesField(5, [1, 2])],
    ['events of another type', [...tag(1, 5), 1, 2, 3, 4]],
  ])('%s is skipped', (_, bytes) => {
    expect(read(timedRecord(5), bytes, numberField(1, 9))).toEqual({
      kind: 'record',
      events: [1, 9],
      general: { time: 5 },
    })
  })

  test.each([
    ['bytes', bytesField(1, [9])],
    ['a group', group(1, numberField(1, 9))],
    ['four bytes', [...tag(1, 5), 1, 2, 3, 4]],
  ])('%s where a number is known is skipped', (_, bytes) => {
    expect(read(general(bytes, numberField(4, 6)))).toEqual({ ...minimal, general: { statusBits: 6 } })
  })

  test('groups in groups may be 16 deep, not more', () => {
    expect(read(nested(17))).toEqual({ kind: 'bad', reason: 'groups are nested deeper than 16' })
    expect(read(Array(100_000).fill(tag(3, 3)).flat())).toMatchObject({ kind: 'bad' })
  })
})

describe('a record is bad when', () => {
  test.each([
    ['it is empty', [], 'it is empty'],
    ['it ends in a tag', [0x88], 'it ends inside a number'],
    ['it ends in a number', general(numberField(1, 5)).slice(0, -2), 'it ends inside a number'],
    ['it ends in a group', general(numberField(1, 5)).slice(0, -1), 'it ends inside group 2'],
    ['another group ends', [...tag(2, 3), ...tag(3, 4)], 'group 2 is ended as group 3'],
    ['an unknown group ends as another', [...tag(50, 3), ...tag(51, 4)], 'group 50 is ended as group 51'],
    ['a group ends that did not begin', tag(2, 4), 'group none is ended as group 2'],
    ['a number has 11 bytes', [...tag(3, 0), ...Array(10).fill(0x80), 1], 'a number is longer than 10 bytes'],
    ['a length is beyond the end', [...tag(3, 2), 5, 1, 2, 3, 4], 'a length reaches beyond its end'],
    ['a length is huge', [...tag(3, 2), ...varint(0xffff_ffff)], 'a length reaches beyond its end'],
    ['packed events are cut', [...tag(1, 2), 1, 0x80, 0x01], 'it ends inside a number'],
    ['eight bytes are cut', [...tag(3, 1), 1, 2, 3, 4, 5, 6, 7], 'it ends inside a number'],
    ['four bytes are cut', [...tag(3, 5), 1, 2, 3], 'it ends inside a number'],
    ['a wire type is unknown', tag(3, 6), 'there is no wire type 6'],
    ['a field has no number', [0x00, 0x01], 'there is no field 0'],
  ])('%s', (_, bytes, reason) => {
    expect(read(bytes)).toEqual({ kind: 'bad', reason })
  })
})

describe('a number of a record', () => {
  test.each([
    [0n, 0],
    [0xffff_ffffn, 0xffff_ffff],
    [0x1_0000_0001n, 1],
    [2n ** 64n - 1n, 0xffff_ffff],
  ])('%s has its low 32 bits', (sent, value) => {
    expect(read(general(numberField(1, sent)))).toEqual({ ...minimal, general: { time: value } })
  })

  test('may be written in up to 10 bytes', () => {
    const long = [0x85, ...Array(8).fill(0x80), 0x00]
    expect(read(general([...tag(1, 0), ...long]))).toEqual({ ...minimal, general: { time: 5 } })
  })

  test.each([0, 1, -1, 593_741_302, -1_800_000_000, 2_147_483_647, -2_147_483_648])(
    '%i has its sign',
    (value) => {
      expect(read(navigation(numberField(2, BigInt(zigzag(value)))))).toEqual({
        ...minimal,
        navigation: { longitude: value },
      })
    },
  )
})

describe('the records of a frame', () => {
  const bad = { kind: 'bad' }
  const cut = { kind: 'bad', reason: 'the frame ends before it does' }

  test.each([
    ['no records', archivePayload(7, 8, []), []],
    [
      'a bad record among good ones',
      archivePayload(7, 8, [timedRecord(1), [0x88], timedRecord(2)]),
      [1, bad, 2],
    ],
    ['an empty record', archivePayload(7, 8, [[], timedRecord(2)]), [bad, 2]],
    ['a record cut short', archivePayload(7, 8, [timedRecord(1), timedRecord(2)]).slice(0, -1), [1, cut]],
    ['half a size at the end', [...archivePayload(7, 8, [timedRecord(1)]), 9], [1, cut]],
    ['a size beyond the end', [...archivePayload(7, 8, [timedRecord(1)]), 0xff, 0xff], [1, cut]],
  ])('%s', (_, payload, records) => {
    expect(readArchive(Uint8Array.from(payload))).toMatchObject({
      recordId: 7,
      headerTime: 8,
      records: records.map((record) => (typeof record === 'number' ? { general: { time: record } } : record)),
    })
  })

  test('a payload of 8 bytes says nothing', () => {
    expect(readArchive(new Uint8Array(8))).toBeUndefined()
    expect(readArchive(new Uint8Array(9))).toEqual({ recordId: 0, headerTime: 0, priority: 0, records: [] })
  })

  test('its numbers are unsigned', () => {
    expect(readArchive(Uint8Array.from(archivePayload(0xffff_fffe, 0x8000_0000, [])))).toMatchObject({
      recordId: 0xffff_fffe,
      headerTime: 0x8000_0000,
    })
  })
})

test('no bytes make the reader of records throw, nor read beyond them', () => {
  const loaded = fc.constantFrom(0x08, 0x0a, 0x13, 0x14, 0x2b, 0x2c, 0x43, 0x44, 0x4b, 0x80, 0xff, 0x01)
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.array(loaded, { maxLength: 80 }).map((b) => Uint8Array.from(b)),
  )
  fc.assert(
    fc.property(bytes, fc.uint8Array({ maxLength: 20 }), (record, behind) => {
      const alone = readRecord(record)
      const framed = Uint8Array.from([...behind, ...record, ...behind])
      expect(readRecord(framed, behind.length, behind.length + record.length)).toEqual(alone)
    }),
    { numRuns: 1000 },
  )
})
