import type { Instant } from '../time.ts'
import type { Fleet } from './fleet.ts'
import type { GroupColumn } from './groups.ts'
import type { InventoryRow } from './inventory.ts'

/**
 * Which terminals somebody may see: all of them, or those of some clients and those in or below some groups. Nothing
 * else of the fleet exists for him: not its ids, not its numbers.
 */
export type Scope = 'all' | { readonly clients: readonly string[]; readonly groups: readonly string[] }

/** Whether a terminal is one of those. */
export function isInScope(scope: Scope, { client, group }: Pick<InventoryRow, 'client' | 'group'>): boolean {
  return scope === 'all' || isOfClient(scope.clients, client) || isInGroups(scope.groups, group)
}

/**
 * From when on somebody may see what happened to a terminal of his scope; earlier it was another one's. As his client's
 * or as his group's, whichever is longer. Infinity: it is not of his scope.
 */
export function seenSince(
  scope: Scope,
  { client, group, handedOver }: Pick<InventoryRow, 'client' | 'group' | 'handedOver'>,
): Instant {
  if (scope === 'all') return 0
  const asClient = isOfClient(scope.clients, client) ? (handedOver?.client ?? 0) : Infinity
  const above = scope.groups.filter((each) => isInGroups([each], group))
  const asGroup = above.map((each) => handedOver?.group[each.split('/').length - 1] ?? 0)
  return Math.min(asClient, ...asGroup)
}

/** Whether the terminal in a row is in a scope, looked at once per client and group; null: every row is in the scope. */
export function rowsInScope(
  { groups }: Pick<Fleet, 'groups'>,
  scope: Scope,
): ((row: number) => boolean) | null {
  if (scope === 'all') return null
  const ofClient = rowsByName(groups.client, (client) => isOfClient(scope.clients, client))
  const inGroup = rowsByName(groups.group, (group) => isInGroups(scope.groups, group))
  // Half the work for most: whoever looks at a million rows notices.
  if (scope.groups.length === 0) return ofClient
  return scope.clients.length === 0 ? inGroup : (row) => ofClient(row) || inGroup(row)
}

/** A test of the rows of a column that looks at each of its names once, also at those that come up later. */
export function rowsByName(
  column: GroupColumn,
  matches: (name: string) => boolean,
): (row: number) => boolean {
  /** By number of the name: 0 not looked at yet, 1 no, 2 yes. */
  let known = new Uint8Array(column.names.length)
  return (row) => {
    const number = column.of[row] ?? 0
    if (number >= known.length) known = new Uint8Array(column.names.length)
    if (known[number] === 0) known[number] = matches(column.names[number] ?? '') ? 2 : 1
    return known[number] === 2
  }
}

/** Whether a group is another one or below it: `Dealer/Client/Depot` is within `Dealer/Client`. */
export function isWithinGroup(above: string, group: string): boolean {
  return group === above || group.startsWith(`${above}/`)
}

function isOfClient(clients: readonly string[], client: string): boolean {
  return client !== '' && clients.includes(client)
}

function isInGroups(groups: readonly string[], group: string): boolean {
  return group !== '' && groups.some((above) => above !== '' && isWithinGroup(above, group))
}
