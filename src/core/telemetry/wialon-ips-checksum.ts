import { crc16Arc } from './crc16-arc.ts'

/**
 * Where the content of a packet of version 2 ends: before its last delimiter, behind which the CRC-16/ARC of
 * everything from `from` up to and including that delimiter stands in up to four hexadecimal digits. Undefined if
 * there is none, or it is another one.
 */
export function checkedEnd(
  line: Uint8Array,
  from: number,
  to: number,
  delimiter: ';' | '|',
): number | undefined {
  const last = line.subarray(0, to).lastIndexOf(delimiter.charCodeAt(0))
  if (last < from) return undefined
  const stated = readHex(line, last + 1, to)
  return stated === crc16Arc(line, from, last + 1) ? last : undefined
}

/** One to four hexadecimal digits; undefined for anything else. */
function readHex(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (to - from < 1 || to - from > 4) return undefined
  let value = 0
  for (let i = from; i < to; i += 1) {
    const digit = hexDigit(bytes[i] ?? 0)
    if (digit === undefined) return undefined
    value = value * 16 + digit
  }
  return value
}

function hexDigit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined
}
