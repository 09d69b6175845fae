import type { TerminalTable } from '../../core/fleet/terminal-table.ts'
import type { FleetFlush, FleetStore, StoredFleet, Stores } from '../../ports.ts'
import type { BaselineKey } from './learning-tables.ts'
import type { PackedRows } from './packed-rows.ts'
import type { StoredPages } from './page-table.ts'

/** A port with calls that return at once, as they run inside the worker thread. */
export type Sync<Port> = {
  readonly [Method in keyof Port]: Port[Method] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never
}

/** A loaded fleet without its inventory and registers, and with what was learnt as pages of bytes. */
export type LoadedFleet = Omit<StoredFleet, 'terminals' | 'chunks' | 'journal' | 'baselines' | 'gaps'> & {
  readonly baselines: readonly PackedRows<BaselineKey>[]
  readonly gaps: readonly PackedRows<number>[]
}

/** A part of a flush that is too long for one message. */
export type FlushPart = Partial<Pick<FleetFlush, LongList>>

/** What may be more of than one message should hold. */
export type LongList = 'terminals' | 'transitions' | 'mergers' | 'baselines' | 'gaps'

/** Long work in steps, between which other calls have their turns. */
export type Steps<Result> = Generator<undefined, Result>

/** What the worker thread does, by store and method. */
export type Operations = {
  readonly [Store in Exclude<keyof Stores, 'fleet'>]: Sync<Stores[Store]>
} & {
  readonly fleet: Omit<Sync<FleetStore>, 'load'> & {
    load(): LoadedFleet
    /** Pages of the inventory from that number on (page-table.ts). */
    inventoryPages(from: number): StoredPages
    /** As they are stored. */
    registers(): Pick<StoredFleet, 'chunks' | 'journal'>
    /** What they make up. */
    table(): Steps<TerminalTable>
    /** Stores pages that are missing, one at least, and no further one after so long; tells whether others are missing. */
    packInventory(forMs: number): boolean
    /** Keeps a part of the next flush in memory, before its own rows; `first`: what was kept before is dropped. */
    stage(part: FlushPart, first: boolean): void
  }
}
