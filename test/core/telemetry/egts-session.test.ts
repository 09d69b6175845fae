import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEgtsPacket } from '../../../src/core/telemetry/egts-packet.ts'
import { createEgtsSession } from '../../../src/core/telemetry/egts-session.ts'
import { parseHex, toHex } from '../../../src/core/telemetry/hex.ts'
import type { Session, SessionStep } from '../../../src/core/telemetry/session.ts'
import {
  EGTS_SAMPLE,
  egtsPacket,
  egtsRecord,
  identityData,
  joined,
  positionData,
  SAMPLE_NTM,
  subrecord,
  u16,
} from '../../support/egts-bytes.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'
import { cuts, feed, mutations, observedIn, remarksIn, repliesIn } from '../../support/session-steps.ts'

const BASE = { source: 'relay', receivedAt: SAMPLE_AT }
const IMEI = '123456789012345'
const SAMPLE = parseHex(EGTS_SAMPLE) ?? new Uint8Array()
const CONFIRMATION = subrecord(0, [1, 0, 0])

function open(): Session {
  return createEgtsSession({ source: 'relay' })
}

function dataPacket(packetId: number, ...records: readonly Uint8Array[]): Uint8Array {
  return egtsPacket({ packetId, body: joined(...records) })
}

function identityPacket(unitId: number, imei?: string): Uint8Array {
  return dataPacket(100, egtsRecord({ number: 50, service: 1 }, identityData(unitId, imei)))
}

/** The data of each reply in hex, behind its type and packet id. */
function answers(steps: readonly SessionStep[]): readonly string[] {
  return repliesIn(steps).map((bytes) => {
    const frame = readEgtsPacket(bytes)
    if (frame.kind !== 'packet' || frame.packet.length !== bytes.length) return `no packet: ${toHex(bytes)}`
    return `type ${frame.packet.type} id ${frame.packet.packetId}: ${toHex(frame.packet.body)}`
  })
}

describe('the example of the reference', () => {
  test('is an archived record of its object, acknowledged when it has been stored', () => {
    const steps = feed(open(), SAMPLE)
    expect(observedIn(steps)).toEqual([
      {
        ...BASE,
        terminalId: '200000123',
        kind: 'archive',
        eventAt: SAMPLE_AT,
        fix: { latitude: 56.25, longitude: 43.5, speedKmh: 42, course: 118, valid: true },
        readings: { speedKmh: 42, mileageM: 123_400 },
      },
    ])
    expect(steps).toHaveLength(2)
    expect(steps[1]).toMatchObject({ kind: 'reply', durable: true })
  })

  test('is answered byte by byte as the standard says', () => {
    const [reply] = repliesIn(feed(open(), SAMPLE))
    // Version, key, flags, header length, encoding, 16 bytes of data, packet 0, response, CRC-8; then the request's id,
    // result 0, a record of 6 bytes with number 0 in service 2, and in it: record 1 has status 0; CRC-16.
    expect(toHex(reply ?? new Uint8Array())).toBe(
      '0100000b00100000000068' + '010000' + '06000000000202' + '000300010000' + 'e27b',
    )
  })
})

describe('answers', () => {
  test('each record of a packet is answered in its own service, in one response', () => {
    const records = [
      egtsRecord({ number: 7, objectId: 1 }, positionData({})),
      egtsRecord({ number: 300, objectId: 2, service: 4 }, subrecord(51, [1])),
      egtsRecord({ number: 8, objectId: 3 }, positionData({})),
    ]
    const steps = feed(open(), dataPacket(0xabcd, ...records))
    expect(answers(steps)).toEqual([
      `type 0 id 0: cdab00${'0c000000000202' + '000300070000' + '000300080000'}${'06000100000404' + '0003002c0100'}`,
    ])
    expect(observedIn(steps).map(({ terminalId, kind }) => `${terminalId} ${kind}`)).toEqual([
      '1 live',
      '2 presence',
      '3 live',
    ])
  })

  test('packets and records of ours are counted from 0, and from 0 again after 65,535', () => {
    const session = open()
    const request = dataPacket(9, egtsRecord({ number: 5, objectId: 1 }))
    const seen = Array.from({ length: 65_538 }, () => answers(feed(session, request))[0])
    const record = '000300050000'
    expect(seen.slice(0, 2)).toEqual([
      `type 0 id 0: 09000006000000000202${record}`,
      `type 0 id 1: 09000006000100000202${record}`,
    ])
    expect(seen.slice(-3)).toEqual([
      `type 0 id 65535: 0900000600ffff000202${record}`,
      `type 0 id 0: 09000006000000000202${record}`,
      `type 0 id 1: 09000006000100000202${record}`,
    ])
  })

  test('a packet without records is answered', () => {
    expect(answers(feed(open(), egtsPacket({ packetId: 3 })))).toEqual(['type 0 id 0: 030000'])
  })

  test('a response of the peer is not answered, nor is a confirmation in a packet of data', () => {
    expect(feed(open(), egtsPacket({ type: 0, body: Uint8Array.of(1, 0, 0) }))).toEqual([])
    const steps = feed(open(), dataPacket(4, egtsRecord({ number: 1, objectId: 7 }, CONFIRMATION)))
    expect(answers(steps)).toEqual(['type 0 id 0: 040000'])
    expect(observedIn(steps)).toEqual([])
  })

  test('presence is acknowledged at once', () => {
    const steps = feed(open(), identityPacket(5), dataPacket(1, egtsRecord({ objectId: 7 })))
    expect(steps.some((step) => step.kind === 'reply' && step.durable === true)).toBe(false)
  })

  test('the answer to as many records as a packet can hold fits into one', () => {
    const count = Math.floor(65_535 / 7)
    const records = Array.from({ length: count }, (_, number) =>
      egtsRecord({ number, service: number % 256 }),
    )
    const session = open()
    feed(session, identityPacket(5))
    const [answer] = repliesIn(feed(session, dataPacket(1, ...records)))
    const frame = readEgtsPacket(answer ?? new Uint8Array())
    expect(frame.kind === 'packet' && frame.packet.body.length).toBe(3 + count * 6 + 256 * 7)
  })
})

