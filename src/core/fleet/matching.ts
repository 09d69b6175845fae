import { CODE } from '../freshness/state.ts'
import { aliasesOf } from './alias.ts'
import type { Fleet } from './fleet.ts'
import type { GroupColumn } from './groups.ts'
import type { InventoryRow } from './inventory.ts'
import { isShown } from './said.ts'
import type { TerminalFilter } from './view.ts'

/** Rows between two pauses; with texts to be searched it takes much longer. */
const STEP = 4096
const FEW = 256

/** Room for the rows of a list, to be used again for the next one: arrays of this size are much work to throw away. */
export type ListRoom = { rows: Uint32Array; keys: Float64Array }

export function createListRoom(): ListRoom {
  return { rows: new Uint32Array(0), keys: new Float64Array(0) }
}

/** Rows of the terminals that match, in their order. Now and then it yields how many were looked at. */
export function* matchingRows(
  fleet: Fleet,
  filter: TerminalFilter,
  room: ListRoom,
): Generator<number, Uint32Array> {
  const test = testOf(fleet, filter)
  const step = test.needle === '' ? STEP : FEW
  const rows = fleet.inventory.length
  if (room.rows.length < rows) room.rows = new Uint32Array(fleet.table.capacity)
  const found = room.rows
  let count = 0
  for (let from = 0; from < rows; from += step) {
    count = matchStep(fleet, test, from, Math.min(from + step, rows), found, count)
    yield from
  }
  return found.subarray(0, count)
}

/** The filter in numbers, so that nothing is looked up for each row but these. */
type Test = {
  /** -1: any. */
  readonly state: number
  readonly client: number
  readonly dealer: number
  readonly group: GroupTest | null
  readonly needle: string
  /** The needle is the same in any case, so texts need not be lowered. */
  readonly isCaseless: boolean
}

type GroupTest = {
  readonly asked: string
  readonly column: GroupColumn
  /** By number of the group: 0 not looked at yet, 1 outside, 2 within. */
  known: Uint8Array
}

const ANY = -1
/** No group has this number. */
const NONE = -2

function testOf({ groups }: Fleet, { state, client, dealer, group, q }: TerminalFilter): Test {
  const numberIn = ({ numbers }: GroupColumn, name: string | undefined): number =>
    name === undefined ? ANY : (numbers.get(name) ?? NONE)
  const needle = q?.trim().toLocaleLowerCase() ?? ''
  const column = groups.group
  return {
    state: state === undefined ? ANY : CODE[state],
    client: numberIn(groups.client, client),
    dealer: numberIn(groups.dealer, dealer),
    group: group === undefined ? null : { asked: group, column, known: new Uint8Array(column.names.length) },
    needle,
    isCaseless: /^[\d\s+().-]*$/.test(needle),
  }
}

/** Adds the rows in [from, to) that match to `found`, behind the first `count`; returns how many there are then. */
function matchStep(
  fleet: Fleet,
  test: Test,
  from: number,
  to: number,
  found: Uint32Array,
  count: number,
): number {
  const { said, table, groups, inventory } = fleet
  const { state, client, dealer, group, needle } = test
  let length = count
  for (let row = from; row < to; row++) {
    if (!isShown(said, row)) continue
    // Between its first message and the next sweep a terminal is not judged yet.
    if (state !== ANY && (table.state[row] || CODE.unknown) !== state) continue
    if (client !== ANY && groups.client.of[row] !== client) continue
    if (dealer !== ANY && groups.dealer.of[row] !== dealer) continue
    if (group !== null && !isWithin(group, row)) continue
    if (needle !== '' && !isNamed(inventory[row], test)) continue
    found[length++] = row
  }
  return length
}

function isWithin(test: GroupTest, row: number): boolean {
  const { asked, column } = test
  const number = column.of[row] ?? 0
  if (number >= test.known.length) test.known = new Uint8Array(column.names.length)
  const known = test.known[number] ?? 0
  if (known !== 0) return known === 2
  const group = column.names[number] ?? ''
  const within = group === asked || group.startsWith(`${asked}/`)
  test.known[number] = within ? 2 : 1
  return within
}

function isNamed(terminal: InventoryRow | undefined, { needle, isCaseless }: Test): boolean {
  if (!terminal) return false
  const has = (text: string): boolean =>
    text.length >= needle.length && (isCaseless ? text : text.toLocaleLowerCase()).includes(needle)
  return has(terminal.name) || has(terminal.id) || has(terminal.sim) || aliasesOf(terminal).some(has)
}
