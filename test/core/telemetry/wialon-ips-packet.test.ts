import { describe, expect, test } from 'vitest'
import { readWialonPacket, type WialonPacket } from '../../../src/core/telemetry/wialon-ips-packet.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'
import {
  SHORT_RECORD,
  signed,
  WIALON_BLACK_BOX,
  WIALON_DATA,
  WIALON_LOGIN,
} from '../../support/wialon-lines.ts'

function read(line: string, version: 1 | 2 | undefined = 1): WialonPacket {
  return readWialonPacket(new TextEncoder().encode(line), version)
}

const ABSENT = {
  at: null,
  latitude: null,
  longitude: null,
  speedKmh: null,
  course: null,
  altitudeM: null,
  satellites: null,
  readings: {},
}

describe('the examples of the reference', () => {
  test('the login has the checksum 41B0', () => {
    expect(read(WIALON_LOGIN, undefined)).toEqual({
      kind: 'login',
      version: 2,
      terminalId: '200000123',
      answer: '#AL#1',
    })
  })

  test('the data has the checksum CC32', () => {
    expect(read(WIALON_DATA, 2)).toEqual({
      kind: 'data',
      answer: '#AD#1',
      record: {
        at: SAMPLE_AT,
        latitude: 56.25,
        longitude: 43.5,
        speedKmh: 42,
        course: 118,
        altitudeM: 150,
        satellites: 11,
        readings: { voltage: 24.3, ignition: true },
      },
    })
  })

  test('the black box has the checksum 4FB3', () => {
    const packet = read(WIALON_BLACK_BOX, 2)
    expect(packet).toMatchObject({ kind: 'black-box', faults: [], answer: '#AB#2' })
    expect(packet.kind === 'black-box' && packet.records.map(({ at }) => at)).toEqual([
      Date.UTC(2026, 0, 15, 10, 10),
      Date.UTC(2026, 0, 15, 10, 11),
    ])
    expect(packet.kind === 'black-box' && packet.records[1]?.latitude).toBe(56.241_666_7)
  })
})

describe('logins', () => {
  test.each([
    ['of version 1 with a password', '#L#200000123;secret', 1, '200000123'],
    ['of version 1 without one', '#L#200000123', 1, '200000123'],
    ['with a name that is no IMEI', '#L#truck-12;NA', 1, 'truck-12'],
    ['of version 2.1', signed('L', '2.1;200000123;NA;'), 2, '200000123'],
    ['of a real terminal, whose checksum has three digits', '#L#2.0;236010173;NA;8A7', 2, '236010173'],
    [
      'with a checksum in small letters',
      WIALON_LOGIN.toLowerCase().replace('#l#', '#L#').replace('na', 'NA'),
      2,
      '200000123',
    ],
    ['with a blank behind it', `${WIALON_LOGIN} `, 2, '200000123'],
  ])('one %s is taken', (_name, line, version, terminalId) => {
    expect(read(line, undefined)).toEqual({ kind: 'login', version, terminalId, answer: '#AL#1' })
  })

  test.each([
    ['without a name', '#L#;NA', '#AL#0', false],
    ['with the name NA', '#L#NA;NA', '#AL#0', false],
    ['with a name of zeros', '#L#000000000000000;NA', '#AL#0', false],
    ['with a name of 65 characters', `#L#${'1'.repeat(65)};NA`, '#AL#0', false],
    ['with a control character in the name', '#L#12\u00013;NA', '#AL#0', false],
    ['of version 3', signed('L', '3.0;200000123;NA;'), '#AL#0', false],
    ['of version 2 without a checksum', '#L#2.0;200000123;NA', '#AL#0', false],
    ['with a field too many', '#L#2.0;200000123;NA;NA;41B0', '#AL#0', false],
    ['of version 2 without a name', signed('L', '2.0;;NA;'), '#AL#0', false],
    ['with a wrong checksum', '#L#2.0;200000123;NA;41B1', '#AL#10', true],
    ['with another name under the checksum', '#L#2.0;200000124;NA;41B0', '#AL#10', true],
    ['with an empty checksum', '#L#2.0;200000123;NA;', '#AL#10', true],
    ['with an empty checksum where 0000 is right', '#L#2.0;20638;NA;', '#AL#10', true],
    ['with a checksum that is no number', '#L#2.0;200000123;NA;41G0', '#AL#10', true],
    ['with a checksum of five digits', '#L#2.0;200000123;NA;041B0', '#AL#10', true],
  ])('one %s is refused', (_name, line, answer, checksum) => {
    expect(read(line, undefined)).toMatchObject({ kind: 'no-login', answer, checksum })
  })
})