describe('identities', () => {
  test('a terminal that names itself is present and let in', () => {
    const steps = feed(open(), identityPacket(5, IMEI))
    expect(steps.slice(0, 2)).toEqual([
      { kind: 'identified', terminalId: '5' },
      { kind: 'observed', observation: { ...BASE, terminalId: '5', aliases: [IMEI], kind: 'presence' } },
    ])
    expect(answers(steps)).toEqual([
      'type 0 id 0: 64000006000000000101000300320000',
      'type 1 id 1: 0400010000010109010000',
    ])
    expect(steps).toHaveLength(4)
  })

  test.each<[string, number, string | undefined, { terminalId: string; aliases?: string[] }]>([
    ['unit id and IMEI', 5, IMEI, { terminalId: '5', aliases: [IMEI] }],
    ['unit id', 5, undefined, { terminalId: '5' }],
    ['IMEI', 0, IMEI, { terminalId: IMEI }],
  ])('records without an object are those of the terminal with %s', (_name, unitId, imei, name) => {
    const session = open()
    feed(session, identityPacket(unitId, imei))
    const [observation] = observedIn(feed(session, dataPacket(1, egtsRecord({}, positionData({})))))
    expect(observation).toMatchObject({ ...name, kind: 'live' })
    expect(observation?.aliases).toEqual(name.aliases)
  })

  test('an object counts more than the terminal of the connection', () => {
    const session = open()
    feed(session, identityPacket(5, IMEI))
    const steps = feed(
      session,
      dataPacket(1, egtsRecord({ objectId: 6 }, positionData({})), egtsRecord({}, positionData({}))),
    )
    expect(observedIn(steps).map(({ terminalId, aliases }) => [terminalId, aliases])).toEqual([
      ['6', undefined],
      ['5', [IMEI]],
    ])
    expect(steps.some(({ kind }) => kind === 'identified')).toBe(false)
  })

  test('an identity counts from its own packet on', () => {
    const body = [egtsRecord({ service: 1 }, identityData(5)), egtsRecord({ number: 1 }, positionData({}))]
    expect(observedIn(feed(open(), dataPacket(1, ...body))).map(({ kind }) => kind)).toEqual([
      'presence',
      'live',
    ])
  })

  test('what is let in together with data is let in when the data has been stored', () => {
    const body = [egtsRecord({ service: 1 }, identityData(5)), egtsRecord({}, positionData({}))]
    const replies = feed(open(), dataPacket(1, ...body)).filter(({ kind }) => kind === 'reply')
    expect(replies).toMatchObject([{ durable: true }, { durable: true }])
  })

  test.each([
    ['the identity of a relay', 5],
    ['extended authorisation', 7],
  ])('%s is let in and names no terminal', (_name, type) => {
    const steps = feed(open(), dataPacket(1, egtsRecord({ service: 1 }, subrecord(type, [0, 1, 2, 3, 4]))))
    expect(answers(steps)[1]).toBe('type 1 id 1: 0400010000010109010000')
    expect(steps).toHaveLength(2)
  })

  test('other records of that service are answered, and nobody is let in for them', () => {
    const steps = feed(open(), dataPacket(1, egtsRecord({ service: 1 }, subrecord(2, [1, 2]))))
    expect(answers(steps)).toEqual(['type 0 id 0: 01000006000000000101000300000000'])
  })

  test('data that names nobody is answered with 153 and closes the connection', () => {
    const steps = feed(open(), dataPacket(1, egtsRecord({ number: 2 }, positionData({}))), SAMPLE)
    expect(answers(steps)).toEqual(['type 0 id 0: 01000006000000000202000300020099'])
    expect(remarksIn(steps)).toEqual(['rejected no-terminal', 'close no-identity'])
    expect(observedIn(steps)).toEqual([])
  })

  test('an identity that names nobody is let in, but its data is not taken', () => {
    const steps = feed(open(), identityPacket(0), dataPacket(1, egtsRecord({}, positionData({}))))
    expect(answers(steps)[1]).toBe('type 1 id 1: 0400010000010109010000')
    expect(remarksIn(steps)).toEqual(['rejected no-terminal', 'close no-identity'])
  })

  test('a relay that names other objects is not closed for one record without a name', () => {
    const records = [
      egtsRecord({ number: 1 }, positionData({})),
      egtsRecord({ number: 2, objectId: 7 }, positionData({})),
    ]
    const steps = feed(open(), dataPacket(1, ...records))
    expect(remarksIn(steps)).toEqual(['rejected no-terminal'])
    expect(answers(steps)).toEqual(['type 0 id 0: 0100000c000000000202000300010099000300020000'])
    expect(observedIn(steps).map(({ terminalId }) => terminalId)).toEqual(['7'])
  })
})

