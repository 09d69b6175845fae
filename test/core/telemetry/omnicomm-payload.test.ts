import { describe, expect, test } from 'vitest'
import type { Decoded, Envelope } from '../../../src/core/telemetry/decoder.ts'
import { encodeFrame } from '../../../src/core/telemetry/omnicomm-frame.ts'
import { createOmnicommPayloadDecoder } from '../../../src/core/telemetry/omnicomm-payload.ts'
import {
  archivePayload,
  hexBytes,
  identFrame,
  joinBytes,
  OMNICOMM_EPOCH,
  OMNICOMM_FRAMES,
  terminalFrame,
  timedRecord,
} from '../../support/omnicomm.ts'

const decode = createOmnicommPayloadDecoder()
const envelope: Envelope = { source: 'gate', receivedAt: 1000, topic: 'fleet/kazan/200000123' }
const { topic: _, ...noTopic } = envelope

const archive = (command: number, ...times: number[]): Uint8Array =>
  terminalFrame(command, archivePayload(9, 5, times.map(timedRecord)))

/** Kind, terminal and event time (s) of each observation; the reason of each rejection. */
function summary(decoded: readonly Decoded[]): string[] {
  return decoded.flatMap((entry) =>
    entry.kind === 'rejected'
      ? [entry.reason]
      : entry.observations.map(({ kind, terminalId, eventAt }) =>
          [kind, terminalId, ...(eventAt === undefined ? [] : [(eventAt - OMNICOMM_EPOCH) / 1000])].join(' '),
        ),
  )
}

