import { crc8 } from './crc8.ts'
import { crc16CcittFalse } from './crc16.ts'
import { bytesOfU16, u16 } from './little-endian.ts'

/** Types of packets (GOST 33472, order 285 of the Ministry of Transport). */
export const PACKET_TYPE = { response: 0, data: 1, signedData: 2 } as const

/** Results of processing, of a packet and of a record. */
export const RESULT = {
  ok: 0,
  cannotDecrypt: 129,
  badData: 132,
  unsupported: 133,
  headerChecksum: 137,
  dataChecksum: 138,
  idNotFound: 153,
} as const

export type EgtsPacket = {
  /** 0 to 65,535; what an answer refers to. */
  readonly packetId: number
  readonly type: number
  readonly isEncrypted: boolean
  readonly isCompressed: boolean
  /** Part of the bytes that were read, not a copy. */
  readonly body: Uint8Array
  /** Bytes of the whole packet. */
  readonly length: number
}

/** What stands at the front of the bytes of a connection. */
export type EgtsFrame =
  | { readonly kind: 'packet'; readonly packet: EgtsPacket }
  /** The rest has not come yet. At most 65,792 bytes can be unfinished. */
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'garbage'; readonly detail: string }
  | {
      readonly kind: 'bad-checksum'
      readonly packetId: number
      readonly type: number
      readonly result: number
      readonly detail: string
    }

const VERSION = 1
const SHORTEST_HEADER = 11
/** With the addresses of sender and recipient and the time to live. */
const SHORTEST_ROUTED_HEADER = 16
const CHECKSUM_BYTES = 2

/**
 * Reads the packet at the front: version, key, flags, header length, encoding, data length, packet id, type, routing
 * fields where the flags say so, CRC-8 of the header; then data and its CRC-16. The header is as long as it says.
 */
export function readEgtsPacket(bytes: Uint8Array): EgtsFrame {
  const headerBytes = bytes[3] ?? SHORTEST_HEADER
  const wrong = impossible(bytes)
  if (wrong !== undefined) return { kind: 'garbage', detail: wrong }
  if (bytes.length < headerBytes) return { kind: 'unfinished' }
  const packetId = u16(bytes, 7)
  const type = bytes[9] ?? 0
  if (crc8(bytes, 0, headerBytes - 1) !== bytes[headerBytes - 1]) {
    const detail = 'the checksum of a header is wrong'
    return { kind: 'bad-checksum', packetId, type, result: RESULT.headerChecksum, detail }
  }
  const end = headerBytes + u16(bytes, 5)
  const length = end === headerBytes ? end : end + CHECKSUM_BYTES
  if (bytes.length < length) return { kind: 'unfinished' }
  if (end > headerBytes && crc16CcittFalse(bytes, headerBytes, end) !== u16(bytes, end)) {
    const detail = `the checksum of the data of packet ${packetId} is wrong`
    return { kind: 'bad-checksum', packetId, type, result: RESULT.dataChecksum, detail }
  }
  const flags = bytes[2] ?? 0
  const body = bytes.subarray(headerBytes, end)
  const isEncrypted = (flags & 0x18) !== 0
  const isCompressed = (flags & 0x04) !== 0
  return { kind: 'packet', packet: { packetId, type, isEncrypted, isCompressed, body, length } }
}

/** A packet without routing, encryption and compression, of the highest priority. */
export function encodeEgtsPacket(type: number, packetId: number, body: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from([
    ...[VERSION, 0, 0, SHORTEST_HEADER, 0],
    ...bytesOfU16(body.length),
    ...bytesOfU16(packetId),
    ...[type, 0],
    ...body,
    ...(body.length > 0 ? [0, 0] : []),
  ])
  const end = SHORTEST_HEADER + body.length
  bytes[SHORTEST_HEADER - 1] = crc8(bytes, 0, SHORTEST_HEADER - 1)
  if (body.length > 0) bytes.set(bytesOfU16(crc16CcittFalse(bytes, SHORTEST_HEADER, end)), end)
  return bytes
}

/** Why these bytes begin no packet; undefined: as far as they go they may. */
function impossible(bytes: Uint8Array): string | undefined {
  const [version = VERSION, , flags = 0, headerBytes = SHORTEST_ROUTED_HEADER] = bytes
  if (version !== VERSION) return `version ${version} of the protocol in place of ${VERSION}`
  if ((flags & 0xc0) !== 0) return `the prefix of the header is ${flags >>> 6} in place of 0`
  const shortest = (flags & 0x20) === 0 ? SHORTEST_HEADER : SHORTEST_ROUTED_HEADER
  return headerBytes < shortest ? `a header of ${headerBytes} bytes in place of ${shortest}` : undefined
}