describe('records', () => {
  test.each<[string, string, object]>([
    ['NA everywhere', 'NA;NA;NA;NA;NA;NA;NA;NA;NA;NA', ABSENT],
    ['nothing in place of NA', ';;;;;;;;;', ABSENT],
    ['a time without a position', '150126;102030;NA;NA;NA;NA;NA;NA;NA;NA', { ...ABSENT, at: SAMPLE_AT }],
    ['fractions of a second', '150126;102030.25;;;;;;;;', { ...ABSENT, at: SAMPLE_AT + 250 }],
    ['nine digits of a fraction', '150126;102030.999999999;;;;;;;;', { ...ABSENT, at: SAMPLE_AT + 999 }],
    [
      'the 29th of February of a leap year',
      '290228;000000;;;;;;;;',
      { ...ABSENT, at: Date.UTC(2028, 1, 29) },
    ],
    [
      'the south-west',
      'NA;NA;5630.0000;S;17959.9999;W;;;;',
      { ...ABSENT, latitude: -56.5, longitude: -179.999_998_3 },
    ],
    [
      'the place 0/0',
      'NA;NA;0000.0000;S;00000.0000;W;0;0;0;0',
      { ...ABSENT, latitude: 0, longitude: 0, speedKmh: 0, course: 0, altitudeM: 0, satellites: 0 },
    ],
    ['the poles', 'NA;NA;9000.0000;N;18000.0000;E;;;;', { ...ABSENT, latitude: 90, longitude: 180 }],
    ['a comma in a number', 'NA;NA;;;;;79,8;;;', { ...ABSENT, speedKmh: 79.8 }],
    ['a place below the sea', 'NA;NA;;;;;;;-28.5;', { ...ABSENT, altitudeM: -28.5 }],
    ['satellites written as a decimal', 'NA;NA;;;;;;;;11.000', { ...ABSENT, satellites: 11 }],
  ])('%s is read', (_name, fields, record) => {
    expect(read(`#SD#${fields}`)).toEqual({ kind: 'data', record, answer: '#ASD#1' })
  })

  test.each([
    ['a field too few', '150126;102030;NA;NA;NA;NA;NA;NA;NA', '-1'],
    ['a field too many', `${SHORT_RECORD};`, '-1'],
    ['nothing', '', '-1'],
    ['a month 13', '151326;102030;;;;;;;;', '0'],
    ['the 29th of February of a common year', '290226;102030;;;;;;;;', '0'],
    ['an hour 24', '150126;240000;;;;;;;;', '0'],
    ['a date without a time', '150126;NA;;;;;;;;', '0'],
    ['a time without a date', 'NA;102030;;;;;;;;', '0'],
    ['a date of five digits', '15126;102030;;;;;;;;', '0'],
    ['a date of zeros', '000000;000000;;;;;;;;', '0'],
    ['a latitude without its side', 'NA;NA;5615.0000;NA;04330.0000;E;;;;', '10'],
    ['a latitude without a longitude', 'NA;NA;5615.0000;N;NA;NA;;;;', '10'],
    ['a side that there is not', 'NA;NA;5615.0000;X;04330.0000;E;;;;', '10'],
    ['sides the wrong way round', 'NA;NA;5615.0000;E;04330.0000;N;;;;', '10'],
    ['60 minutes of a degree', 'NA;NA;5660.0000;N;04330.0000;E;;;;', '10'],
    ['a latitude beyond the pole', 'NA;NA;9000.0001;N;04330.0000;E;;;;', '10'],
    ['a longitude beyond 180', 'NA;NA;5615.0000;N;18000.0001;E;;;;', '10'],
    ['a negative latitude', 'NA;NA;-5615.0000;N;04330.0000;E;;;;', '10'],
    ['a latitude that is a word', 'NA;NA;north;N;04330.0000;E;;;;', '10'],
    ['a negative speed', 'NA;NA;;;;;-1;;;', '11'],
    ['a speed that is a word', 'NA;NA;;;;;fast;;;', '11'],
    ['a course that is a word', 'NA;NA;;;;;;west;;', '11'],
    ['an altitude that is a word', 'NA;NA;;;;;;;high;', '11'],
    ['half a satellite', 'NA;NA;;;;;;;;4.5', '12'],
    ['a negative number of satellites', 'NA;NA;;;;;;;;-4', '12'],
  ])('%s is answered with its code', (_name, fields, code) => {
    expect(read(`#SD#${fields}`)).toMatchObject({ kind: 'fault', answer: `#ASD#${code}` })
  })

  test.each([
    ['accuracy', `${SHORT_RECORD};good;0;0;;NA;`, '12'],
    ['inputs', `${SHORT_RECORD};0.9;on;0;;NA;`, '13'],
    ['outputs', `${SHORT_RECORD};0.9;0;-1;;NA;`, '13'],
    ['analogue inputs', `${SHORT_RECORD};0.9;0;0;14.77,high;NA;`, '14'],
    ['a parameter without a type', `${SHORT_RECORD};0.9;0;0;;NA;pwr_ext`, '15'],
    ['a parameter of an unknown type', `${SHORT_RECORD};0.9;0;0;;NA;pwr_ext:4:1`, '15'],
    ['a parameter that is no number', `${SHORT_RECORD};0.9;0;0;;NA;a:1:1,pwr_ext:2:much`, '15'],
    ['too few fields', SHORT_RECORD, '-1'],
    ['a short record with parameters', `${SHORT_RECORD};NA;ign:1:1`, '-1'],
  ])('%s that cannot be read: the code of long records', (_name, fields, code) => {
    expect(read(`#D#${fields}`)).toMatchObject({ kind: 'fault', answer: `#AD#${code}` })
  })

  test.each([
    ['pwr_ext:2:24.3', { voltage: 24.3 }],
    ['pwr:1:12', { voltage: 12 }],
    ['Power:2:28.184000,Battery:2:4.032000,GSM:1:1,Distance:2:198377.203125', { voltage: 28.184 }],
    ['power:1:24300', {}],
    ['pwr_int:2:3.9', { batteryVoltage: 3.9 }],
    ['battery_level:1:90', { batteryPercent: 90 }],
    ['battery_level:1:101', {}],
    ['bat:2:4.1,gsm:1:4,mileage:2:1234.5', {}],
    ['ign:1:0', { ignition: false }],
    ['ignition:3:on', { ignition: true }],
    ['ign:1:7', {}],
    ['rpm:1:900,fuel1:1:2183,fuel8:2:45.8', { rpm: 900, fuel1: 2183, fuel8: 45.8 }],
    ['pwr_ext:2:NA,ign:1:', {}],
    ['pwr_ext:2:24.3,pwr_ext:2:1,pwr:2:2', { voltage: 24.3 }],
    ['__proto__:1:1,constructor:1:2,voltage:1:3', {}],
    ['text:3:a:b:c', {}],
    ['', {}],
    ['NA', {}],
  ])('the parameters %j are the readings %j', (params, readings) => {
    expect(read(`#D#${SHORT_RECORD};NA;NA;NA;NA,7.83,;NA;${params}`)).toMatchObject({
      kind: 'data',
      record: { readings },
    })
    const packet = read(`#D#${SHORT_RECORD};NA;NA;NA;;NA;${params}`)
    expect(packet.kind === 'data' && packet.record.readings).toEqual(readings)
  })
})

