import type { Fleet } from '../fleet/fleet.ts'
import { type Scope, scopeFilter } from './scope.ts'

/**
 * The dealer of the clients that these scopes are about ('' when they have none); null: some of them are not about one
 * client, or the clients have several dealers.
 */
export function dealerOfClients(fleet: Fleet, scopes: readonly Scope[]): string | null {
  const dealers = new Set(scopes.flatMap((scope) => dealersOf(fleet, scope)))
  const [only] = dealers
  const isOfClients = scopes.every((scope) => scope.client !== '')
  return isOfClients && dealers.size === 1 ? (only ?? null) : null
}

function dealersOf(fleet: Fleet, scope: Scope): readonly string[] {
  if (scope.dealer !== '') return [scope.dealer]
  const { of, names } = fleet.groups.dealer
  const isOfScope = scopeFilter(fleet, scope)
  const found = new Set<number>()
  for (let row = 0; row < fleet.inventory.length; row++) if (isOfScope(row)) found.add(of[row] ?? 0)
  return Array.from(found, (dealer) => names[dealer] ?? '')
}
