import { rememberUntold } from '../freshness/alert.ts'
import { type FlapColumns, noteFlap } from '../freshness/flaps.ts'
import { decodeGaps } from '../freshness/gaps.ts'
import type { ArchiveCounter } from '../telemetry/session.ts'
import { withLearnt } from './alias.ts'
import type { Fleet } from './fleet.ts'
import { placePageInFirmware, placePageInGroups } from './fleet-groups.ts'
import type { PackedPage } from './packed-page.ts'
import { claimNames, placePage, reserveFleet } from './place-pages.ts'
import { changeTerminal } from './placing.ts'
import { restoredTable } from './restore-table.ts'
import { dropRows, ensureRow, type TerminalTable } from './terminal-table.ts'

/** What a store kept of the fleet. */
export type KeptFleet = KeptRows & KeptById & KeptGaps

/** The inventory and the registers. */
type KeptRows = {
  readonly terminals: readonly PackedPage[]
  readonly chunks: readonly { readonly bytes: Uint8Array }[]
  readonly journal: readonly Uint8Array[]
}

/** What is kept by the id of the terminal. */
type KeptById = {
  /** Of the last day. */
  readonly flaps: FlapColumns
  readonly counters: readonly ArchiveCounter[]
}

/** What the terminals that learn have learnt from, by row. */
type KeptGaps = { readonly gaps: readonly { readonly row: number; readonly bytes: Uint8Array }[] }

/**
 * Puts what was stored into an empty fleet. Throws on damaged bytes. Learnt thresholds follow when the sources are
 * known (fleet.ts). Returns the ids of merged terminals that lead nowhere: should one of them speak, it is a discovered
 * terminal.
 */
export function restoreFleet(fleet: Fleet, kept: KeptFleet): readonly string[] {
  const restoring = createRestoring(fleet)
  handOver(kept, restoring)
  for (const steps = restoring.end(kept); ; ) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Gives a taker what is in memory already. */
export function handOver(kept: KeptRows & KeptById, taker: FleetTaker): void {
  const { terminals, chunks, journal } = kept
  const last = terminals.at(-1)
  const rows = last ? last.first + last.rows : 0
  taker.reserve(rows)
  for (const page of terminals) taker.page(page)
  taker.pagesEnd(kept)
  taker.table(restoredTable(rows, { chunks: chunks.map(({ bytes }) => bytes), journal }))
}

/** Takes what is stored of terminals bit by bit, so that a large fleet is never in memory twice. */
export type FleetTaker = {
  /** Comes first: rows that the fleet will have. */
  reserve(rows: number): void
  /** In the order of their rows. */
  page(page: PackedPage): void
  /** All pages are here, and what belongs to the ids in them. */
  pagesEnd(kept: KeptById): void
  /** The registers of all rows. */
  table(table: TerminalTable): void
}

/** The same for a store that hands over while it reads on; `end` follows when everything is here. */
export function createRestoring(fleet: Fleet): FleetTaker & {
  end(kept: KeptGaps): Generator<undefined, readonly string[]>
} {
  const pages: PackedPage[] = []
  return {
    reserve: (rows) => reserveFleet(fleet, rows),
    page: (page) => void pages.push(placePage(fleet, page)),
    // Everything that needs no registers: they may take longer than the pages.
    pagesEnd(kept) {
      // An id comes before the same text as a further name of another terminal: these follow when all ids are there.
      for (const page of pages) claimNames(fleet, page)
      for (const page of pages) placePageInGroups(fleet, page)
      for (const counter of kept.counters) fleet.counters.set(counter.terminalId, counter)
      noteFlaps(fleet, kept.flaps)
    },
    table: (table) => void Object.assign(fleet.table, table),
    end: (kept) => endRestoring(fleet, pages, kept),
  }
}

function* endRestoring(
  fleet: Fleet,
  pages: readonly PackedPage[],
  { gaps }: KeptGaps,
): Generator<undefined, readonly string[]> {
  const { table, inventory } = fleet
  if (inventory.length > 0) ensureRow(table, inventory.length - 1)
  const astray = leadMerged(fleet)
  yield* inSteps(pages, 1, (page) => placePageInFirmware(fleet, page))
  // A chunk may hold a row whose terminal was first seen after the last flush: the row will be given to another one.
  dropRows(table, inventory.length)
  yield* inSteps(gaps, ROWS_PER_STEP, ({ row, bytes }) => {
    if (inventory.text(row, 'id') !== '') decodeGaps(fleet.gaps, row, bytes)
  })
  for (let row = 0; row < inventory.length; row++) rememberUntold(fleet, row)
  return astray
}

function noteFlaps(fleet: Fleet, { terminalIds, at, noted }: FlapColumns): void {
  terminalIds.forEach((id, n) => {
    const row = fleet.rows.get(id)
    if (row === undefined) return
    const instant = at[n] ?? 0
    const flaps = noteFlap(fleet.flaps, row, instant)
    if (noted[n] === 1) flaps.notedAt = instant
  })
}

function* inSteps<Item>(
  items: readonly Item[],
  perStep: number,
  work: (item: Item) => void,
): Generator<undefined, void> {
  for (let from = 0; from < items.length; from += perStep) {
    for (const item of items.slice(from, from + perStep)) work(item)
    yield
  }
}

const ROWS_PER_STEP = 5000

/**
 * The ids of merged terminals lead to their survivors, which claim them. Where the claim is missing it is put back:
 * along the chain of mergers, each step once, to a terminal that is shown.
 */
function leadMerged(fleet: Fleet): string[] {
  const astray: string[] = []
  for (const [id, row] of fleet.hidden) {
    const mergedInto = fleet.inventory.at(row)?.mergedInto ?? id
    if (mergedInto === id || fleet.rows.has(id)) continue
    const survivor = fleet.inventory.at(survivorOf(fleet, mergedInto) ?? -1)
    if (survivor) changeTerminal(fleet, withLearnt(survivor, [{ name: id, source: 0 }]))
    else astray.push(id)
  }
  return astray
}

function survivorOf(fleet: Fleet, first: string): number | undefined {
  const seen = new Set<string>()
  for (let id = first; !seen.has(id); ) {
    const row = fleet.rows.get(id)
    if (row !== undefined) return row
    seen.add(id)
    const next = fleet.inventory.at(fleet.hidden.get(id) ?? -1)?.mergedInto
    if (next === undefined) return undefined
    id = next
  }
  return undefined
}
