/** Two 32-bit numbers that nobody outside knows: who does not know them cannot make texts with the same hash. */
export type HashKey = readonly [number, number]

/** HalfSipHash-1-3 of a text, two characters in each 32-bit word and its length in the last one: a signed 32-bit number. */
export function hashText(text: string, key: HashKey): number {
  return hashPart(text, 0, text.length, key)
}

/** The same of the characters in [start, end). */
export function hashPart(text: string, start: number, end: number, [key0, key1]: HashKey): number {
  const length = end - start
  const words = (length + 1) >> 1
  let v0 = key0
  let v1 = key1
  let v2 = 0x6c79_6765 ^ key0
  let v3 = 0x7465_6462 ^ key1
  for (let round = 0; round < words + 1 + FINAL_ROUNDS; round++) {
    const word = round < words ? wordOf(text, start + round * 2, end) : round === words ? length : 0
    if (round === words + 1) v2 ^= 0xff
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  return v1 ^ v3
}

const FINAL_ROUNDS = 3

/** The two characters from `at` on. Past the end there is nothing. */
function wordOf(text: string, at: number, end: number): number {
  const second = at + 1 < end ? text.charCodeAt(at + 1) : 0
  return text.charCodeAt(at) | (second << 16)
}
