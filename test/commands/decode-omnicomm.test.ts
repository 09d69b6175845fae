import { describe, expect, test } from 'vitest'
import { decodeOmnicommLine } from '../../src/commands/decode-omnicomm.ts'
import { toHex } from '../../src/core/telemetry/hex.ts'
import { encodeFrame } from '../../src/core/telemetry/omnicomm-frame.ts'
import { archivePayload, OMNICOMM_FRAMES, terminalFrame, timedRecord } from '../support/omnicomm.ts'

const captured = {
  eventAt: '2019-09-16T12:05:54.000Z',
  events: [1],
  flags: {
    ignition: false,
    gsm: true,
    gpsValid: true,
    roaming: false,
    backupPower: false,
    panic: false,
    caseOpen: false,
    output: false,
    voiceCall: false,
    gpsJamming: false,
    gsmJamming: false,
    batteryFault: false,
  },
  fix: {
    latitude: 59.3741302,
    longitude: 28.1644535,
    at: '2019-09-16T12:05:54.000Z',
    speedKmh: 0,
    course: 0,
    satellites: 4,
    altitudeM: 0,
    valid: true,
  },
  readings: {
    voltage: 0,
    batteryPercent: 0,
    ignition: false,
    speedKmh: 0,
    satellites: 4,
    roaming: false,
    backupPower: false,
    rpm: 0,
    gpsJamming: false,
    gsmJamming: false,
  },
}

describe('a line of Omnicomm frames', () => {
  test.each([
    ['ident', { command: '0x80', ident: { terminalId: '354002529', firmware: 308 } }],
    ['identEscapedChecksum', { command: '0x80', ident: { terminalId: '202000017', firmware: 308 } }],
    ['identEscapedNumber', { command: '0x80', ident: { terminalId: '215728298', firmware: 308 } }],
    ['drained', { command: '0x86', archive: { drained: true, records: [] } }],
    ['archive', { command: '0x86', archive: { recordId: 5325, live: false, records: [captured] } }],
    ['live', { command: '0x95', archive: { recordId: 5325, live: true, records: [captured] } }],
    ['requestFrom0', { command: '0x85', recordId: 0 }],
    ['requestFrom5326', { command: '0x85', recordId: 5326 }],
    ['requestFrom62311', { command: '0x85', recordId: 62_311 }],
    ['acknowledge5325', { command: '0x87', recordId: 5325 }],
    ['acknowledge8', { command: '0x87', recordId: 8 }],
    ['acknowledged5325', { command: '0x88', recordId: 5325 }],
    ['clockRequest', { command: '0x93' }],
    ['clock', { command: '0x94', clock: '2023-09-25T15:59:00.000Z' }],
  ] as const)('%s', (name, frame) => {
    expect(decodeOmnicommLine(OMNICOMM_FRAMES[name])).toEqual({ frames: [{ crc: 'ok', ...frame }] })
  })

  test('may hold several, in any case and with blanks', () => {
    const text = `${OMNICOMM_FRAMES.drained.toUpperCase()} ${OMNICOMM_FRAMES.requestFrom0}\r\n`
    expect(decodeOmnicommLine(text)).toEqual({
      frames: [
        { command: '0x86', crc: 'ok', archive: { drained: true, records: [] } },
        { command: '0x85', crc: 'ok', recordId: 0 },
      ],
    })
  })

  test('tells of a bad checksum, a cut frame and skipped bytes', () => {
    expect(decodeOmnicommLine(`0102c08600004567c08800c08600004566ffc0850400ce`)).toEqual({
      frames: [
        { command: '0x86', crc: 'bad' },
        { command: '0x88', truncated: true },
        { command: '0x86', crc: 'ok', archive: { drained: true, records: [] } },
        { command: '0x85', truncated: true },
      ],
      skippedBytes: 2,
      strayBytes: 1,
    })
    expect(decodeOmnicommLine('0102')).toEqual({ frames: [], skippedBytes: 2 })
    expect(decodeOmnicommLine('c0')).toEqual({ frames: [{ truncated: true }] })
  })

  test('tells of records that cannot be read beside those that can', () => {
    const payload = archivePayload(7, 5, [timedRecord(5), [0x88], timedRecord(6)])
    expect(decodeOmnicommLine(toHex(terminalFrame(0x9f, payload)))).toEqual({
      frames: [
        {
          command: '0x9f',
          crc: 'ok',
          archive: {
            recordId: 7,
            live: false,
            records: [
              { eventAt: '2009-01-01T00:00:05.000Z', events: [1], flags: {}, readings: {} },
              { eventAt: '2009-01-01T00:00:06.000Z', events: [1], flags: {}, readings: {} },
            ],
            rejected: [{ index: 1, error: 'it ends inside a number' }],
          },
        },
      ],
    })
  })

  test('has null for a time that nobody says', () => {
    const frame = terminalFrame(0x86, archivePayload(7, 0, [[0x08, 0x11]]))
    expect(decodeOmnicommLine(toHex(frame))).toMatchObject({
      frames: [{ archive: { records: [{ eventAt: null, events: [17] }] } }],
    })
  })

  test.each([
    [0x80, 7, 'the payload has 7 bytes, at least 8 are needed'],
    [0x86, 8, 'the payload has 8 bytes, at least 9 are needed'],
    [0x95, 0, 'the payload has 0 bytes, at least 9 are needed'],
    [0x88, 3, 'the payload has 3 bytes, at least 4 are needed'],
    [0x94, 0, 'the payload has 0 bytes, at least 4 are needed'],
  ])('says of command %i with %i bytes that it is too short', (command, length, error) => {
    expect(decodeOmnicommLine(toHex(terminalFrame(command, new Uint8Array(length))))).toMatchObject({
      frames: [{ crc: 'ok', error }],
    })
  })

  test('has only the code of a command that is not described', () => {
    const server = toHex(encodeFrame(0x81, new Uint8Array(8), 'little'))
    expect(decodeOmnicommLine(toHex(terminalFrame(0x09, [1])) + server)).toEqual({
      frames: [
        { command: '0x09', crc: 'ok' },
        { command: '0x81', crc: 'ok' },
      ],
    })
  })

  test.each(['', ' ', 'zz', 'c0860', '{"a":1}'])('%j is not hex', (text) => {
    expect(decodeOmnicommLine(text)).toEqual({
      error: 'not hex: expected pairs of hexadecimal digits, such as c08600004566',
    })
  })
})
