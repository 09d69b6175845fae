import type { GroupColumns } from '../../fleet/groups.ts'
import type { TerminalTable } from '../../fleet/terminal-table.ts'
import { type Instant, SECOND } from '../../time.ts'
import { CODE, isSilent } from '../state.ts'
import { SHORTEST_OVERDUE } from '../usual.ts'

/** How many terminals of each range of SIM numbers are silent, as counted last; by number of the range. */
export type SimSilence = { countedAt: Instant; members: Uint32Array; silent: Uint32Array }

/** A count serves all questions for so long: one takes some milliseconds per million terminals, and is made when asked for. */
const COUNT_HOLDS = 10 * SECOND

/** By code of the state: 1 who is expected to talk. A set would cost more than all the rest of a count. */
const IS_COUNTED = Uint8Array.from({ length: 256 }, (_, code) => (code === 0 ? 0 : 1))
for (const state of ['decommissioned', 'suspended', 'maintenance', 'never'] as const)
  IS_COUNTED[CODE[state]] = 0

export function createSimSilence(): SimSilence {
  return { countedAt: -Infinity, members: new Uint32Array(0), silent: new Uint32Array(0) }
}

/**
 * The range of a terminal's SIM: terminals that are expected to talk and those of them that are stale, lost or overdue;
 * null when its SIM is not known. Counted over the whole table rather than kept, so that mergers, imports and restarts
 * cannot make it wrong. `isOverdue`: who fell silent together becomes stale one by one, and the first has the same cause.
 */
export function simRangeOf(
  counts: SimSilence,
  table: TerminalTable,
  { simRange }: Pick<GroupColumns, 'simRange'>,
  row: number,
  now: Instant,
  isOverdue: (row: number) => boolean,
): { readonly members: number; readonly silent: number } | null {
  const range = simRange.of[row] ?? 0
  if (range === 0) return null
  if (Math.abs(now - counts.countedAt) >= COUNT_HOLDS || range >= counts.members.length) {
    count(counts, table, simRange, now, isOverdue)
  }
  return { members: counts.members[range] ?? 0, silent: counts.silent[range] ?? 0 }
}

function count(
  counts: SimSilence,
  table: TerminalTable,
  simRange: GroupColumns['simRange'],
  now: Instant,
  isOverdue: (row: number) => boolean,
): void {
  const members = new Uint32Array(simRange.names.length)
  const silent = new Uint32Array(simRange.names.length)
  const { of } = simRange
  const { state, contactAt } = table
  const rows = Math.min(table.size, of.length)
  for (let row = 0; row < rows; row++) {
    const range = of[row] ?? 0
    if (range === 0) continue
    const code = state[row] ?? 0
    if (IS_COUNTED[code] === 0) continue
    members[range] = (members[range] ?? 0) + 1
    const mayBeOverdue = now - (contactAt[row] ?? 0) > SHORTEST_OVERDUE
    if (isSilent(code) || (mayBeOverdue && isOverdue(row))) silent[range] = (silent[range] ?? 0) + 1
  }
  Object.assign(counts, { countedAt: now, members, silent })
}
