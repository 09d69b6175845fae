import { aliasesOf } from './alias.ts'
import type { Conflict, ConflictList } from './conflict.ts'
import type { Fleet } from './fleet.ts'

/** Conflicts of the inventory and of the data as they are now, at most `limit` of them. */
export function conflictsOf(fleet: Fleet, limit: number): ConflictList {
  const conflicts: Conflict[] = []
  let total = 0
  const add = (conflict: Conflict | undefined): void => {
    if (conflict === undefined) return
    total += 1
    if (conflicts.length < limit) conflicts.push(conflict)
  }
  for (const terminal of fleet.inventory) {
    if (terminal.mergedInto !== '') continue
    for (const alias of aliasesOf(terminal)) {
      const leader = fleet.inventory[fleet.rows.get(alias) ?? terminal.row]
      if (leader && leader.row !== terminal.row)
        add(claimed(alias, leader, terminal, terminal.uuid === alias))
    }
  }
  for (const dispute of fleet.disputes.values()) add(stillDisputed(fleet, dispute))
  return { conflicts, total }
}

function claimed(
  name: string,
  leader: { readonly id: string; readonly uuid: string },
  other: { readonly id: string },
  asUuid: boolean,
): Conflict {
  const terminals = [leader.id, other.id]
  if (asUuid && leader.uuid === name) {
    return {
      kind: 'vehicle',
      name,
      terminals,
      text: `Terminals ${leader.id} and ${other.id} are both said to be in vehicle ${name}; data under that name counts for ${leader.id}.`,
    }
  }
  const text =
    leader.id === name
      ? `${name} is a terminal of its own and also given as another name of terminal ${other.id}; its data counts for ${name}.`
      : `Terminals ${leader.id} and ${other.id} both have the name ${name}; data under it counts for ${leader.id}.`
  return { kind: 'alias', name, terminals, text }
}

/** Disputes from data at most; whoever sends more of them shows nothing new. */
const MOST_DISPUTES = 1000

/** Notes, once, that data of terminal `id` gave it a name that is another terminal's. */
export function dispute(fleet: Fleet, id: string, name: string, leader: string): void {
  const key = `${name}\n${id}`
  if (fleet.disputes.has(key) || fleet.disputes.size >= MOST_DISPUTES) return
  const text = `Data of terminal ${id} gives it the name ${name}, which leads to terminal ${leader}. If they are one, enter the name for one of them in the inventory.`
  fleet.disputes.set(key, { kind: 'data', name, terminals: [leader, id], text })
}

/** One that was settled since by people or by other data is none any more. */
function stillDisputed(fleet: Fleet, conflict: Conflict): Conflict | undefined {
  const [leader = '', id = ''] = conflict.terminals
  const own = fleet.rows.get(id)
  const named = fleet.rows.get(conflict.name)
  if (own === undefined || named === undefined || own === named) return undefined
  return fleet.inventory[named]?.id === leader ? conflict : undefined
}
