import { isAlias, saidNames } from './alias.ts'
import type { DisputeReason } from './conflict.ts'
import type { InventoryRow } from './inventory.ts'

// Each text ends with what to import so that the line goes and brings no other one: test/core/fleet/advice.test.ts.

/** What data disputes about the name that leads to `leader`. */
export function disputeText(
  reason: DisputeReason,
  name: string,
  leader: InventoryRow,
  other: InventoryRow,
): string {
  return `${whatIs(reason, name, leader, other)} ${wayOut(reason, name, leader, other)}`
}

function whatIs(reason: DisputeReason, name: string, leader: InventoryRow, other: InventoryRow): string {
  switch (reason) {
    case 'claimed':
      return `Data of terminal ${other.id} gives it the name ${name}, which leads to terminal ${leader.id}; nothing was changed.`
    case 'moved':
      return `What spoke of ${name} as terminal ${other.id} now speaks of it as terminal ${leader.id}, and data under ${name} counts for ${leader.id}.`
    case 'split':
      return `${name} was learnt as a name of terminal ${other.id}, but another source speaks as ${name}: that is a terminal of its own now.`
  }
}

function wayOut(reason: DisputeReason, name: string, leader: InventoryRow, other: InventoryRow): string {
  const keep = `import terminal ${leader.id}${isAlias(name) ? ` with ${name} in its aliases` : ''}`
  const replaced =
    reason === 'moved' && other.uuid !== '' && leader.uuid === ''
      ? `If the unit of the vehicle was replaced, import terminal ${leader.id} with uuid ${other.uuid}. `
      : ''
  return `${replaced}${oneUnit(name, leader, other)}If they are two units, ${keep}${orGive(name, leader, other)}.`
}

/** A discovered terminal becomes a name of the other one, if a file can hold it; of two in the inventory one must go. */
function oneUnit(name: string, leader: InventoryRow, other: InventoryRow): string {
  const [merged, survivor] = leader.discovered ? [leader, other] : [other, leader]
  if (merged.discovered) {
    if (!isAlias(merged.id)) return ''
    return `If both are one unit, import terminal ${survivor.id} with ${merged.id} in its aliases. `
  }
  const gone = leader.id === name ? `terminal ${leader.id}` : 'the one that is not to be judged'
  return `If both are one unit, import ${gone} with lifecycle decommissioned. `
}

/** What people gave to the wrong one has to be taken from it first. */
function orGive(name: string, leader: InventoryRow, other: InventoryRow): string {
  if (leader.id === name || leader.discovered) return ''
  const column = leader.imei === name ? 'imei' : 'uuid'
  return saidNames(leader).includes(name)
    ? `, or with - as its ${column} if that is wrong`
    : `, or terminal ${other.id} with it`
}

/** Two terminals to which people gave one name. */
export function claimText(name: string, leader: InventoryRow, other: InventoryRow): string {
  const column = other.uuid === name ? 'uuid' : other.imei === name ? 'imei' : 'aliases'
  const cleared = `import terminal ${other.id} with ${column === 'aliases' ? 'other aliases, or - for none' : `- as its ${column}`}`
  if (leader.id === name) {
    return `${name} is a terminal of its own and also given as another name of terminal ${other.id}; its data counts for ${name}. To settle it, ${cleared}; if both are one unit, decommission the one that has no data.`
  }
  const what =
    leader.uuid === name && other.uuid === name
      ? `Terminals ${leader.id} and ${other.id} are both said to be in vehicle ${name}; data under that name counts for ${leader.id}.`
      : `Terminals ${leader.id} and ${other.id} both have the name ${name}; data under it counts for ${leader.id}.`
  return `${what} If it is of ${leader.id}, ${cleared}; else take it from ${leader.id} in the same way.`
}
