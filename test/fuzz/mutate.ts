/** Bytes that protocols give a meaning to: markers, escapes, delimiters, group tags, ends of ranges. */
const LOADED = [
  0x00, 0x01, 0x0a, 0x0d, 0x13, 0x14, 0x22, 0x23, 0x2c, 0x2d, 0x2e, 0x30, 0x3b, 0x5b, 0x5d, 0x7b, 0x7c, 0x7d,
  0x7f, 0x80, 0x86, 0x95, 0xc0, 0xdb, 0xdc, 0xdd, 0xff,
]
const LONGEST = 20_000

/**
 * A seed with one to eight changes: bits flipped, bytes set, stretches removed, repeated, put elsewhere or taken from
 * another seed, ends cut off. `random` gives numbers from [0, 1).
 */
export function mutate(seeds: readonly Uint8Array[], random: () => number): Uint8Array {
  let bytes = pick(seeds, random)
  const changes = 1 + below(8, random)
  for (let i = 0; i < changes; i++) bytes = change(bytes, seeds, random)
  return bytes.length > LONGEST ? bytes.subarray(0, LONGEST) : bytes
}

function change(bytes: Uint8Array, seeds: readonly Uint8Array[], random: () => number): Uint8Array {
  const at = below(bytes.length + 1, random)
  const end = Math.min(bytes.length, at + 1 + below(1 + below(40, random), random))
  switch (below(8, random)) {
    case 0: {
      const copy = bytes.slice()
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << below(8, random))
      return copy
    }
    case 1: {
      const copy = bytes.slice()
      copy.fill(loaded(random), at, end)
      return copy
    }
    case 2:
      return joined(bytes.subarray(0, at), bytes.subarray(end))
    case 3:
      return joined(bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end))
    case 4: {
      const other = pick(seeds, random)
      const from = below(other.length + 1, random)
      return joined(
        bytes.subarray(0, at),
        other.subarray(from, from + 1 + below(60, random)),
        bytes.subarray(end),
      )
    }
    case 5:
      return bytes.slice(0, at)
    case 6:
      return bytes.slice(at)
    default:
      return joined(bytes.subarray(0, at), Uint8Array.of(loaded(random)), bytes.subarray(at))
  }
}

function loaded(random: () => number): number {
  return random() < 0.5 ? (LOADED[below(LOADED.length, random)] ?? 0) : below(256, random)
}

function pick(seeds: readonly Uint8Array[], random: () => number): Uint8Array {
  return seeds[below(seeds.length, random)] ?? new Uint8Array()
}

function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit)
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
