import type { Instant } from '../time.ts'
import type { InventoryRow } from './inventory.ts'
import { pageBack, terminalBack } from './inventory-back.ts'
import {
  firstSeenIn,
  NOTHING_RARE,
  type OwnField,
  PAGE_ROWS,
  type PackedPage,
  packPage,
  type Rare,
  rowAt,
  rowsIn,
  type SharedField,
} from './packed-page.ts'
import { isOwnText, ownText, sharedText } from './packed-text.ts'

type TextField = OwnField | Exclude<SharedField, 'fromTree' | 'discovered'>

/**
 * The terminals by row. Most of them are packed in pages; those that changed lately lie beside their page until there
 * are many. `at` makes a packed row anew, so for a look at one field of many terminals there are the other readers.
 */
export type Inventory = Iterable<InventoryRow> & {
  /** Rows, those without a terminal too. */
  readonly length: number
  /** The terminal in a row; undefined: there is none. */
  at(row: number): InventoryRow | undefined
  /** Puts a terminal into its row. */
  set(terminal: InventoryRow): void
  /** Empty: there is no terminal. */
  text(row: number, field: TextField): string
  /** Whether a terminal has this text in the field; no text is made for it. */
  is(row: number, field: OwnField, text: string): boolean
  isDiscovered(row: number): boolean
  firstSeenAt(row: number): Instant
  rare(row: number): Rare
  /** After the wall clock was set back to `now` (inventory-back.ts); tells the rows that are changed by it. */
  setBack(now: Instant): readonly number[]
  /** Takes a page whose rows have no terminals yet; tells how it is kept. */
  adopt(page: PackedPage): PackedPage
  /** The pages as they are now. */
  pages(): readonly InventoryPage[]
  /** The terminals as they are now, whatever is put into their rows later. */
  snapshot(): Inventory
}

/** `changed`: by row less the first one; they come before what is packed. */
export type InventoryPage = {
  readonly packed: PackedPage | null
  readonly changed: ReadonlyMap<number, InventoryRow>
}

type Page = { packed: PackedPage | null; readonly changed: Map<number, InventoryRow> }

/** Terminals beside a page that are worth packing it anew, which takes some milliseconds. */
const MANY_CHANGED = 1024

/** Texts that are kept once for all pages; further ones are kept once a page. */
const MOST_SHARED = 200_000

export function createInventory(terminals: Iterable<InventoryRow> = []): Inventory {
  const inventory = inventoryOf([], 0)
  for (const terminal of terminals) inventory.set(terminal)
  return inventory
}

function inventoryOf(pages: Page[], rows: number): Inventory {
  let length = rows
  const texts = new Map<string, string>()

  function share(text: string): string {
    const known = texts.get(text)
    if (known !== undefined) return known
    if (texts.size < MOST_SHARED) texts.set(text, text)
    return text
  }

  /** The page of a row that there is; undefined also for a row that lies beside it. */
  const pageOf = (row: number): Page | undefined => pages[Math.floor(row / PAGE_ROWS)]

  function makePage(row: number): Page {
    const number = Math.floor(row / PAGE_ROWS)
    while (pages.length <= number) pages.push({ packed: null, changed: new Map() })
    return pages[number] as Page
  }

  return {
    get length() {
      return length
    },
    at(row) {
      const page = pageOf(row)
      if (page === undefined) return undefined
      const n = row % PAGE_ROWS
      return changedIn(page, n) ?? (page.packed === null ? undefined : rowAt(page.packed, n))
    },
    set(terminal) {
      const page = makePage(terminal.row)
      page.changed.set(terminal.row % PAGE_ROWS, terminal)
      length = Math.max(length, terminal.row + 1)
      if (page.changed.size < MANY_CHANGED) return
      page.packed = packPage(rowsOf(page), share)
      page.changed.clear()
    },
    text(row, field) {
      const page = pageOf(row)
      if (page === undefined) return ''
      const n = row % PAGE_ROWS
      const changed = changedIn(page, n)
      if (changed !== undefined) return changed[field]
      return page.packed === null ? '' : textIn(page.packed, n, field)
    },
    is(row, field, text) {
      const page = pageOf(row)
      if (page === undefined) return false
      const n = row % PAGE_ROWS
      const changed = changedIn(page, n)
      if (changed !== undefined) return changed[field] === text
      return page.packed !== null && n < page.packed.rows && isOwnText(page.packed.own[field], n, text)
    },
    isDiscovered(row) {
      const page = pageOf(row)
      if (page === undefined) return false
      const n = row % PAGE_ROWS
      const changed = changedIn(page, n)
      if (changed !== undefined) return changed.discovered
      return (
        page.packed !== null && n < page.packed.rows && sharedText(page.packed.shared.discovered, n) !== ''
      )
    },
    firstSeenAt(row) {
      const page = pageOf(row)
      const n = row % PAGE_ROWS
      return (page && changedIn(page, n)?.firstSeenAt) ?? (page?.packed ? firstSeenIn(page.packed, n) : 0)
    },
    rare(row) {
      const page = pageOf(row)
      if (page === undefined) return NOTHING_RARE
      const n = row % PAGE_ROWS
      return changedIn(page, n) ?? page.packed?.rare.get(n) ?? NOTHING_RARE
    },
    setBack(now) {
      const rows: number[] = []
      pages.forEach((page, number) => {
        const first = number * PAGE_ROWS
        if (page.packed !== null) {
          const back = pageBack(page.packed, now)
          page.packed = back.page
          for (const n of back.places) rows.push(first + n)
        }
        for (const [n, terminal] of page.changed) {
          const back = terminalBack(terminal, now)
          if (back === terminal) continue
          page.changed.set(n, back)
          rows.push(first + n)
        }
      })
      return rows
    },
    adopt(page) {
      const own = makePage(page.first)
      const kept = { ...page, shared: sharedTexts(page, share) }
      own.packed = kept
      length = Math.max(length, page.first + page.rows)
      return kept
    },
    pages: () => pages,
    snapshot: () =>
      inventoryOf(
        pages.map(({ packed, changed }) => ({ packed, changed: new Map(changed) })),
        length,
      ),
    *[Symbol.iterator]() {
      for (const page of pages) yield* rowsOf(page)
    },
  }
}

function changedIn({ changed }: Page, n: number): InventoryRow | undefined {
  return changed.size === 0 ? undefined : changed.get(n)
}

function textIn(page: PackedPage, n: number, field: TextField): string {
  if (n >= page.rows) return ''
  switch (field) {
    case 'id':
    case 'name':
    case 'imei':
    case 'sim':
    case 'uuid':
      return ownText(page.own[field], n)
    default:
      return sharedText(page.shared[field], n)
  }
}

/** The terminals of a page, by row. */
function* rowsOf({ packed, changed }: Page): Generator<InventoryRow> {
  if (changed.size === 0) {
    if (packed !== null) yield* rowsIn(packed)
    return
  }
  const rows = Math.max(packed?.rows ?? 0, ...changed.keys()) + 1
  for (let n = 0; n < rows; n++) {
    const terminal = changed.get(n) ?? (packed === null ? undefined : rowAt(packed, n))
    if (terminal) yield terminal
  }
}

/** Its columns with texts that are kept once for all pages. */
function sharedTexts({ shared }: PackedPage, share: (text: string) => string): PackedPage['shared'] {
  const columns = Object.entries(shared).map(([name, { texts, of }]) => [
    name,
    { texts: texts.map(share), of },
  ])
  return Object.fromEntries(columns) as PackedPage['shared']
}
