import type { Instant } from '../time.ts'
import type { Handover, InventoryRow } from './inventory.ts'

type Owned = Pick<InventoryRow, 'client' | 'group' | 'handedOver' | 'acknowledged' | 'maintenance'>

const NEVER: Handover = { client: 0, group: [] }

/**
 * A terminal after a change at `now`: where it left a client or a group, it remembers since when it is the present
 * one's. What belonged to nobody was left by nobody: a name that is filled in later is no handover, but its owner had
 * nothing of the terminal while it was another one's. What people of another client wrote does not go along.
 */
export function handOver<Terminal extends Owned>(before: Owned, after: Terminal, now: Instant): Terminal {
  const isNewClient = before.client !== after.client
  const isNewGroup = before.group !== after.group
  const leftClient = isNewClient && before.client !== ''
  const leftGroup = isNewGroup && before.group !== ''
  const known = before.handedOver ?? NEVER
  const since = leftClient || leftGroup ? now : Math.max(known.client, ...known.group)
  if (since === 0 || !(isNewClient || isNewGroup)) return after
  const isElsewhere = leftGroup && after.group !== '' && levelsShared(before.group, after.group) === 0
  return {
    ...(leftClient || isElsewhere ? forgotten(after) : after),
    handedOver: {
      client: isNewClient ? since : known.client,
      group: isNewGroup ? groupSince(before, after, since) : known.group,
    },
  }
}

/** Of two histories that become one: it is the present owner's since the later of both handovers. */
export function laterHandover(a: Handover | null, b: Handover | null): Handover | null {
  if (a === null || b === null) return a ?? b
  const [longer, other] = a.group.length < b.group.length ? [b, a] : [a, b]
  return {
    client: Math.max(a.client, b.client),
    group: longer.group.map((since, level) => Math.max(since, other.group[level] ?? 0)),
  }
}

/** That its silence is known is unknown to the new ones, who are told of it; that it is worked on holds all the same. */
function forgotten<Terminal extends Owned>(terminal: Terminal): Terminal {
  const { maintenance } = terminal
  return { ...terminal, acknowledged: null, maintenance: maintenance && { ...maintenance, reason: '' } }
}

/** By level of the group after a change: in those that it shares with the one before the terminal was already. */
function groupSince(before: Owned, after: Owned, since: Instant): readonly Instant[] {
  const shared = levelsShared(before.group, after.group)
  return after.group
    .split('/')
    .map((_, level) => (level < shared ? (before.handedOver?.group[level] ?? 0) : since))
}

function levelsShared(a: string, b: string): number {
  const [levels, other] = [a.split('/'), b.split('/')]
  const end = levels.findIndex((level, place) => level !== other[place])
  return end === -1 ? levels.length : end
}
