import type { Instant } from '../time.ts'
import type { InventoryRow } from './inventory.ts'

type Owned = Pick<InventoryRow, 'client' | 'group' | 'handedOver'>

/**
 * A terminal after a change at `now`: where it left a client or a group, it remembers since when it is the present
 * one's. What belonged to nobody was left by nobody, and a name that is filled in later is no handover.
 */
export function handOver<Terminal extends Owned>(before: Owned, after: Terminal, now: Instant): Terminal {
  const newClient = before.client !== after.client
  const newGroup = before.group !== after.group
  const leftClient = newClient && before.client !== ''
  const leftGroup = newGroup && before.group !== ''
  if (!leftClient && !leftGroup) return after
  const known = before.handedOver
  return {
    ...after,
    handedOver: {
      client: newClient ? now : (known?.client ?? 0),
      group: newGroup ? now : (known?.group ?? 0),
    },
  }
}

/** Of two histories that become one: it is the present owner's since the later of both handovers. */
export function laterHandover(a: Owned['handedOver'], b: Owned['handedOver']): Owned['handedOver'] {
  if (a === null || b === null) return a ?? b
  return { client: Math.max(a.client, b.client), group: Math.max(a.group, b.group) }
}
