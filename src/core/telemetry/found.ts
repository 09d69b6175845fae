import { SLOT, TARGETS, type Target } from './target.ts'
import { isNobody } from './value.ts'

/**
 * What was found in one record, a raw value per target (`SLOT`); undefined: nothing. It is filled, read and
 * cleared again for every message, because at 100,000 messages/s a fresh pair of arrays would be most of the work.
 */
export type Found = {
  readonly values: unknown[]
  /** What each value came from; undefined: nothing was found. */
  readonly origins: (Origin | undefined)[]
}

/** What a value came from. Made when the decoder is made, not per message. */
export type Origin = {
  /** As a person would call it: a field, a mapping expression, a segment of the topic. */
  readonly name: string
  /** The value with the lower rank is taken. */
  readonly rank: number
  /** Keys that lead to the field from the record; absent where it is no field, or a mapping's. */
  readonly path?: readonly string[]
  /** Keys of a mapping expression with dots between them; a dot may also be part of a key. */
  readonly field?: string
  /** What was done with the value beyond reading it. */
  readonly how?: string
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

type Entry = Origin & {
  readonly slot: number
  readonly convert: ((value: unknown) => unknown) | undefined
}

/** An empty `Found`. */
export function createFound(): Found {
  return {
    values: new Array(TARGETS.length).fill(undefined),
    origins: new Array(TARGETS.length).fill(undefined),
  }
}

/** Makes it empty again. A plain loop: two calls of `fill` cost five times as much, a quarter of the whole decoding. */
export function clear({ values, origins }: Found): void {
  for (let slot = 0; slot < values.length; slot += 1) {
    values[slot] = undefined
    origins[slot] = undefined
  }
}

/** Puts in a value that is no field of a name table. */
export function put(found: Found, slot: number, value: unknown, origin: Origin): void {
  found.values[slot] = value
  found.origins[slot] = origin
}

/**
 * Prepares a vocabulary for `collect`. A name `a.b` is also found as `b` inside an object `a`. Every name is
 * also looked for inside the objects `containers`. Between several fields for one target the order of the names
 * decides, then the place: top level, nested, containers in their order. `within`: keys that lead from the message
 * to the object that is given to `collect`.
 */
export function createNameTable(
  vocabulary: Vocabulary,
  containers: readonly string[] = [],
  within: readonly string[] = [],
): NameTable {
  const flat = new Map<string, Entry[]>()
  const nested = new Map<string, Map<string, Entry[]>>()
  for (const target of TARGETS) {
    for (const [rank, name] of (vocabulary[target] ?? []).entries()) {
      const text = typeof name === 'string' ? name : name.name
      const convert = typeof name === 'string' ? undefined : name.convert
      const entry = (place: number, ...keys: readonly string[]): Entry => {
        const path = [...within, ...keys]
        return { name: path.join('.'), rank: rank + place / 100, path, slot: SLOT[target], convert }
      }
      const [outer = '', inside, ...more] = text.split('.')
      add(flat, text, entry(0, text))
      if (inside !== undefined && more.length === 0) {
        add(insideOf(nested, outer), inside, entry(1, outer, inside))
      }
      for (const [index, container] of containers.entries()) {
        add(insideOf(nested, container), text, entry(2 + index, container, text))
      }
    }
  }
  const table = new Map<string, Place>()
  for (const name of new Set([...flat.keys(), ...nested.keys()])) {
    table.set(name, { entries: flat.get(name) ?? [], inner: nested.get(name) })
  }
  return table
}

/**
 * Puts every field of the record that the table knows into `found`. Nulls, empty texts and the id of nobody count as
 * not sent.
 */
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
  for (const entry of entries) {
    const { slot, convert } = entry
    const held = found.origins[slot]
    if (held !== undefined && entry.rank >= held.rank) continue
    if (slot === SLOT.terminal && isNobody(value)) continue
    // A structure under a familiar name is something else, but a structure where the time should be is a fault.
    if (typeof value === 'object' && slot !== SLOT.eventAt && slot !== SLOT.heardAt) continue
    found.origins[slot] = entry
    found.values[slot] = convert === undefined ? value : convert(value)
  }
}

function insideOf<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const map = maps.get(key) ?? new Map<string, Value>()
  maps.set(key, map)
  return map
}

function add(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [entry])
  else list.push(entry)
}
