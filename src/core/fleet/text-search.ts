import { aliasesOf } from './alias.ts'
import type { InventoryRow } from './inventory.ts'
import type { InventoryPage } from './inventory-pages.ts'
import { OWN_FIELDS, type OwnField, PAGE_ROWS, type PackedPage } from './packed-page.ts'
import { endOf, type OwnColumn, ownText, packOwn } from './packed-text.ts'

/** Part of name, id, SIM or any other name of a terminal. */
export type Needle = {
  /** Folded. */
  readonly text: string
  /** No letters and no spaces: texts need not be folded. */
  readonly isPlain: boolean
}

/** What people type to find a terminal; null: nothing that counts. */
export function needleOf(asked: string | undefined): Needle | null {
  const typed = asked?.trim() ?? ''
  const text = foldText(typed)
  return text === '' ? null : { text, isPlain: PLAIN.test(typed) }
}

/** Nothing in it is folded. */
const PLAIN = /^[\d+().-]*$/

/** Places of a page whose terminals have the needle in a text; the array is the same each time. */
export function findInPage({ packed, changed }: InventoryPage, needle: Needle): Uint8Array {
  marks.fill(0)
  if (packed) markPacked(packed, needle)
  for (const [n, terminal] of changed) marks[n] = isNamed(terminal, needle) ? 1 : 0
  return marks
}

const marks = new Uint8Array(PAGE_ROWS)

function markPacked(page: PackedPage, needle: Needle): void {
  for (const field of OWN_FIELDS) markColumn(needle.isPlain ? page.own[field] : folded(page, field), needle)
  for (const [n, { aliases, learnt }] of page.rare) {
    const has = (text: string): boolean => contains(text, needle)
    if (aliases.some(has) || learnt.some(({ name }) => has(name))) marks[n] = 1
  }
}

/** One search through the texts of all rows; what is found across two of them is none. */
function markColumn(column: OwnColumn, { text }: Needle): void {
  let n = 0
  for (let at = column.text.indexOf(text); at >= 0; ) {
    n = rowOfPlace(column, at, n)
    const end = endOf(column, n)
    const isWithin = at + text.length <= end
    if (isWithin) marks[n] = 1
    at = column.text.indexOf(text, isWithin ? end : at + 1)
  }
}

/** The row from `from` on in whose text the place is. */
function rowOfPlace(column: OwnColumn, place: number, from: number): number {
  let low = from
  let high = (column.ends?.length ?? 1) - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (endOf(column, middle) <= place) low = middle + 1
    else high = middle
  }
  return low
}

/** Folded columns, from the first search on; as long as their pages. Most are so already and kept once. */
const foldedColumns = new WeakMap<PackedPage, Partial<Record<OwnField, OwnColumn>>>()

function folded(page: PackedPage, field: OwnField): OwnColumn {
  const known = foldedColumns.get(page) ?? {}
  const column = known[field] ?? foldColumn(page.own[field])
  known[field] = column
  foldedColumns.set(page, known)
  return column
}

function foldColumn(column: OwnColumn): OwnColumn {
  const { text, ends } = column
  // Numbers of SIM cards and devices, to which most of a fleet's texts belong.
  if (ends === null || PLAIN.test(text)) return column
  const low = text.toLocaleLowerCase()
  if (low.length !== text.length || DEPENDS_ON_NEIGHBOURS.test(text)) {
    return packOwn(Array.from(ends, (_, n) => foldText(ownText(column, n))))
  }
  const units = new Uint16Array(low.length)
  let length = 0
  let at = 0
  const moved = ends.map((end) => {
    for (; at < end; at++) {
      const unit = alike(low.charCodeAt(at))
      if (unit !== NOTHING) units[length++] = unit
    }
    return length
  })
  const folded = textOf(units.subarray(0, length))
  return folded === text ? column : { text: folded, ends: moved }
}

/** As it is compared: plates are typed with spaces or without, in Cyrillic or in the Latin letters that look the same. */
function foldText(text: string): string {
  const low = text.toLocaleLowerCase()
  const units = Array.from({ length: low.length }, (_, i) => alike(low.charCodeAt(i)))
  return String.fromCharCode(...units.filter((unit) => unit !== NOTHING))
}

/** What counts in place of a letter: `NOTHING` for spaces, the Latin one for the letters of Russian plates. */
function alike(unit: number): number {
  return unit < ALIKE.length ? (ALIKE[unit] ?? unit) : unit
}

const NOTHING = 0
const CYRILLIC = '\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0451'
const LATIN = 'abekmhopctyxe'

/** By the unit of text; there are no spaces behind its end. */
const ALIKE = Uint16Array.from({ length: 0x3001 }, (_, unit) => {
  const letter = String.fromCharCode(unit)
  if (/\s/.test(letter)) return NOTHING
  const place = CYRILLIC.indexOf(letter)
  return place < 0 ? unit : LATIN.charCodeAt(place)
})

function textOf(units: Uint16Array): string {
  let text = ''
  for (let from = 0; from < units.length; from += AT_ONCE) {
    text += String.fromCharCode(...units.subarray(from, from + AT_ONCE))
  }
  return text
}

/** A call takes no more arguments than the stack has room for. */
const AT_ONCE = 4096

/** What a capital sigma, or a letter before a dot above, becomes depends on what stands beside it. */
const DEPENDS_ON_NEIGHBOURS = /\u03a3|\u0307/

function isNamed(terminal: InventoryRow, needle: Needle): boolean {
  const has = (text: string): boolean => contains(text, needle)
  return has(terminal.name) || has(terminal.id) || has(terminal.sim) || aliasesOf(terminal).some(has)
}

function contains(text: string, { text: needle, isPlain }: Needle): boolean {
  return text !== '' && (isPlain ? text : foldText(text)).includes(needle)
}
