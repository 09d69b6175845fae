import type { Fleet } from '../fleet/fleet.ts'
import type { GroupColumn } from '../fleet/groups.ts'
import type { Instant } from '../time.ts'
import { isWholeFleet, type Scope, toldSince } from './scope.ts'

/** Rows that somebody has, none twice. */
type OwnRows = (scopes: readonly Scope[]) => ReadonlySet<number>

/**
 * Which of these rows thousands of readers have, found in one look at them: as the terminals are now, and only those
 * that were theirs before `until`. `scopes`: those of all readers; for the whole fleet it finds nothing.
 */
export function ownRows(fleet: Fleet, rows: Uint32Array, scopes: readonly Scope[], until: Instant): OwnRows {
  const { client, dealer } = fleet.groups
  const found = new Map<Scope, number[]>(scopes.map((scope) => [scope, []]))
  const wanted = scopes.filter((scope) => !isWholeFleet(scope))
  const byClient = Map.groupBy(wanted, (scope) => numberOf(client.numbers, scope.client))
  const byDealer = Map.groupBy(byClient.get(0) ?? [], (scope) => numberOf(dealer.numbers, scope.dealer))
  const ofClient = byNumber(client, byClient)
  const ofDealer = byNumber(dealer, byDealer)
  const take = (row: number, scope: Scope): void => {
    const { handedOver } = fleet.inventory.rare(row)
    if (toldSince({ handedOver }, scope) < until && fleet.inventory.firstSeenAt(row) <= until) {
      found.get(scope)?.push(row)
    }
  }
  for (const row of rows) {
    const number = dealer.of[row] ?? 0
    const scopesOfClient = ofClient[client.of[row] ?? 0]
    if (scopesOfClient !== undefined) {
      for (const scope of scopesOfClient) {
        if (scope.dealer === '' || numberOf(dealer.numbers, scope.dealer) === number) take(row, scope)
      }
    }
    const scopesOfDealer = ofDealer[number]
    if (scopesOfDealer !== undefined) for (const scope of scopesOfDealer) take(row, scope)
  }
  return (theirs) => new Set(theirs.flatMap((scope) => found.get(scope) ?? []))
}

/** A place for each number of the column: there may be a million rows to look at. Nobody asks for group 0. */
function byNumber(
  { names }: GroupColumn,
  scopes: ReadonlyMap<number, readonly Scope[]>,
): readonly (readonly Scope[] | undefined)[] {
  return names.map((_, number) => (number === 0 ? undefined : scopes.get(number)))
}

/** 0: an empty name; nobody has the number of a name that is not known. */
function numberOf(numbers: ReadonlyMap<string, number>, name: string): number {
  return numbers.get(name) ?? -1
}
