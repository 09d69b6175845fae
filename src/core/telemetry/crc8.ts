/**
 * CRC-8 of EGTS headers (polynomial 0x31, start 0xFF, not reflected, no final inversion) of the bytes `from` up to,
 * not including, `to`.
 */
export function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xff
  for (let i = from; i < to; i += 1) crc = TABLE[crc ^ (bytes[i] ?? 0)] ?? 0
  return crc
}

const POLYNOMIAL = 0x31

const TABLE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? (crc << 1) ^ POLYNOMIAL : crc << 1
  return crc & 0xff
})
