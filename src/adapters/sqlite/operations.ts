import type { FleetFlush, FleetStore, StoredFleet, Stores } from '../../ports.ts'
import type { InventoryPage } from './inventory-page.ts'
import type { BaselineKey } from './learning-tables.ts'
import type { PackedRows } from './packed-rows.ts'

/** A port with calls that return at once, as they run inside the worker thread. */
export type Sync<Port> = {
  readonly [Method in keyof Port]: Port[Method] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never
}

/** A loaded fleet without its terminals, which come page by page, and with what was learnt as pages of bytes. */
export type LoadedFleet = Omit<StoredFleet, 'terminals' | 'baselines' | 'gaps'> & {
  readonly baselines: readonly PackedRows<BaselineKey>[]
  readonly gaps: readonly PackedRows<number>[]
}

/** A part of a flush that is too long for one message. */
export type FlushPart = Partial<Pick<FleetFlush, LongList>>

/** What may be more of than one message should hold. */
export type LongList = 'terminals' | 'transitions' | 'mergers' | 'baselines' | 'gaps'

/** What the worker thread does, by store and method. */
export type Operations = {
  readonly [Store in Exclude<keyof Stores, 'fleet'>]: Sync<Stores[Store]>
} & {
  readonly fleet: Omit<Sync<FleetStore>, 'load'> & {
    load(): LoadedFleet
    /** The terminals after the row (inventory-table.ts); null: there are none. */
    inventoryPage(row: number): InventoryPage | null
    /** Keeps a part of the next flush in memory, before its own rows; `first`: what was kept before is dropped. */
    stage(part: FlushPart, first: boolean): void
  }
}
