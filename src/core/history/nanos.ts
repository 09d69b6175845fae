import { hashText } from '../fleet/text-hash.ts'
import type { Instant } from '../time.ts'

const PER_MILLISECOND = 1_000_000
/** The same in every run: what is written again overwrites itself. */
const KEY = [0, 0] as const

/** Where in its millisecond a point about this terminal or letter belongs, 0 to 999,999. */
export function nanosOf(id: string): number {
  return (hashText(id, KEY) >>> 0) % PER_MILLISECOND
}

export type NanoPlaces = {
  /**
   * A place of its own for each point of a series (measurement and tags): the hash of its id, or the next free one
   * where two hashes are the same. Of a full millisecond, which has a million of them, the hash itself.
   */
  place(series: string, at: Instant, id: string): number
}

/** A bit for each place. */
type Bits = { readonly words: Uint32Array; size: number }

type Places = Set<number> | Bits

/** More places of one millisecond are kept as bits, 125 kB for all of them. */
const MOST_IN_SET = 4096
const WEIGHT_OF_BITS = 2500
const WEIGHT_OF_SET = 16
/** What all milliseconds together may weigh, in single places: some 5 MB. */
const HEAVIEST = 100_000

/** Remembers which places are taken; now and then all is forgotten but the series and millisecond at hand. */
export function createNanoPlaces(heaviest = HEAVIEST): NanoPlaces {
  const taken = new Map<string, Map<Instant, number | Places>>()
  let weight = 0

  function keep(series: string, at: Instant, places: number | Places, heavier: number): void {
    weight += heavier
    if (weight > heaviest) {
      taken.clear()
      weight = weightOf(places)
    }
    const ofSeries = taken.get(series) ?? new Map<Instant, number | Places>()
    taken.set(series, ofSeries.set(at, places))
  }

  return {
    place(series, at, id) {
      const hash = nanosOf(id)
      const before = taken.get(series)?.get(at)
      if (before === undefined) {
        keep(series, at, hash, 1)
        return hash
      }
      const places = typeof before === 'number' ? new Set([before]) : before
      if (places.size === PER_MILLISECOND) return hash
      const weighed = weightOf(before)
      const place = takeFrom(places, hash)
      const kept = places instanceof Set && places.size === MOST_IN_SET ? bitsOf(places) : places
      keep(series, at, kept, weightOf(kept) - weighed)
      return place
    },
  }
}

function weightOf(places: number | Places): number {
  if (typeof places === 'number') return 1
  return places instanceof Set ? WEIGHT_OF_SET + places.size : WEIGHT_OF_BITS
}

/** Takes the first free place from that one on; there is one. */
function takeFrom(places: Places, from: number): number {
  if (!(places instanceof Set)) return takeBit(places, from)
  let place = from
  while (places.has(place)) place = (place + 1) % PER_MILLISECOND
  places.add(place)
  return place
}

const PER_WORD = 32
const FULL = -1

/** Words at a time: in an almost full millisecond the next free place is far. */
function takeBit(bits: Bits, from: number): number {
  const { words } = bits
  let word = Math.floor(from / PER_WORD)
  let taken = (words[word] ?? 0) | ((1 << (from % PER_WORD)) - 1)
  while (taken === FULL) {
    word = (word + 1) % words.length
    taken = (words[word] ?? 0) | 0
  }
  const bit = 31 - Math.clz32(~taken & -~taken)
  words[word] = (words[word] ?? 0) | (1 << bit)
  bits.size++
  return word * PER_WORD + bit
}

function bitsOf(places: ReadonlySet<number>): Bits {
  const bits: Bits = { words: new Uint32Array(PER_MILLISECOND / PER_WORD), size: 0 }
  for (const place of places) takeBit(bits, place)
  return bits
}