describe('checksums of version 2', () => {
  test.each([
    ['#SD#', `#SD#${SHORT_RECORD};0000`, '#ASD#13'],
    ['#D#', WIALON_DATA.replace('CC32', 'CC33'), '#AD#16'],
    ['#D# with one digit changed', WIALON_DATA.replace('24.3', '24.4'), '#AD#16'],
    ['#B#', WIALON_BLACK_BOX.replace('4FB3', '4FB4'), '#AB#'],
    ['#B# without a bar', '#B#4FB3', '#AB#'],
    ['#M#', '#M#hello;0000', '#AM#01'],
    ['#M# without any', '#M#hello', '#AM#01'],
  ])('a wrong one of %s has its own answer', (_type, line, answer) => {
    expect(read(line, 2)).toMatchObject({ kind: 'fault', answer })
  })

  test('right ones are taken off', () => {
    expect(read(signed('SD', `${SHORT_RECORD};`), 2)).toMatchObject({ kind: 'data', answer: '#ASD#1' })
    expect(read(signed('M', 'one;two;'), 2)).toEqual({ kind: 'message', answer: '#AM#1' })
    expect(read(signed('D', `${SHORT_RECORD};;;;;;ign:1:1;`), 2)).toMatchObject({ answer: '#AD#1' })
  })
})

