/**
 * The bytes that a text of hexadecimal digits stands for. Upper and lower case are the same; blanks may stand between
 * bytes, not inside of one. Undefined if it is anything else; the empty text is no bytes.
 */
export function parseHex(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.ceil(text.length / 2))
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isBlank(code)) continue
    const high = digitOf(code)
    at += 1
    const low = digitOf(text.charCodeAt(at))
    if (high < 0 || low < 0) return undefined
    bytes[count] = high * 16 + low
    count += 1
  }
  return bytes.subarray(0, count)
}

/** Two lower-case digits for each byte, without blanks. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += PAIRS[byte]
  return text
}

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

/** The value of a digit; -1 if it is none, also for the NaN behind the end of a text. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1
}
