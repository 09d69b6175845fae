import type { Fleet } from '../../fleet/fleet.ts'
import { DIMENSIONS, type Dimension } from '../../fleet/groups.ts'
import { type Census, FELL_SILENT, groupCount, removeRow } from './census.ts'
import { type Counts, FEWEST_SILENT, fires, logLikelihoodRatio } from './fire.ts'
import type { IncidentGroup } from './incident.ts'
import { addRow, createRowList, rowsOf } from './row-list.ts'

/** A group by its number. */
export type Group = { readonly dimension: Dimension; readonly number: number }

/** A group whose silence explains that of its members. */
export type Finding = Group & {
  readonly expected: number
  readonly rows: Uint32Array
  readonly also: readonly Group[]
}

/** What is usual in a group now. */
export type Usual = (group: Group) => number

/** Groups whose members fell silent together, each by itself. Yields now and then: there may be many groups. */
export function* firing(fleet: Fleet, census: Census, usual: Usual): Generator<number, Group[]> {
  const found: Group[] = []
  for (const dimension of DIMENSIONS) {
    const { silent } = census.groups[dimension]
    const count = groupCount(fleet, dimension)
    let tests = 0
    for (let number = 1; number < count; number++) {
      if ((silent[number] ?? 0) < FEWEST_SILENT) continue
      if (++tests % TESTS_PER_STEP === 0) yield number
      const group = { dimension, number }
      if (fires(countsOf(census, group, usual))) found.push(group)
    }
  }
  return found
}

/** A test takes a few microseconds. */
const TESTS_PER_STEP = 100

export function countsOf(census: Census, group: Group, usual: Usual): Counts {
  const { expected, silent } = census.groups[group.dimension]
  const n = expected[group.number] ?? 0
  const x = silent[group.number] ?? 0
  return { n, x, restN: census.expected - n, restX: census.silent - x, usual: usual(group) }
}

/**
 * The group that explains most of the silence, whose silent members are then taken out of all counts, until no
 * candidate fires any more (spec/freshness.md 7, attribute). Yields now and then: many rows may be silent.
 */
export function* attribute(
  fleet: Fleet,
  census: Census,
  candidates: readonly Group[],
  usual: Usual,
): Generator<number, readonly Finding[]> {
  const findings: Finding[] = []
  let left = candidates
  for (;;) {
    const firing: Group[] = []
    let winner: Ranked | undefined
    for (const [index, group] of left.entries()) {
      if (index % TESTS_PER_STEP === TESTS_PER_STEP - 1) yield index
      const counts = countsOf(census, group, usual)
      if (!fires(counts)) continue
      firing.push(group)
      const rival = { group, n: counts.n, likelihood: logLikelihoodRatio(counts) }
      if (!winner || isBefore(fleet, rival, winner)) winner = rival
    }
    if (!winner) return findings
    left = firing
    const first = winner.group
    const others = left.filter((group) => group !== first)
    const before = others.map((group) => silentOf(census, group))
    const rows = yield* takeSilent(census, first)
    const also = others.filter((group, index) => {
      const shared = (before[index] ?? 0) - silentOf(census, group)
      return shared > SAME * rows.length && shared > SAME * (before[index] ?? 0)
    })
    findings.push({ ...first, expected: winner.n, rows, also })
    yield rows.length
  }
}

/** Groups that share more of their silent members than this are one. */
const SAME = 0.9

function silentOf(census: Census, { dimension, number }: Group): number {
  return census.groups[dimension].silent[number] ?? 0
}

type Ranked = { readonly group: Group; readonly n: number; readonly likelihood: number }

/** The most likely explanation comes first; then the smaller group, the earlier dimension, the name. */
function isBefore(fleet: Fleet, a: Ranked, b: Ranked): boolean {
  const byLikelihood = a.likelihood - b.likelihood
  if (Math.abs(byLikelihood) > ROUNDING) return byLikelihood > 0
  if (a.n !== b.n) return a.n < b.n
  const byDimension = DIMENSIONS.indexOf(a.group.dimension) - DIMENSIONS.indexOf(b.group.dimension)
  if (byDimension !== 0) return byDimension < 0
  return named(fleet, a.group).group < named(fleet, b.group).group
}

const ROUNDING = 1e-9

const ROWS_PER_STEP = 5000

function* takeSilent(census: Census, { dimension, number }: Group): Generator<number, Uint32Array> {
  const { of } = census.groups[dimension]
  const { silentRows } = census
  const taken = createRowList()
  let left = 0
  for (let index = 0; index < silentRows.count; index++) {
    if (index % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield index
    const row = silentRows.of[index] ?? 0
    if (census.marks[row] !== FELL_SILENT) continue
    if (of[row] !== number) silentRows.of[left++] = row
    else {
      removeRow(census, row)
      addRow(taken, row)
    }
  }
  silentRows.count = left
  return rowsOf(taken)
}

export function named(fleet: Fleet, { dimension, number }: Group): IncidentGroup {
  const group = dimension === 'source' ? fleet.sources[number - 1]?.id : fleet.groups[dimension].names[number]
  return { dimension, group: group ?? '' }
}
