import type { ThresholdSettings } from '../freshness/threshold-settings.ts'
import type { Instant } from '../time.ts'
import type { Conflict } from './conflict.ts'

/** What people say of a terminal; `auto` judges it. */
export type Lifecycle = 'active' | 'suspended' | 'decommissioned'

/** Whether Omnicomm Online takes data of the terminal in (`receive_data`), as far as its tree said. */
export type Intake = 'on' | 'off' | 'unknown'

/** What a tree may fill in where people have said nothing. */
export type TreeField = 'name' | 'client' | 'dealer' | 'group' | 'model' | 'uuid'

/** A terminal as the inventory knows it. Empty texts are not known. */
export type InventoryRow = {
  /** Place in the register table; never reused. */
  readonly row: number
  readonly id: string
  readonly name: string
  readonly client: string
  readonly dealer: string
  /** Path with `/`, such as `Dealer/Client/Group`. */
  readonly group: string
  readonly operator: string
  readonly region: string
  readonly model: string
  readonly firmware: string
  readonly imei: string
  readonly sim: string
  readonly profile: string
  /** Key of the vehicle: it stays when its terminal is replaced. */
  readonly uuid: string
  /** Other names that people gave it beside IMEI and uuid: factory serial, device ids of gateways. */
  readonly aliases: readonly string[]
  /** Names that data or a merger brought; none of them is anybody else's. */
  readonly learnt: readonly LearntName[]
  readonly lifecycle: Lifecycle
  readonly intake: Intake
  /** Fields that were filled in from a tree; it may change them again. */
  readonly fromTree: readonly TreeField[]
  /**
   * Empty, or the id of the terminal that this one turned out to be: its registers and history are there, its row is
   * empty and shown nowhere, and its id leads there. Its own id: it was taken out of its vehicle, and its row waits
   * for the day on which it speaks again.
   */
  readonly mergedInto: string
  /** True until it is found in an inventory: it only appeared in the data. */
  readonly discovered: boolean
  readonly firstSeenAt: Instant
  /** Planned work on the vehicle, half open. */
  readonly maintenance: { readonly from: Instant; readonly to: Instant; readonly reason: string } | null
  /** Thresholds that people gave it on the page or by API: they come before those of the configuration. */
  readonly thresholds: ThresholdSettings | null
  /** Known to be silent: until then nobody is told of it again. */
  readonly acknowledged: { readonly until: Instant; readonly reason: string; readonly by: string } | null
  /**
   * Since when it is its owner's, where it was another one's before; null: it never was. Whoever sees only some clients
   * or groups sees nothing of what happened to it earlier.
   */
  readonly handedOver: Handover | null
  /** Units that the vehicle had before this one, the oldest first. */
  readonly formerUnits: readonly FormerUnit[]
}

/**
 * Since when a terminal is its client's, and by level since when it is in its group: of D/A/1 in D, in D/A and in
 * D/A/1. 0 or absent: it was no other one's.
 */
export type Handover = { readonly client: Instant; readonly group: readonly Instant[] }

/**
 * A unit that was in a vehicle, half open: what people wrote under its id meanwhile was about the vehicle. What they
 * wrote later is not, for the unit may be in another one.
 */
export type FormerUnit = { readonly id: string; readonly since: Instant; readonly until: Instant }

/**
 * A name of a terminal that people did not give it. `source`: the number of the source that taught it; what another
 * source says under it is of a terminal of its own. 0: people merged the terminal that had it as its id, and data
 * under it counts wherever it comes from.
 */
export type LearntName = { readonly name: string; readonly source: number }

/** A terminal turned out to be another one: its history is that one's from now on. */
export type Merger = { readonly from: string; readonly into: string }

/** What a person may change of a terminal. */
export type TerminalChange = Partial<
  Pick<InventoryRow, 'lifecycle' | 'maintenance' | 'thresholds' | 'acknowledged' | 'profile'>
>

/** The terminal of a vehicle was replaced by another unit. */
export type Replacement = {
  /** Its name, else its uuid. */
  readonly vehicle: string
  readonly from: string
  readonly to: string
}

/** What came of an inventory file: all or nothing, so with rejected rows nothing was imported. */
export type ImportReport = {
  readonly created: number
  /** Rows of terminals and vehicles that were known. */
  readonly updated: number
  /** Discovered terminals that turned out to be terminals of the file. */
  readonly merged: number
  readonly replaced: readonly Replacement[]
  /** Lines from 1, the header being the first; at most 100,000 of them. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
  /** Those that are not listed, too. */
  readonly rejectedTotal: number
  readonly warnings: readonly string[]
}

/** How far an import is: rows of the present phase; `total` 0: not known yet. `waiting`: for another one. */
export type ImportProgress = {
  readonly phase: 'waiting' | 'reading' | 'checking' | 'applying' | 'storing'
  readonly done: number
  readonly total: number
}

/** What came of a vehicle tree. */
export type TreeReport = {
  readonly created: number
  readonly updated: number
  readonly merged: number
  readonly replaced: readonly Replacement[]
  /** Vehicles whose terminal has an id that is none. */
  readonly skipped: number
  /** Terminals that were in earlier trees of this source and are not in this one; they stay as they are. */
  readonly vanished: readonly string[]
  readonly conflicts: readonly Conflict[]
}

/** Discovered terminals that are to be part of the inventory, and what is to be said of all of them. */
export type Adoption = {
  readonly terminals: readonly string[] | 'all'
  readonly client?: string
  readonly dealer?: string
  readonly group?: string
  readonly profile?: string
}

/** All or nothing: with anything in `refused` nobody was adopted. */
export type AdoptionReport = {
  readonly adopted: number
  readonly refused: readonly {
    readonly id: string
    readonly reason: 'unknown' | 'not-discovered' | 'no-id'
  }[]
}
