const POLYNOMIAL = 0x1021
const START = 0xffff

const TABLE = createTable()

/**
 * CRC-16/CCITT-FALSE of `bytes[from, to)`: polynomial 0x1021, start 0xFFFF, not reflected, no final xor. Of the ASCII
 * text `123456789` it is 0x29B1. Omnicomm and EGTS use it.
 */
export function crc16CcittFalse(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = START
  for (let at = from; at < to; at += 1) {
    crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >>> 8) ^ (bytes[at] ?? 0)] ?? 0)
  }
  return crc
}

function createTable(): Uint16Array {
  const table = new Uint16Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL
    table[byte] = crc & 0xffff
  }
  return table
}
