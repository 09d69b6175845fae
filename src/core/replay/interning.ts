/**
 * Ids, each made once and numbered from 0: of a recording nearly all are ids that were there before, and to look one up
 * is cheaper than to make it.
 */
export type Interning = {
  /** Number of the id that is a whole number above 0 which a double holds exactly; -1: it has none. */
  ofNumber(number: number): number
  /** Number of the id of ASCII bytes in [from, to); -1: it has none. */
  ofBytes(bytes: Uint8Array, from: number, to: number): number
  /** The id with that number. */
  text(index: number): string
}

const MOST_IDS = 4_000_000
/** So many others stand in the way of an id at most; an attacker could arrange for more. */
const MOST_STEPS = 64

export function createInterning(): Interning {
  const texts: string[] = []
  const byBytes = new Map<number, number>()
  /** Open addressing: whole numbers, and at the same places the numbers of their ids. */
  let wholes = new Float64Array(4096)
  let indexes = new Int32Array(4096)
  let count = 0

  function placeOf(whole: number): number {
    const mask = wholes.length - 1
    const hash = hashOfNumber(whole)
    for (let step = 0; step < MOST_STEPS; step++) {
      const place = (hash + step) & mask
      if (wholes[place] === whole || wholes[place] === 0) return place
    }
    return -1
  }

  function grow(): void {
    const before = { wholes, indexes }
    wholes = new Float64Array(wholes.length * 4)
    indexes = new Int32Array(wholes.length)
    for (const [place, whole] of before.wholes.entries()) {
      const moved = whole === 0 ? -1 : placeOf(whole)
      if (moved < 0) continue
      wholes[moved] = whole
      indexes[moved] = before.indexes[place] ?? 0
    }
  }

  return {
    ofNumber(number) {
      const place = placeOf(number)
      if (place >= 0 && wholes[place] === number) return indexes[place] ?? -1
      if (place < 0 || texts.length >= MOST_IDS) return -1
      wholes[place] = number
      indexes[place] = texts.push(String(number)) - 1
      count += 1
      if (count * 2 > wholes.length) grow()
      return texts.length - 1
    },
    ofBytes(bytes, from, to) {
      const hash = hashOf(bytes, from, to)
      const known = byBytes.get(hash)
      if (known !== undefined) return isText(texts[known] ?? '', bytes, from, to) ? known : -1
      if (texts.length >= MOST_IDS) return -1
      byBytes.set(hash, texts.push(asciiText(bytes, from, to)) - 1)
      return texts.length - 1
    },
    text: (index) => texts[index] ?? '',
  }
}

/** A text of ASCII bytes in [from, to). */
export function asciiText(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

/** Multiplied and stirred (Knuth, "The Art of Computer Programming" 6.4): ids follow each other. */
function hashOfNumber(number: number): number {
  const low = number | 0
  const high = (number / 0x1_0000_0000) | 0
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193)
  return hash
}

function isText(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}
