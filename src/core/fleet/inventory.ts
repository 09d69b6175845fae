import type { Instant } from '../time.ts'

/** What people say of a terminal; `auto` judges it. */
export type Lifecycle = 'active' | 'suspended' | 'decommissioned'

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
  readonly uuid: string
  readonly lifecycle: Lifecycle
  /** True until it is found in an inventory: it only appeared in the data. */
  readonly discovered: boolean
  readonly firstSeenAt: Instant
  /** Planned work on the vehicle, half open. */
  readonly maintenance: { readonly from: Instant; readonly to: Instant; readonly reason: string } | null
}

/** What a person may change of a terminal. */
export type TerminalChange = Partial<Pick<InventoryRow, 'lifecycle' | 'maintenance'>>

/** What came of an inventory file: all or nothing, so with rejected rows nothing was imported. */
export type ImportReport = {
  readonly created: number
  readonly updated: number
  /** Lines from 1, the header being the first. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[]
  readonly warnings: readonly string[]
}
