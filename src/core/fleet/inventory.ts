import type { Instant } from '../time.ts'

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
  /** Other names of the terminal beside IMEI and uuid: factory serial, device ids of gateways. */
  readonly aliases: readonly string[]
  readonly lifecycle: Lifecycle
  readonly intake: Intake
  /** Fields that were filled in from a tree; it may change them again. */
  readonly fromTree: readonly TreeField[]
  /**
   * Empty, or the id of the terminal that this one turned out to be: its registers and history are there, its row is
   * empty and shown nowhere, and its id leads there.
   */
  readonly mergedInto: string
  /** True until it is found in an inventory: it only appeared in the data. */
  readonly discovered: boolean
  readonly firstSeenAt: Instant
  /** Planned work on the vehicle, half open. */
  readonly maintenance: { readonly from: Instant; readonly to: Instant; readonly reason: string } | null
}

/** A terminal turned out to be another one: its history is that one's from now on. */
export type Merger = { readonly from: string; readonly into: string }

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