describe('the black box', () => {
  test('short and long records may stand side by side', () => {
    const packet = read(`#B#${SHORT_RECORD}|${SHORT_RECORD};0.9;0;0;;NA;ign:1:1`)
    expect(packet).toMatchObject({ answer: '#AB#2', faults: [] })
    expect(packet.kind === 'black-box' && packet.records.map(({ readings }) => readings)).toEqual([
      {},
      { ignition: true },
    ])
  })

  test('only records that were read are counted', () => {
    const packet = read(`#B#${SHORT_RECORD}|broken|151326;102030;;;;;;;;|${SHORT_RECORD}|`)
    expect(packet).toMatchObject({ kind: 'black-box', answer: '#AB#2' })
    expect(packet.kind === 'black-box' && [packet.records.length, packet.faults.length]).toEqual([2, 2])
  })

  test('an empty one is answered with zero', () => {
    expect(read('#B#')).toEqual({ kind: 'black-box', records: [], faults: [], answer: '#AB#0' })
  })
})

describe('other packets', () => {
  test.each<[string, object]>([
    ['#P#', { kind: 'ping', answer: '#AP#' }],
    ['#M#hello; world', { kind: 'message', answer: '#AM#1' }],
    ['#I#1024;0;2;150126;102030;a.jpg', { kind: 'file', followingBytes: 1024, answer: '#AI#0;1' }],
    ['#I#512;2;2;150126;102030;a.jpg', { kind: 'file', followingBytes: 512, answer: '#AI#1' }],
    ['#I#512;x;2;150126;102030;a.jpg', { kind: 'file', followingBytes: 512, answer: '#AI#NA;0' }],
    ['#T#5;100;0;1', { kind: 'file', followingBytes: 100, answer: undefined }],
    ['#IT#150126;102030;1;5;2', { kind: 'file', followingBytes: 0, answer: undefined }],
    ['#US#2000;ABCD', { kind: 'file', followingBytes: 2000, answer: undefined }],
    ['#UC#30', { kind: 'file', followingBytes: 30, answer: undefined }],
  ])('%s', (line, packet) => {
    expect(read(line)).toEqual(packet)
  })

  test.each(['#I#', '#I#x;0;1', '#US#NA', '#I#1048577;0;1', '#T#5', '#UC#-1'])(
    '%s has no size to pass over',
    (line) => {
      expect(read(line)).toMatchObject({ kind: 'garbage' })
    },
  )

  test.each(['#', '##', '#L', '#X#1', '#sd#', '#AD#1', '#D #'])(
    '%s is not known and not answered',
    (line) => {
      expect(read(line)).toMatchObject({ kind: 'fault', answer: undefined })
    },
  )
})
