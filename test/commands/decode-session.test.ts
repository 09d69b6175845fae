import { describe, expect, test } from 'vitest'
import { createSessionLines } from '../../src/commands/decode-session.ts'
import { EGTS_SAMPLE } from '../support/egts-bytes.ts'
import { SAMPLE_AT } from '../support/payloads.ts'
import { WIALON_BLACK_BOX, WIALON_DATA, WIALON_LOGIN } from '../support/wialon-lines.ts'

describe('lines of Wialon IPS', () => {
  test('a login holds for the lines after it', () => {
    const read = createSessionLines('wialon-ips', 'test')
    const lines = [WIALON_LOGIN, WIALON_DATA, WIALON_BLACK_BOX].map((line) => read(line, SAMPLE_AT))
    expect(lines).toMatchObject([
      { observations: [{ kind: 'presence', terminalId: '200000123' }], replies: ['#AL#1'], rejected: [] },
      {
        observations: [{ kind: 'live', source: 'test', receivedAt: SAMPLE_AT, eventAt: SAMPLE_AT }],
        replies: ['#AD#1'],
      },
      { observations: [{ kind: 'archive' }, { kind: 'archive' }], replies: ['#AB#2'] },
    ])
  })

  test('without a time of receipt the caller gets 1970 to replace', () => {
    const read = createSessionLines('wialon-ips', 'test')
    expect(read(WIALON_LOGIN, undefined)).toMatchObject({ observations: [{ receivedAt: 0 }] })
  })

  test('a line that is rejected shows its answer and why', () => {
    const read = createSessionLines('wialon-ips', 'test')
    read(WIALON_LOGIN, SAMPLE_AT)
    expect(read('#D#1;2', SAMPLE_AT)).toEqual({
      observations: [],
      replies: ['#AD#16'],
      rejected: ['bad-value: #D#: the checksum is wrong'],
    })
    expect(read('#X#', SAMPLE_AT)).toEqual({ error: 'unknown-shape: unknown packet "#X#"' })
  })

  test('a closed connection is told, and the next line begins a new one', () => {
    const read = createSessionLines('wialon-ips', 'test')
    expect(read(WIALON_DATA, SAMPLE_AT)).toEqual({
      observations: [],
      replies: [],
      rejected: ['no-terminal: fault before a login', 'closed, no-identity: fault before a login'],
    })
    expect(read('text', SAMPLE_AT)).toEqual({
      error: 'closed, garbage: a line begins with byte 0x74 in place of #',
    })
    expect(read(WIALON_LOGIN, SAMPLE_AT)).toMatchObject({ replies: ['#AL#1'] })
  })

  test('an empty line is nothing', () => {
    const read = createSessionLines('wialon-ips', 'test')
    expect(read('', SAMPLE_AT)).toEqual({ observations: [], replies: [], rejected: [] })
  })
})

describe('lines of EGTS', () => {
  test('a packet in hex gives its records and the answer in hex', () => {
    const read = createSessionLines('egts', 'test')
    expect(read(EGTS_SAMPLE.toUpperCase(), SAMPLE_AT)).toMatchObject({
      observations: [{ terminalId: '200000123', kind: 'archive', eventAt: SAMPLE_AT, receivedAt: SAMPLE_AT }],
      replies: ['0100000b0010000000006801000006000000000202000300010000e27b'],
      rejected: [],
    })
  })

  test('a packet may stand in two lines, and two packets in one', () => {
    const read = createSessionLines('egts', 'test')
    expect(read(EGTS_SAMPLE.slice(0, 30), SAMPLE_AT)).toEqual({ observations: [], replies: [], rejected: [] })
    expect(read(EGTS_SAMPLE.slice(30) + EGTS_SAMPLE, SAMPLE_AT)).toMatchObject({
      observations: [{ kind: 'archive' }, { kind: 'archive' }],
    })
  })

  test('what is not hex is an error, and the next line goes on', () => {
    const read = createSessionLines('egts', 'test')
    expect(read('not hex', SAMPLE_AT)).toEqual({ error: 'not hexadecimal digits' })
    expect(read('0203', SAMPLE_AT)).toEqual({
      error: 'closed, garbage: version 2 of the protocol in place of 1',
    })
    expect(read(EGTS_SAMPLE, SAMPLE_AT)).toMatchObject({ observations: [{ kind: 'archive' }] })
  })
})
