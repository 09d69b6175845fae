import { PAGE_ROWS, type PackedPage } from '../../core/fleet/packed-page.ts'
import { decodePage } from '../../core/fleet/page-codec.ts'
import type { FleetTaker } from '../../core/fleet/restore.ts'
import type { Log, StoredFleet } from '../../ports.ts'
import type { LoadedFleet } from './operations.ts'
import type { StoredPages } from './page-table.ts'
import type { WorkerClient } from './worker-client.ts'

type Chunk = StoredFleet['chunks'][number]

/** Who is told what was read; a chunk with its number too. */
type Reader = Pick<FleetTaker, 'reserve' | 'page'> & { chunk(chunk: Chunk): void }

/**
 * Reads pages, chunks and the rest of a fleet, in this order. The worker thread is always asked for the next part
 * before this one is worked on, so that both threads are busy.
 */
export async function readFleet(
  { reserve, page, chunk }: Reader,
  call: WorkerClient['call'],
  log: Log | undefined,
): Promise<LoadedFleet> {
  let chunks: Promise<Pick<StoredFleet, 'chunks'>> | undefined
  for (let next = call('fleet', 'inventoryPages', [0]); chunks === undefined; ) {
    const part = await next
    if (part.next === null) chunks = call('fleet', 'chunks', [-1])
    else next = call('fleet', 'inventoryPages', [part.next])
    if (part.pages[0]?.number === 0) reserve(part.rows)
    takePages(part, page, log)
  }
  for (;;) {
    const { chunks: part }: Pick<StoredFleet, 'chunks'> = await chunks
    const last = part.at(-1)
    if (!last) return call('fleet', 'load', [])
    chunks = call('fleet', 'chunks', [last.number])
    for (const each of part) chunk(each)
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

/** Gives the memory back at once: until the garbage collector does, a large fleet would be in memory twice. */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
