import { CODE, STATES } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import { type Fleet, isExplained } from './fleet.ts'
import { CONCERNING, type Need } from './need.ts'
import { changesAfter } from './recent-changes.ts'
import { isShown } from './said.ts'
import { rowsInScope, type Scope } from './scope.ts'
import type { StateCounts } from './view.ts'

/** What the terminals of somebody need, in numbers. */
export type Attention = {
  readonly states: StateCounts
  readonly needs: Readonly<Record<Need, number>>
  /** Of those that need attention, by client; clients without any are absent. */
  readonly clients: ReadonlyMap<string, number>
  /** Number of the newest change of any terminal (recent-changes.ts). */
  readonly newest: number
  /** Changes of these terminals after the number that was asked for. */
  readonly changed: number
}

const CONCERNING_CODES: ReadonlySet<number> = new Set(CONCERNING.map((state) => CODE[state]))

/** What the terminal in the row needs at `now`; null: nothing. */
export function needOf(fleet: Fleet, row: number, now: Instant): Need | null {
  const { table, inventory } = fleet
  if (!CONCERNING_CODES.has(table.state[row] ?? 0)) return null
  if (isExplained(fleet, row)) return 'incident'
  return (inventory.rare(row).acknowledged?.until ?? 0) > now ? 'acknowledged' : 'attention'
}

/** Rows between two pauses. */
const STEP = 4096

/** Counts what the terminals in the scope need at `now`, and their changes of state after that number. */
export function* countingAttention(
  fleet: Fleet,
  scope: Scope,
  now: Instant,
  after: number,
): Generator<number, Attention> {
  const tally: Tally = {
    codes: new Uint32Array(STATES.length + 1),
    needs: new Map(),
    clients: [],
  }
  const seen = rowsInScope(fleet, scope)
  for (let from = 0; from < fleet.inventory.length; from += STEP) {
    countRows(fleet, tally, seen, from, Math.min(from + STEP, fleet.inventory.length), now)
    yield from
  }
  const { recentChanges: recent, said } = fleet
  const isSeen = (row: number): boolean => isShown(said, row) && seen?.(row) !== false
  return {
    ...attentionOf(fleet, tally),
    newest: recent.count,
    changed: changesAfter(recent, after, isSeen),
  }
}

type Tally = {
  /** By code of the state. */
  readonly codes: Uint32Array
  readonly needs: Map<Need, number>
  /** By number of the client. */
  readonly clients: number[]
}

function countRows(
  fleet: Fleet,
  tally: Tally,
  seen: ((row: number) => boolean) | null,
  from: number,
  to: number,
  now: Instant,
): void {
  const { table, said, groups } = fleet
  const { codes, needs, clients } = tally
  for (let row = from; row < to; row++) {
    if (!isShown(said, row) || seen?.(row) === false) continue
    const code = table.state[row] ?? 0
    codes[code] = (codes[code] ?? 0) + 1
    const need = needOf(fleet, row, now)
    if (need === null) continue
    needs.set(need, (needs.get(need) ?? 0) + 1)
    const client = groups.client.of[row] ?? 0
    if (need === 'attention') clients[client] = (clients[client] ?? 0) + 1
  }
}

function attentionOf(
  { groups }: Fleet,
  { codes, needs, clients }: Tally,
): Omit<Attention, 'newest' | 'changed'> {
  const countOf = (code: number): number => codes[code] ?? 0
  // Between its first message and the next sweep a terminal is not judged yet.
  const states = STATES.map((state) => [state, countOf(CODE[state]) + (state === 'unknown' ? countOf(0) : 0)])
  const byClient = new Map<string, number>()
  clients.forEach((count, client) => {
    byClient.set(groups.client.names[client] ?? '', count)
  })
  return {
    states: Object.fromEntries(states),
    needs: {
      attention: needs.get('attention') ?? 0,
      incident: needs.get('incident') ?? 0,
      acknowledged: needs.get('acknowledged') ?? 0,
    },
    clients: byClient,
  }
}
