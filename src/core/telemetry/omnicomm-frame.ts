import { crc16CcittFalse } from './crc16.ts'
import { u16 } from './little-endian.ts'

/** Starts a frame; it stands nowhere else in the bytes of a connection. */
export const MARKER = 0xc0
/** Starts an escape pair: `DB DC` is C0, `DB DD` is DB. */
export const ESCAPE = 0xdb
export const ESCAPED_MARKER = 0xdc
export const ESCAPED_ESCAPE = 0xdd

/** Bytes of command and LEN, between the marker and the payload. */
export const HEADER_BYTES = 3
export const CHECKSUM_BYTES = 2
/** The longest payload that LEN can tell. */
export const LONGEST_PAYLOAD = 0xffff

/** Codes of the protocol (reference/omnicomm-terminal-protocol.md 3). */
export const COMMAND = {
  ident: 0x80,
  serverIdent: 0x81,
  request: 0x85,
  archive: 0x86,
  acknowledge: 0x87,
  acknowledged: 0x88,
  clockRequest: 0x93,
  clock: 0x94,
  live: 0x95,
  wifiArchive: 0x9f,
  wifiAcknowledge: 0xa0,
} as const

/** `0x86`. */
export function commandText(command: number): string {
  return `0x${command.toString(16).padStart(2, '0')}`
}

/** `little`: low byte of the checksum first, as servers write it; terminals write `big`. */
export type ChecksumOrder = 'little' | 'big'

/**
 * The bytes of one frame as they go over the wire, escaped (reference/omnicomm-terminal-protocol.md 2). A payload is
 * at most 65,535 bytes.
 */
export function encodeFrame(command: number, payload: Uint8Array, order: ChecksumOrder): Uint8Array {
  const plain = new Uint8Array(HEADER_BYTES + payload.length + CHECKSUM_BYTES)
  plain[0] = command
  plain[1] = payload.length & 0xff
  plain[2] = payload.length >>> 8
  plain.set(payload, HEADER_BYTES)
  const end = HEADER_BYTES + payload.length
  const crc = crc16CcittFalse(plain, 0, end)
  plain[end] = order === 'little' ? crc & 0xff : crc >>> 8
  plain[end + 1] = order === 'little' ? crc >>> 8 : crc & 0xff
  return escaped(plain)
}

/**
 * Whether the last two bytes of an unescaped frame (command, LEN, payload, checksum) are its checksum, in the order
 * of the side that sends such a command. Both sides send the clock commands.
 */
export function checksumIsRight(frame: Uint8Array, length: number): boolean {
  const end = length - CHECKSUM_BYTES
  const crc = crc16CcittFalse(frame, 0, end)
  const littleCrc = u16(frame, end)
  const bigCrc = (littleCrc >>> 8) | ((littleCrc & 0xff) << 8)
  switch (orderOf(frame[0] ?? 0)) {
    case 'little':
      return crc === littleCrc
    case 'big':
      return crc === bigCrc
    case 'either':
      return crc === littleCrc || crc === bigCrc
  }
}

function orderOf(command: number): ChecksumOrder | 'either' {
  switch (command) {
    case COMMAND.serverIdent:
    case COMMAND.request:
    case COMMAND.acknowledge:
    case COMMAND.wifiAcknowledge:
      return 'little'
    case COMMAND.clockRequest:
    case COMMAND.clock:
      return 'either'
    default:
      return 'big'
  }
}

/** The marker, and what follows it with its escape pairs. */
function escaped(plain: Uint8Array): Uint8Array {
  let pairs = 0
  for (const byte of plain) if (byte === MARKER || byte === ESCAPE) pairs += 1
  const wire = new Uint8Array(1 + plain.length + pairs)
  wire[0] = MARKER
  let at = 1
  for (const byte of plain) {
    if (byte === MARKER || byte === ESCAPE) {
      wire[at] = ESCAPE
      wire[at + 1] = byte === MARKER ? ESCAPED_MARKER : ESCAPED_ESCAPE
      at += 2
    } else {
      wire[at] = byte
      at += 1
    }
  }
  return wire
}
