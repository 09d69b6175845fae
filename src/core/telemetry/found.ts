import { SLOT, TARGETS, type Target } from './target.ts'

/**
 * What was found in one record, a raw value per target (`SLOT`); undefined: nothing. It is filled, read and
 * cleared again for every message, because at 100,000 messages/s a fresh pair of arrays would be most of the work.
 */
export type Found = {
  readonly values: unknown[]
  /** Rank of the name under which the value was found; lower is better. */
  readonly ranks: number[]
}

/** Names by which a format calls a target, the preferred first. */
export type Vocabulary = Readonly<Partial<Record<Target, readonly Name[]>>>

/** A field name, perhaps dotted; with `convert` where its unit or sense is not the target's. */
export type Name = string | { readonly name: string; readonly convert: (value: unknown) => unknown }

/** A vocabulary turned round: from field name to the targets that it fills. */
export type NameTable = ReadonlyMap<string, Place>

type Place = {
  readonly entries: readonly Entry[]
  /** Names inside, where the field is an object. */
  readonly inner: ReadonlyMap<string, readonly Entry[]> | undefined
}

type Entry = {
  readonly slot: number
  readonly rank: number
  readonly convert: ((value: unknown) => unknown) | undefined
}

/** An empty `Found`. */
export function createFound(): Found {
  return {
    values: new Array(TARGETS.length).fill(undefined),
    ranks: new Array(TARGETS.length).fill(Infinity),
  }
}

/** Makes it empty again. */
export function clear(found: Found): void {
  found.values.fill(undefined)
  found.ranks.fill(Infinity)
}

/**
 * Prepares a vocabulary for `collect`. A name `a.b` is also found as `b` inside an object `a`. Every name is
 * also looked for inside the objects `containers`. Between several fields for one target the order of the names
 * decides, then the place: top level, nested, containers in their order.
 */
export function createNameTable(vocabulary: Vocabulary, containers: readonly string[] = []): NameTable {
  const flat = new Map<string, Entry[]>()
  const nested = new Map<string, Map<string, Entry[]>>()
  for (const target of TARGETS) {
    for (const [rank, name] of (vocabulary[target] ?? []).entries()) {
      const text = typeof name === 'string' ? name : name.name
      const convert = typeof name === 'string' ? undefined : name.convert
      const entry = (place: number): Entry => ({ slot: SLOT[target], rank: rank + place / 100, convert })
      const [outer = '', inside, ...more] = text.split('.')
      add(flat, text, entry(0))
      if (inside !== undefined && more.length === 0) add(within(nested, outer), inside, entry(1))
      for (const [index, container] of containers.entries()) {
        add(within(nested, container), text, entry(2 + index))
      }
    }
  }
  const table = new Map<string, Place>()
  for (const name of new Set([...flat.keys(), ...nested.keys()])) {
    table.set(name, { entries: flat.get(name) ?? [], inner: nested.get(name) })
  }
  return table
}

/** Puts every field of the record that the table knows into `found`. Nulls and empty texts count as not sent. */
export function collect(record: Readonly<Record<string, unknown>>, table: NameTable, found: Found): void {
  for (const key in record) {
    const place = table.get(key)
    if (place === undefined) continue
    const value = record[key]
    offer(found, place.entries, value)
    if (place.inner !== undefined && isRecord(value)) {
      for (const inside in value) {
        const entries = place.inner.get(inside)
        if (entries !== undefined) offer(found, entries, value[inside])
      }
    }
  }
}

/** An object that is neither null nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function offer(found: Found, entries: readonly Entry[], value: unknown): void {
  if (value === null || value === '') return
  for (const { slot, rank, convert } of entries) {
    if (rank >= (found.ranks[slot] ?? 0)) continue
    // A structure under a familiar name is something else, but a structure where the time should be is a fault.
    if (typeof value === 'object' && slot !== SLOT.eventAt && slot !== SLOT.heardAt) continue
    found.ranks[slot] = rank
    found.values[slot] = convert === undefined ? value : convert(value)
  }
}

function within<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const map = maps.get(key) ?? new Map<string, Value>()
  maps.set(key, map)
  return map
}

function add(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [entry])
  else list.push(entry)
}