describe('what cannot be read', () => {
  test.each([
    ['an encrypted packet', { flags: 0x08 }, 129],
    ['a compressed packet', { flags: 0x04 }, 133],
    ['a packet of type 3', { type: 3 }, 133],
  ])('%s is refused, and the connection goes on', (_name, parts, result) => {
    const refused = egtsPacket({ ...parts, packetId: 2, body: egtsRecord({ objectId: 7 }, positionData({})) })
    const steps = feed(open(), refused, SAMPLE)
    expect(answers(steps)[0]).toBe(`type 0 id 0: 0200${result.toString(16)}`)
    expect(remarksIn(steps)).toEqual(['rejected unknown-shape'])
    expect(observedIn(steps).map(({ terminalId }) => terminalId)).toEqual(['200000123'])
  })

  test('signed data is taken without a look at its signature', () => {
    const record = egtsRecord({ objectId: 7 }, positionData({}))
    for (const length of [0, 5]) {
      const body = joined(u16(length), new Uint8Array(length), record)
      const steps = feed(open(), egtsPacket({ type: 2, body }))
      expect(observedIn(steps)).toMatchObject([{ terminalId: '7', kind: 'live' }])
      expect(answers(steps)).toEqual(['type 0 id 0: 01000006000000000202000300000000'])
    }
  })

  test.each([[[]], [[1]], [[1, 0]], [[255, 255, 1, 2, 3]]])(
    'a signature that is cut off is refused: %j',
    (body) => {
      const steps = feed(open(), egtsPacket({ type: 2, body: Uint8Array.from(body) }))
      expect(answers(steps)).toEqual(['type 0 id 0: 010084'])
      expect(remarksIn(steps)).toEqual(['rejected unknown-shape'])
    },
  )

  test('a signature with no data behind it is an empty packet', () => {
    expect(answers(feed(open(), egtsPacket({ type: 2, body: Uint8Array.of(1, 0, 9) })))).toEqual([
      'type 0 id 0: 010000',
    ])
  })

  test('data that is no record is refused', () => {
    const steps = feed(open(), egtsPacket({ body: Uint8Array.of(1, 2, 3) }))
    expect(answers(steps)).toEqual(['type 0 id 0: 010084'])
    expect(remarksIn(steps)).toEqual(['rejected unknown-shape'])
  })

  test('records before a broken one are taken and answered', () => {
    const steps = feed(
      open(),
      dataPacket(1, egtsRecord({ number: 3, objectId: 7 }, positionData({})), Uint8Array.of(1, 2)),
    )
    expect(answers(steps)).toEqual(['type 0 id 0: 01000006000000000202000300030000'])
    expect(remarksIn(steps)).toEqual(['rejected unknown-shape'])
    expect(observedIn(steps)).toHaveLength(1)
  })

  test('a record of which nothing can be read is answered with 132', () => {
    const steps = feed(open(), dataPacket(1, egtsRecord({ number: 3, objectId: 7 }, subrecord(16, [1, 2]))))
    expect(answers(steps)).toEqual(['type 0 id 0: 01000006000000000202000300030084'])
    expect(remarksIn(steps)).toEqual(['rejected bad-value'])
    expect(observedIn(steps)).toEqual([])
  })

  test('a record of which something can be read is taken', () => {
    const record = egtsRecord({ number: 3, objectId: 7 }, positionData({}), subrecord(17, []))
    const steps = feed(open(), dataPacket(1, record))
    expect(answers(steps)).toEqual(['type 0 id 0: 01000006000000000202000300030000'])
    expect(remarksIn(steps)).toEqual(['rejected bad-value'])
    expect(observedIn(steps)).toHaveLength(1)
  })

  test.each([
    ['of a header', 10, 0x89],
    ['of data', SAMPLE.length - 1, 0x8a],
  ])('a wrong checksum %s is answered, then the connection is closed', (_name, at, result) => {
    const broken = SAMPLE.slice()
    broken[at] = (broken[at] ?? 0) ^ 0xff
    const session = open()
    const steps = feed(session, broken, SAMPLE)
    expect(answers(steps)).toEqual([`type 0 id 0: 0100${result.toString(16)}`])
    expect(remarksIn(steps)).toEqual(['close bad-checksum'])
    expect(observedIn(steps)).toEqual([])
    expect(feed(session, SAMPLE)).toEqual([])
  })

  test('a response with a wrong checksum closes the connection without an answer', () => {
    const broken = egtsPacket({ type: 0, body: Uint8Array.of(1, 0, 0) })
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1
    expect(remarksIn(feed(open(), broken))).toEqual(['close bad-checksum'])
    expect(repliesIn(feed(open(), broken))).toEqual([])
  })

  test('bytes that are no packet close the connection', () => {
    const steps = feed(open(), SAMPLE, Uint8Array.of(0x16, 3, 1), SAMPLE)
    expect(remarksIn(steps)).toEqual(['close garbage'])
    expect(steps).toHaveLength(3)
  })
})

