/**
 * What the inventory and the data say against each other; people decide, nothing is guessed. `alias`: two terminals
 * claim one name, `vehicle`: one uuid, `data`: data gave a terminal the name of another one, `tree`: a vehicle tree
 * says other things than the inventory.
 */
export type Conflict = {
  readonly kind: 'alias' | 'vehicle' | 'data' | 'tree'
  /** The name that it is about: alias, uuid. */
  readonly name: string
  /** Ids; data under the name leads to the first one. */
  readonly terminals: readonly string[]
  readonly text: string
}

export type ConflictList = { readonly conflicts: readonly Conflict[]; readonly total: number }
