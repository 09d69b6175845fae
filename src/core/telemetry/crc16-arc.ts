/**
 * CRC-16/ARC (polynomial 0x8005 reflected, start 0, no final inversion) of the bytes `from` up to, not including,
 * `to`. Wialon IPS 2.0 signs its packets with it.
 */
export function crc16Arc(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0
  for (let i = from; i < to; i += 1) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0)
  return crc
}

const REFLECTED_POLYNOMIAL = 0xa001

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ REFLECTED_POLYNOMIAL : crc >>> 1
  return crc
})
