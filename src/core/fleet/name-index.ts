import type { Inventory } from './inventory-pages.ts'
import { endOf, type OwnColumn, startOf } from './packed-text.ts'
import { type HashKey, hashPart, hashText } from './text-hash.ts'

/** Rows by name, as a Map. A row must have lost a name here before its inventory row has it no longer. */
export type NameIndex = {
  get(name: string): number | undefined
  has(name: string): boolean
  set(name: string, row: number): void
  /** Sets a name that leads nowhere yet. */
  claim(name: string, row: number): void
  delete(name: string): boolean
  /** Sets or claims the text of place `n` of a packed column, which is that field of the row. */
  setPacked(column: OwnColumn, n: number, field: NameField, row: number): void
  claimPacked(column: OwnColumn, n: number, field: NameField, row: number): void
  /** Makes room for so many names, so that a fleet that is read from the disk does not grow step by step. */
  reserve(names: number): void
  readonly size: number
}

/** Texts of an inventory row that are not kept a second time. */
const FIELDS = ['id', 'imei', 'uuid'] as const

type NameField = (typeof FIELDS)[number]

const FEWEST_SLOTS = 1024

/**
 * An open hash table whose entries say in which field of which inventory row the name stands: 8 bytes a slot, where a
 * Map takes up to 100 bytes a name. Other names, which few terminals have, are in a Map. The hash has a key, for
 * senders may invent ids.
 */
export function createNameIndex(inventory: Pick<Inventory, 'is'>, key: HashKey): NameIndex {
  let slots = createSlots(FEWEST_SLOTS)
  let taken = 0
  const others = new Map<string, number>()

  /** The slot of the name, or the one in which it would be. */
  function slotOf(name: string, hash: number): number {
    const mask = slots.length - 1
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const place = slots[slot] ?? 0
      if (place === 0 || (slots[slot + 1] === hash && isNameAt(inventory, place, name))) return slot
    }
  }

  function find(name: string): number | undefined {
    const place = slots[slotOf(name, hashText(name, key))] ?? 0
    return place === 0 ? others.get(name) : rowOf(place)
  }

  function put(name: string, row: number, hash: number, slot: number): void {
    const place = placeOf(inventory, row, name)
    if (place === 0) {
      if (slots[slot] !== 0) remove(name)
      others.set(name, row)
      return
    }
    others.delete(name)
    if (slots[slot] === 0) taken += 1
    slots[slot] = place
    slots[slot + 1] = hash
    if (!hasRoom(slots, taken)) slots = resized(slots, slots.length)
  }

  /** The slot of a name that is likely to be none yet, or the one in which it would be. */
  function slotOfPacked(column: OwnColumn, start: number, end: number, hash: number): number {
    const mask = slots.length - 1
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const place = slots[slot] ?? 0
      if (place === 0) return slot
      if (slots[slot + 1] === hash && isNameAt(inventory, place, column.text.slice(start, end))) return slot
    }
  }

  function enter(column: OwnColumn, n: number, field: NameField, row: number, isClaim: boolean): void {
    const start = startOf(column, n)
    const end = endOf(column, n)
    if (start === end) return
    const hash = hashPart(column.text, start, end, key)
    const slot = slotOfPacked(column, start, end, hash)
    if (isClaim && slots[slot] !== 0) return
    if (others.size > 0) {
      const name = column.text.slice(start, end)
      if (isClaim && others.has(name)) return
      others.delete(name)
    }
    if (slots[slot] === 0) taken += 1
    slots[slot] = row * FIELDS.length + FIELDS.indexOf(field) + 1
    slots[slot + 1] = hash
    if (!hasRoom(slots, taken)) slots = resized(slots, slots.length)
  }

  function remove(name: string): boolean {
    const slot = slotOf(name, hashText(name, key))
    if (slots[slot] === 0) return others.delete(name)
    close(slots, slot)
    taken -= 1
    return true
  }

  return {
    get: find,
    has: (name) => find(name) !== undefined,
    set(name, row) {
      const hash = hashText(name, key)
      put(name, row, hash, slotOf(name, hash))
    },
    claim(name, row) {
      const hash = hashText(name, key)
      const slot = slotOf(name, hash)
      if (slots[slot] === 0 && !others.has(name)) put(name, row, hash, slot)
    },
    delete: remove,
    setPacked: (column, n, field, row) => enter(column, n, field, row, false),
    claimPacked: (column, n, field, row) => enter(column, n, field, row, true),
    reserve(names) {
      let count = slots.length / 2
      while (count * 3 < names * 4) count *= 2
      if (count * 2 > slots.length) slots = resized(slots, count)
    },
    get size() {
      return taken + others.size
    },
  }
}

/** Two numbers a slot: the place of a name (placeOf), 0 for an empty slot, and its hash, which spares looks at the name. */
type Slots = Int32Array

function createSlots(count: number): Slots {
  return new Int32Array(count * 2)
}

/** At most three quarters of the slots are taken. */
function hasRoom(slots: Slots, names: number): boolean {
  return names * 8 <= slots.length * 3
}

/** Row and field of a name as one number of at least 1; 0: it stands in none of them. */
function placeOf(inventory: Pick<Inventory, 'is'>, row: number, name: string): number {
  const field = FIELDS.findIndex((each) => inventory.is(row, each, name))
  return field < 0 ? 0 : row * FIELDS.length + field + 1
}

function rowOf(place: number): number {
  return Math.floor((place - 1) / FIELDS.length)
}

function isNameAt(inventory: Pick<Inventory, 'is'>, place: number, name: string): boolean {
  const row = rowOf(place)
  return inventory.is(row, FIELDS[place - 1 - row * FIELDS.length] ?? 'id', name)
}

/** The same entries in a table of so many slots. */
function resized(slots: Slots, count: number): Slots {
  const larger = createSlots(count)
  const mask = larger.length - 1
  for (let from = 0; from < slots.length; from += 2) {
    const place = slots[from] ?? 0
    const hash = slots[from + 1] ?? 0
    if (place === 0) continue
    let slot = (hash << 1) & mask
    while (larger[slot] !== 0) slot = (slot + 2) & mask
    larger[slot] = place
    larger[slot + 1] = hash
  }
  return larger
}

/** Empties a slot and moves up what stands behind it only because it was taken. */
function close(slots: Slots, slot: number): void {
  const mask = slots.length - 1
  let hole = slot
  for (let next = (hole + 2) & mask; slots[next] !== 0; next = (next + 2) & mask) {
    const home = ((slots[next + 1] ?? 0) << 1) & mask
    if (((next - home) & mask) < ((next - hole) & mask)) continue
    slots[hole] = slots[next] ?? 0
    slots[hole + 1] = slots[next + 1] ?? 0
    hole = next
  }
  slots[hole] = 0
}