describe('laws', () => {
  const talk = joined(
    identityPacket(5, IMEI),
    SAMPLE,
    egtsPacket({ type: 0, flags: 0x23, headerBytes: 16, body: Uint8Array.of(1, 0, 0) }),
    dataPacket(3, egtsRecord({ time: SAMPLE_NTM }, positionData({ altitude: 5 }), subrecord(17, [8, 11]))),
    egtsPacket({ flags: 0x08, body: Uint8Array.of(1) }),
    SAMPLE,
  )

  test('any cut of the bytes gives the same steps', () => {
    const whole = feed(open(), talk)
    expect(whole).toHaveLength(12)
    fc.assert(
      fc.property(cuts(talk), (pieces) => {
        expect(feed(open(), ...pieces)).toEqual(whole)
      }),
    )
    expect(feed(open(), ...Array.from(talk, (byte) => Uint8Array.of(byte)))).toEqual(whole)
  })

  test('changed packets never throw, and nothing follows a close, however they are cut', () => {
    const changes = mutations([talk, SAMPLE]).chain((changed) =>
      fc.tuple(fc.constant(changed), cuts(changed)),
    )
    fc.assert(
      fc.property(changes, ([changed, pieces]) => {
        const steps = feed(open(), changed)
        expect(feed(open(), ...pieces)).toEqual(steps)
        expect([-1, steps.length - 1]).toContain(steps.findIndex(({ kind }) => kind === 'close'))
      }),
      { numRuns: 500 },
    )
  })

  test('changed data behind right checksums never throws, and is always answered by one whole response', () => {
    const seeds = [
      joined(
        egtsRecord(
          { objectId: 7, time: 5 },
          positionData({ altitude: 5 }),
          subrecord(17, [15, 1, 0, 1, 0, 1, 0, 4]),
        ),
      ),
      joined(
        egtsRecord({ service: 1 }, identityData(5, IMEI)),
        egtsRecord({}, subrecord(27, [0, 1, 0, 1, 0, 0, 0])),
      ),
    ]
    fc.assert(
      fc.property(mutations(seeds), fc.constantFrom(1, 2), (body, type) => {
        const sent = answers(feed(open(), egtsPacket({ packetId: 0x0201, type, body })))
        expect(sent[0]).toMatch(/^type 0 id 0: 0102/)
        expect(sent.slice(1)).toEqual(sent.length > 1 ? [expect.stringMatching(/^type 1 id 1: /)] : [])
      }),
      { numRuns: 1000 },
    )
  })

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        feed(open(), noise)
        feed(open(), joined([1, 0, 0, 11], noise))
      }),
      { numRuns: 500 },
    )
  })

  test('the longest packet, byte by byte, takes a moment', () => {
    const record = egtsRecord({ objectId: 7 }, subrecord(18, new Uint8Array(65_000)))
    const steps = feed(open(), ...Array.from(dataPacket(1, record), (byte) => Uint8Array.of(byte)))
    expect(observedIn(steps)).toMatchObject([{ terminalId: '7', kind: 'presence' }])
  })
})
