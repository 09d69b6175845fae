import type { FleetFlush, FleetStore, StoredFleet, Stores } from '../../ports.ts'

/** A port with calls that return at once, as they run inside the worker thread. */
export type Sync<Port> = {
  readonly [Method in keyof Port]: Port[Method] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never
}

/** A loaded fleet with its terminals as pages of text (inventory-table.ts). */
export type LoadedFleet = Omit<StoredFleet, 'terminals'> & { readonly pages: readonly string[] }

/** A part of a flush that is too long for one message. */
export type FlushPart = Partial<Pick<FleetFlush, 'terminals' | 'transitions' | 'mergers'>>

/** What the worker thread does, by store and method. */
export type Operations = {
  readonly [Store in Exclude<keyof Stores, 'fleet'>]: Sync<Stores[Store]>
} & {
  readonly fleet: Omit<Sync<FleetStore>, 'load'> & {
    load(): LoadedFleet
    /** Keeps a part of the next flush in memory, before its own rows; `first`: what was kept before is dropped. */
    stage(part: FlushPart, first: boolean): void
  }
}