describe('frames in a message', () => {
  test('give one entry per record, of the terminal that the topic names', () => {
    const decoded = decode(archive(0x86, 5, 6), envelope)
    expect(decoded).toHaveLength(2)
    expect(decoded[0]).toEqual({
      kind: 'observed',
      observations: [
        {
          terminalId: '200000123',
          source: 'gate',
          receivedAt: 1000,
          kind: 'archive',
          eventAt: OMNICOMM_EPOCH + 5000,
        },
      ],
    })
  })

  test.each([
    ['an archive', archive(0x86, 5), ['archive 200000123 5']],
    ['an archive by Wi-Fi', archive(0x9f, 5), ['archive 200000123 5']],
    ['current data', archive(0x95, 5), ['live 200000123 5']],
    ['the end of an archive', terminalFrame(0x86), ['presence 200000123']],
    ['a confirmation', hexBytes(OMNICOMM_FRAMES.acknowledged5325), ['presence 200000123']],
    ['a clock request', hexBytes(OMNICOMM_FRAMES.clockRequest), ['presence 200000123']],
    ['an identification', identFrame(7, 308), ['presence 7']],
    [
      'data behind an identification',
      joinBytes(identFrame(7, 1), archive(0x95, 5)),
      ['presence 7', 'live 7 5'],
    ],
    [
      'data before the only identification',
      joinBytes(archive(0x95, 5), identFrame(7, 1)),
      ['live 7 5', 'presence 7'],
    ],
    [
      'data of two terminals',
      joinBytes(identFrame(7, 1), archive(0x86, 5), identFrame(8, 1), archive(0x86, 6)),
      ['presence 7', 'archive 7 5', 'presence 8', 'archive 8 6'],
    ],
    [
      'a bad record among good ones',
      terminalFrame(0x86, archivePayload(9, 5, [timedRecord(5), [0x88], timedRecord(6)])),
      ['archive 200000123 5', 'bad-value', 'archive 200000123 6'],
    ],
    [
      'a frame with a wrong checksum',
      joinBytes(encodeFrame(0x86, Uint8Array.of(), 'little'), archive(0x86, 5)),
      ['bad-value', 'archive 200000123 5'],
    ],
    [
      'a frame that is cut off',
      joinBytes(archive(0x86, 5), archive(0x86, 6).subarray(0, 20)),
      ['archive 200000123 5', 'bad-value'],
    ],
    ['a frame that is too short', terminalFrame(0x86, [1, 2]), ['bad-value']],
    ['bytes behind a frame', joinBytes(archive(0x86, 5), [1, 2]), ['archive 200000123 5', 'unknown-shape']],
    [
      'frames of a server',
      hexBytes(OMNICOMM_FRAMES.requestFrom0 + OMNICOMM_FRAMES.acknowledge8 + OMNICOMM_FRAMES.clock),
      [],
    ],
    ['an unknown command', terminalFrame(0x90, [1]), []],
  ])('%s', (_, payload, expected) => {
    expect(summary(decode(payload, envelope))).toEqual(expected)
  })

  test('are read as hex text in either case and with blanks', () => {
    const text = OMNICOMM_FRAMES.ident.toUpperCase().replaceAll(/../g, '$& ')
    expect(decode(Uint8Array.from(Buffer.from(`\n${text}\n`)), envelope)).toEqual([
      {
        kind: 'observed',
        observations: [
          {
            terminalId: '354002529',
            source: 'gate',
            receivedAt: 1000,
            kind: 'presence',
            readings: { firmware: '308' },
          },
        ],
      },
    ])
  })

  test.each([
    ['blanks', '  \n'],
    ['JSON', '{"hex":"c08600004566"}'],
    ['half a byte', 'c0860000456'],
    ['hex without a frame', '00112233'],
    ['hex of a cut frame', 'c0860000'],
  ])('%s is none', (_, text) => {
    expect(summary(decode(Uint8Array.from(Buffer.from(text)), envelope))).toEqual(['unknown-shape'])
  })

  test('no bytes, as they come when a retained message is cleared, are no record', () => {
    expect(decode(new Uint8Array(), envelope)).toEqual([])
  })

  test.each([
    ['without a topic', noTopic],
    ['with an empty last segment', { ...envelope, topic: 'fleet/' }],
  ])('%s and without an identification are of no terminal', (_, road) => {
    expect(summary(decode(archive(0x86, 5, 6), road))).toEqual(['no-terminal'])
    expect(summary(decode(joinBytes(identFrame(7, 1), archive(0x86, 5)), road))).toEqual([
      'presence 7',
      'archive 7 5',
    ])
  })

  test.each([
    ['an identification', identFrame(0, 308), ['bad-value']],
    ['data behind it', joinBytes(identFrame(0, 1), archive(0x86, 5)), ['bad-value', 'bad-value']],
    ['data before it', joinBytes(archive(0x86, 5), identFrame(0, 1)), ['bad-value', 'bad-value']],
    [
      'data before somebody else',
      joinBytes(identFrame(0, 1), archive(0x86, 5), identFrame(7, 1), archive(0x86, 6)),
      ['bad-value', 'bad-value', 'presence 7', 'archive 7 6'],
    ],
  ])('as number 0 are of nobody, whatever the topic names: %s', (_, payload, expected) => {
    expect(summary(decode(payload, envelope))).toEqual(expected)
  })

  test.each(['0', '000', '..'])('of the topic %s are of nobody either, and it is said why', (name) => {
    expect(decode(archive(0x86, 5), { ...envelope, topic: `fleet/${name}` })).toEqual([
      { kind: 'rejected', reason: 'bad-value', detail: `the terminal number is ${name}` },
    ])
  })

  test('may be of a terminal with any id', () => {
    expect(summary(decode(archive(0x86, 5), { ...envelope, topic: 'Трактор 7' }))).toEqual([
      'archive Трактор 7 5',
    ])
  })
})

describe('a message that is not new', () => {
  const all = joinBytes(identFrame(7, 1), archive(0x86, 5), archive(0x95, 6))

  test('is a snapshot when it was retained', () => {
    expect(summary(decode(all, { ...envelope, retained: true }))).toEqual([
      'snapshot 7',
      'snapshot 7 5',
      'snapshot 7 6',
    ])
  })

  test('has snapshots for data when it is repeated', () => {
    expect(summary(decode(all, { ...envelope, duplicate: true }))).toEqual([
      'presence 7',
      'snapshot 7 5',
      'snapshot 7 6',
    ])
  })
})
