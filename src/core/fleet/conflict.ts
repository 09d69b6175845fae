import type { Instant } from '../time.ts'

/**
 * What the inventory and the data say against each other; people decide, nothing is guessed. `alias`: people gave two
 * terminals one name, `vehicle`: one uuid, `data`: data disputes whose name it is, `tree`: a vehicle tree says other
 * things than the inventory.
 */
export type Conflict = {
  readonly kind: 'alias' | 'vehicle' | 'data' | 'tree'
  /** The name that it is about: alias, uuid. */
  readonly name: string
  /** Ids; data under the name leads to the first one. */
  readonly terminals: readonly string[]
  /** What it is, and what to import so that it is none any more. */
  readonly text: string
}

export type ConflictList = { readonly conflicts: readonly Conflict[]; readonly total: number }

/**
 * Why data disputes a name. `claimed`: it gives a terminal the name of another one, and nothing was changed. `moved`:
 * a learnt name is now taught for another terminal, which has it. `split`: another source speaks under a learnt name,
 * and that is a terminal of its own now.
 */
export type DisputeReason = 'claimed' | 'moved' | 'split'

/** A conflict that data brought, as long as it holds. */
export type Dispute = Conflict & {
  readonly reason: DisputeReason
  /** When data last said so. */
  saidAt: Instant
}
