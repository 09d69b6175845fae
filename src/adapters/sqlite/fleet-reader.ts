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
 * Reads pages, chunks and the rest of a fleet. The worker thread is always asked for the next part before this one is
 * worked on, so that both threads are busy.
 */
export async function readFleet(
  reader: Reader,
  call: WorkerClient['call'],
  log: Log | undefined,
): Promise<LoadedFleet> {
  await readPages(reader, call, log)
  const [, rest] = await Promise.all([readChunks(reader, call), call('fleet', 'load', [])])
  return rest
}

async function readPages(
  { reserve, page }: Reader,
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

async function readChunks({ chunk }: Reader, call: WorkerClient['call']): Promise<void> {
  for (let next = call('fleet', 'chunks', [-1]); ; ) {
    const { chunks } = await next
    const last = chunks.at(-1)
    if (!last) return
    next = call('fleet', 'chunks', [last.number])
    for (const each of chunks) chunk(each)
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
