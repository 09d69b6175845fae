import type { Fleet } from './fleet.ts'
import type { Inventory } from './inventory-pages.ts'
import { wider } from './name-order.ts'
import { isShown } from './said.ts'
import { type Compare, joinedRuns, sortedRows } from './sorting.ts'

/** By name, or id where there is none, as people count; of equal ones by id. */
export function compareNames(fleet: Fleet, a: number, b: number): number {
  const { rank } = fleet.names
  const placeA = rank[a] ?? 0
  const placeB = rank[b] ?? 0
  if (placeA !== 0 && placeB !== 0) return placeA - placeB
  return compareNamed(fleet.inventory, a, b)
}

function compareNamed(inventory: Inventory, a: number, b: number): number {
  const idA = inventory.text(a, 'id')
  const idB = inventory.text(b, 'id')
  return (
    compareTexts(inventory.text(a, 'name') || idA, inventory.text(b, 'name') || idB) || compareTexts(idA, idB)
  )
}

/** Rows between two pauses. */
const STEP = 8192

/**
 * Gives places to all that have none: those with places are in order already. Names that change meanwhile have none
 * afterwards. Now and then it yields how many rows were worked on.
 */
export function* rankNames(fleet: Fleet): Generator<number, void> {
  const { names: order } = fleet
  const renamed: number[] = []
  order.renamed = renamed
  try {
    // As they are now: no order can be made of names that change under it. Who is renamed later than this has no place
    // when places are looked at, or none in the end.
    const inventory = fleet.inventory.snapshot()
    const { placed, placeless } = yield* parted(fleet, inventory.length)
    const compare: Compare = (a, b) => compareNamed(inventory, a, b)
    const rows = yield* joinedRuns(placed, yield* sortedRows(placeless, compare), compare)
    const rank = new Uint32Array(Math.max(order.rank.length, fleet.inventory.length))
    for (let i = 0; i < rows.length; i++) {
      rank[rows[i] ?? 0] = i + 1
      if (i % STEP === STEP - 1) yield i
    }
    const whole = order.rank.length > rank.length ? wider(rank, order.rank.length) : rank
    for (const row of renamed) whole[row] = 0
    order.rank = whole
  } finally {
    order.renamed = null
  }
}

/** Rows with a place, in their order, and those without. */
function* parted(
  { names, said }: Fleet,
  count: number,
): Generator<number, { placed: Uint32Array; placeless: Uint32Array }> {
  const byPlace = new Uint32Array(names.rank.length + 1)
  const placeless = new Uint32Array(count)
  let without = 0
  for (let row = 0; row < count; row++) {
    const place = names.rank[row] ?? 0
    if (place !== 0) byPlace[place] = row + 1
    else if (isShown(said, row)) placeless[without++] = row
    if (row % STEP === STEP - 1) yield row
  }
  const placed = new Uint32Array(count)
  let length = 0
  for (let place = 1; place < byPlace.length; place++) {
    const row = byPlace[place] ?? 0
    if (row !== 0) placed[length++] = row - 1
    if (place % STEP === 0) yield place
  }
  return { placed: placed.subarray(0, length), placeless: placeless.subarray(0, without) }
}

const collator = new Intl.Collator('ru', { numeric: true, sensitivity: 'base' })

function compareTexts(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
