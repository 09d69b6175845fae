import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { PAGE_ROWS, packPage } from '../../core/fleet/packed-page.ts'
import { encodePage, PAGE_VERSION } from '../../core/fleet/page-codec.ts'
import { rowOf, rowsOf, transaction } from './database.ts'
import type { InventoryTable } from './inventory-table.ts'

/** Pages of the inventory, one after the other (core/fleet/page-codec.ts). */
export type StoredPages = {
  readonly pages: readonly { readonly number: number; readonly bytes: Uint8Array }[]
  /** Rows of all pages, those without a terminal too. */
  readonly rows: number
  /** Where they go on; null: these were the last. */
  readonly next: number | null
  /** Numbers of those that were stored damaged; here they are as the rows have them. */
  readonly damaged: readonly number[]
}

export type PageTable = {
  read(from: number): StoredPages
  pack(forMs: number): boolean
}

/** Pages in one message. */
const PAGES_READ = 8

/**
 * The inventory as it is read at start. The rows are the truth: with each row that changes the database deletes its
 * page, and what is not there, or is not what it was, is made from the rows.
 */
export function createPageTable(db: DatabaseSync, inventory: InventoryTable): PageTable {
  const select = db.prepare('SELECT version, crc, bytes FROM inventory_pages WHERE number = ?')
  const selectNumbers = db.prepare('SELECT number FROM inventory_pages WHERE version = ?')
  const save = db.prepare(
    `INSERT INTO inventory_pages (number, version, crc, bytes) VALUES (?, ?, ?, ?)
     ON CONFLICT (number) DO UPDATE SET version = excluded.version, crc = excluded.crc, bytes = excluded.bytes`,
  )
  const damaged = new Set<number>()
  const fromRows = (number: number): Uint8Array => encodePage(packPage(inventory.rows(number)))

  function stored(number: number): Uint8Array | 'missing' | 'damaged' {
    const row = rowOf<{ version: number; crc: number; bytes: Uint8Array }>(select, number)
    if (row?.version !== PAGE_VERSION) return 'missing'
    return crc32(row.bytes) === row.crc ? row.bytes : 'damaged'
  }

  function missing(): number[] {
    const known = new Set(rowsOf<{ number: number }>(selectNumbers, PAGE_VERSION).map(({ number }) => number))
    const all = Array.from({ length: pagesOf(inventory.length()) }, (_, number) => number)
    return all.filter((number) => !known.has(number) || damaged.has(number))
  }

  return {
    read(from) {
      const rows = inventory.length()
      const end = Math.min(from + PAGES_READ, pagesOf(rows))
      const pages: StoredPages['pages'][number][] = []
      for (let number = from; number < end; number++) {
        const bytes = stored(number)
        if (bytes === 'damaged') damaged.add(number)
        pages.push({ number, bytes: typeof bytes === 'string' ? fromRows(number) : bytes })
      }
      const isIn = (number: number): boolean => number >= from && number < end
      return { pages, rows, next: end < pagesOf(rows) ? end : null, damaged: [...damaged].filter(isIn) }
    },
    pack(forMs) {
      const until = performance.now() + forMs
      for (const number of missing()) {
        transaction(db, () => {
          const bytes = fromRows(number)
          save.run(number, PAGE_VERSION, crc32(bytes), bytes)
        })
        damaged.delete(number)
        if (performance.now() >= until) break
      }
      return missing().length > 0
    },
  }
}

function pagesOf(rows: number): number {
  return Math.ceil(rows / PAGE_ROWS)
}
