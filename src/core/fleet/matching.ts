import type { CauseCode } from '../freshness/diagnosis/codes.ts'
import { diagnose } from '../freshness/diagnosis/diagnose.ts'
import { CODE } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import { needOf } from './attention.ts'
import type { Fleet } from './fleet.ts'
import type { GroupColumn } from './groups.ts'
import type { Need } from './need.ts'
import { PAGE_ROWS } from './packed-page.ts'
import { isShown } from './said.ts'
import { isWithinGroup, rowsByName, rowsInScope } from './scope.ts'
import { findInPage, type Needle, needleOf } from './text-search.ts'
import type { TerminalFilter } from './view.ts'

/** Rows between two pauses: those of a page, which texts are searched in as a whole. */
const STEP = PAGE_ROWS
/** Diagnoses between two pauses; each takes some microseconds. */
const DIAGNOSED = 256

/** Room for the rows of a list, to be used again for the next one: arrays of this size are much work to throw away. */
export type ListRoom = { rows: Uint32Array; keys: Float64Array }

export function createListRoom(): ListRoom {
  return { rows: new Uint32Array(0), keys: new Float64Array(0) }
}

/** Rows of the terminals that match at `now`, in their order. Now and then it yields how many were looked at. */
export function* matchingRows(
  fleet: Fleet,
  filter: TerminalFilter,
  now: Instant,
  room: ListRoom,
): Generator<number, Uint32Array> {
  const test = testOf(fleet, filter, now)
  const rows = fleet.inventory.length
  if (room.rows.length < rows) room.rows = new Uint32Array(fleet.table.capacity)
  const found = room.rows
  let count = 0
  for (let from = 0; from < rows; from += STEP) {
    count = matchStep(fleet, test, from, Math.min(from + STEP, rows), found, count)
    yield from
  }
  if (filter.cause !== undefined) count = yield* keepCause(fleet, filter.cause, now, found.subarray(0, count))
  return found.subarray(0, count)
}

/** Moves the rows with the cause to the front, in their order; returns how many there are. */
function* keepCause(
  fleet: Fleet,
  cause: CauseCode,
  now: Instant,
  rows: Uint32Array,
): Generator<number, number> {
  let kept = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    if (diagnose(fleet, row, now)?.code === cause) rows[kept++] = row
    if (i % DIAGNOSED === DIAGNOSED - 1) yield i
  }
  return kept
}

/** The filter in numbers, so that nothing is looked up for each row but these. */
type Test = {
  /** -1: any. */
  readonly state: number
  readonly client: number
  readonly dealer: number
  readonly group: ((row: number) => boolean) | null
  readonly scope: ((row: number) => boolean) | null
  readonly needs: Need | null
  readonly now: Instant
  readonly needle: Needle | null
}

const ANY = -1
/** No group has this number. */
const NONE = -2

function testOf(fleet: Fleet, filter: TerminalFilter, now: Instant): Test {
  const { groups } = fleet
  const { state, client, dealer, group, q, scope = 'all' } = filter
  const numberIn = ({ numbers }: GroupColumn, name: string | undefined): number =>
    name === undefined ? ANY : (numbers.get(name) ?? NONE)
  return {
    state: state === undefined ? ANY : CODE[state],
    client: numberIn(groups.client, client),
    dealer: numberIn(groups.dealer, dealer),
    group: group === undefined ? null : rowsByName(groups.group, (name) => isWithinGroup(group, name)),
    scope: rowsInScope(fleet, scope),
    needs: filter.needs ?? null,
    now,
    needle: needleOf(q),
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
  const { state, client, dealer, group, scope, needs, now, needle } = test
  const page = inventory.pages()[from / STEP]
  const named = needle !== null && page !== undefined ? findInPage(page, needle) : null
  let length = count
  for (let row = from; row < to; row++) {
    if (named !== null && named[row - from] === 0) continue
    if (!isShown(said, row)) continue
    // Between its first message and the next sweep a terminal is not judged yet.
    if (state !== ANY && (table.state[row] || CODE.unknown) !== state) continue
    if (client !== ANY && groups.client.of[row] !== client) continue
    if (dealer !== ANY && groups.dealer.of[row] !== dealer) continue
    if (group !== null && !group(row)) continue
    if (scope !== null && !scope(row)) continue
    if (needs !== null && needOf(fleet, row, now) !== needs) continue
    found[length++] = row
  }
  return length
}
