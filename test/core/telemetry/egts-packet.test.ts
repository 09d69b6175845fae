import { describe, expect, test } from 'vitest'
import { encodeEgtsPacket, readEgtsPacket } from '../../../src/core/telemetry/egts-packet.ts'
import { parseHex, toHex } from '../../../src/core/telemetry/hex.ts'
import { EGTS_SAMPLE, egtsPacket, joined } from '../../support/egts-bytes.ts'

const sample = hex(EGTS_SAMPLE)

function hex(text: string): Uint8Array {
  return parseHex(text) ?? new Uint8Array()
}

function read(bytes: Uint8Array): unknown {
  const frame = readEgtsPacket(bytes)
  return frame.kind === 'packet' ? { ...frame.packet, body: toHex(frame.packet.body) } : frame
}

describe('packets', () => {
  test.each([
    ['of the reference', EGTS_SAMPLE, 1],
    [
      'of a public test',
      '0100030b0023008a0001491800610099b00902000202101500d53f01106f1c059e7ab53c3501d0872c0100000000cc27',
      138,
    ],
    [
      'of a real terminal',
      '0100010b003a000588013a2f00068801cdd3450202021018006e29ca1880b9b4a1a7f31d3391e600e4f4de588010000000110400081400001804000100000012030000000051e1',
      0x8805,
    ],
  ])('one %s has right checksums', (_name, text, packetId) => {
    expect(read(hex(text))).toEqual({
      packetId,
      type: 1,
      isEncrypted: false,
      isCompressed: false,
      body: text.slice(22, -4),
      length: text.length / 2,
    })
  })

  test.each([
    ['with routing fields', { flags: 0x20, headerBytes: 16 }, {}],
    ['with a longer header', { headerBytes: 20 }, {}],
    ['with the longest header', { flags: 0x23, headerBytes: 255 }, {}],
    ['of the lowest priority', { flags: 0x03 }, {}],
    ['that is encrypted', { flags: 0x08 }, { isEncrypted: true }],
    ['that is encrypted in another way', { flags: 0x10 }, { isEncrypted: true }],
    ['that is compressed', { flags: 0x04 }, { isCompressed: true }],
    ['with the last packet id', { packetId: 65_535 }, { packetId: 65_535 }],
  ])('one %s is read', (_name, parts, expected) => {
    const bytes = egtsPacket({ ...parts, body: Uint8Array.of(1, 2, 3) })
    expect(read(joined(bytes, [0xff]))).toMatchObject({
      type: 1,
      body: '010203',
      length: bytes.length,
      ...expected,
    })
  })

  test('one without data has no second checksum', () => {
    expect(read(joined(egtsPacket({ type: 0 }), [1]))).toMatchObject({ type: 0, body: '', length: 11 })
  })

  test('one with the most data is read', () => {
    const body = new Uint8Array(65_535).fill(7)
    expect(readEgtsPacket(egtsPacket({ body, headerBytes: 255 }))).toMatchObject({
      kind: 'packet',
      packet: { length: 255 + 65_535 + 2, body },
    })
  })
})

describe('other bytes', () => {
  test('every beginning of a packet is unfinished', () => {
    for (const bytes of [sample, egtsPacket({ flags: 0x20, headerBytes: 18, body: Uint8Array.of(1) })]) {
      for (let end = 0; end < bytes.length; end += 1) {
        expect(readEgtsPacket(bytes.subarray(0, end))).toEqual({ kind: 'unfinished' })
      }
    }
  })

  test.each([
    ['another version', [2]],
    ['version 0', [0]],
    ['a prefix of 1', [1, 0, 0x40]],
    ['a prefix of 2', [1, 0, 0x80]],
    ['a header of 10 bytes', [1, 0, 0, 10]],
    ['a header of nothing', [1, 0, 0, 0]],
    ['a routed header of 15 bytes', [1, 0, 0x20, 15]],
    ['text', [...new TextEncoder().encode('GET / HTTP/1.1')]],
  ])('%s is garbage as soon as it is seen', (_name, bytes) => {
    expect(readEgtsPacket(Uint8Array.from(bytes))).toMatchObject({ kind: 'garbage' })
    expect(readEgtsPacket(joined(bytes, sample.subarray(bytes.length)))).toMatchObject({ kind: 'garbage' })
  })

  test('each changed bit of a packet is noticed', () => {
    for (let bit = 0; bit < sample.length * 8; bit += 1) {
      const changed = sample.slice()
      changed[bit >>> 3] = (changed[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
      const frame = readEgtsPacket(joined(changed, new Uint8Array(300)))
      expect(frame.kind).not.toBe('packet')
      // A changed header length takes other bytes for the header, and one in 256 of them fits.
      if (frame.kind !== 'bad-checksum' || bit >>> 3 === 3) continue
      expect(frame.result).toBe(bit < 11 * 8 ? 137 : 138)
    }
  })

  test('a wrong checksum still says which packet it was', () => {
    const body = Uint8Array.of(1, 2, 3)
    const packet = egtsPacket({ packetId: 0x1234, type: 1, body })
    packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 1
    expect(readEgtsPacket(packet)).toMatchObject({
      kind: 'bad-checksum',
      packetId: 0x1234,
      type: 1,
      result: 138,
    })
  })
})

test('what is written can be read', () => {
  expect(read(encodeEgtsPacket(0, 0xabcd, [1, 0, 0]))).toEqual({
    packetId: 0xabcd,
    type: 0,
    isEncrypted: false,
    isCompressed: false,
    body: '010000',
    length: 16,
  })
  expect(toHex(encodeEgtsPacket(0, 3, []))).toBe(toHex(egtsPacket({ type: 0, packetId: 3 })))
})
