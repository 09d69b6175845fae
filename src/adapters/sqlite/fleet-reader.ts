import { PAGE_ROWS, type PackedPage } from '../../core/fleet/packed-page.ts'
import { decodePage } from '../../core/fleet/page-codec.ts'
import type { FleetTaker } from '../../core/fleet/restore.ts'
import type { TerminalTable } from '../../core/fleet/terminal-table.ts'
import type { Log, StoredFleet } from '../../ports.ts'
import type { LoadedFleet } from './operations.ts'
import type { StoredPages } from './page-table.ts'
import { release } from './release.ts'
import type { WorkerClient } from './worker-client.ts'

/** What the worker thread makes of a stored fleet by itself. */
export type ReadAhead = { readonly rest: Promise<LoadedFleet>; readonly table: Promise<TerminalTable> }

/** Begins to read what does not need a fleet yet. */
export function readAhead(call: WorkerClient['call']): ReadAhead {
  const ahead = { rest: call('fleet', 'load', []), table: call('fleet', 'table', []) }
  // Who reads the fleet is told; nobody may ever.
  for (const part of [ahead.rest, ahead.table]) part.catch(() => {})
  return ahead
}

/** Reads the inventory while the worker thread makes the table of the registers. */
export async function readFleet(
  taker: FleetTaker,
  call: WorkerClient['call'],
  log: Log | undefined,
  { rest, table }: ReadAhead,
): Promise<LoadedFleet> {
  await readPages(taker, call, log)
  // While the table is still being made.
  taker.pagesEnd(await rest)
  taker.table(await table)
  return rest
}

/** Reads everything as it is stored. */
export async function readStored(
  call: WorkerClient['call'],
  log: Log | undefined,
): Promise<LoadedFleet & Pick<StoredFleet, 'terminals' | 'chunks' | 'journal'>> {
  const terminals: PackedPage[] = []
  await readPages({ reserve: () => {}, page: (page) => void terminals.push(page) }, call, log)
  return { terminals, ...(await call('fleet', 'registers', [])), ...(await call('fleet', 'load', [])) }
}

/** The worker thread is always asked for the next pages before these are worked on, so that both threads are busy. */
async function readPages(
  { reserve, page }: Pick<FleetTaker, 'reserve' | 'page'>,
  call: WorkerClient['call'],
  log: Log | undefined,
): Promise<void> {
  for (let next: Promise<StoredPages> | null = call('fleet', 'inventoryPages', [0]); next !== null; ) {
    const part: StoredPages = await next
    next = part.next === null ? null : call('fleet', 'inventoryPages', [part.next])
    if (part.pages[0]?.number === 0) reserve(part.rows)
    takePages(part, page, log)
  }
}

function takePages(
  { pages, damaged }: StoredPages,
  take: (page: PackedPage) => void,
  log: Log | undefined,
): void {
  for (const { number, bytes } of pages) {
    take(decodePage(bytes, number * PAGE_ROWS))
    release(bytes)
  }
  if (damaged.length === 0) return
  const text = 'damaged pages of the inventory were made anew from its rows; check the disk'
  log?.warn(text, { pages: damaged })
}
