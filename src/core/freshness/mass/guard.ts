import type { Fleet } from '../../fleet/fleet.ts'
import { DIMENSIONS } from '../../fleet/groups.ts'
import { DAY, type Instant, MINUTE } from '../../time.ts'
import { blindBetween } from '../blindness.ts'
import type { Baseline, ShareKind } from './baseline.ts'
import { type Census, FELL_SILENT, isQuiet } from './census.ts'
import { p90 } from './intervals.ts'
import { countSince, type Rates } from './rates.ts'
import { addRow, createRowList, rowsOf } from './row-list.ts'

/** What the observer guard knows of a source: its baseline is the share of the expected rate that is usually missing. */
export type Observer = { readonly rates: Rates; baseline: Baseline | null }

/** A source through which far less is heard than should be: the fault is ours or the service's. */
export type Collapse = {
  readonly source: number
  /** No silence of its terminals counts from here on. */
  readonly from: Instant
  readonly members: Uint32Array
}

/** With fewer members every terminal is judged by itself. */
export const FEWEST_OBSERVED = 20
const LEARN_FOR = 14 * DAY
const COLLAPSED = 0.3
const RECOVERED = 0.5
const SHORTEST_RATE = MINUTE
/** So soon a rate that is back is seen. */
const LONGEST_RECOVERY = 2 * MINUTE
/** A usual rate is never taken to be less than this share of the nominal one. */
const LEAST_RATE = 0.1

/** The newest rate of a source, beside that which its terminals would have if all of them talked as usual. */
type Rate = { readonly ratio: number; readonly from: Instant }

function rateOf(census: Census, source: number, { rates }: Observer, overMs: number): Rate | undefined {
  const now = census.sources[source]
  const since = countSince(rates, overMs)
  if (!now || !since || now.perMs === 0) return undefined
  return { ratio: since.count / (now.perMs * (census.now - since.from)), from: since.from }
}

/** The rate over the window of the guard; undefined: not all of that time was observed. */
export function observedRate(
  fleet: Fleet,
  census: Census,
  source: number,
  observer: Observer,
): Rate | undefined {
  const watch = fleet.sources[source - 1]
  const now = census.sources[source]
  if (!watch || watch.polls || !now || now.mode !== 'judged' || now.expected < FEWEST_OBSERVED)
    return undefined
  const rate = rateOf(census, source, observer, Math.max(SHORTEST_RATE, 2 * p90(now.intervals)))
  return rate && blindBetween(watch.blindness, rate.from, census.now) === 0 ? rate : undefined
}

/** What the rate teaches of what is usual. */
export function missingShare({ ratio }: Rate): { readonly share: number; readonly kind: ShareKind } {
  const share = Math.max(0, 1 - ratio)
  if (share > 1 - COLLAPSED) return { share, kind: 'exceptional' }
  return { share, kind: share >= 1 - RECOVERED ? 'many' : 'single' }
}

/** What share of the nominal rate is usual in this quarter of an hour. */
function usualRate({ baseline }: Observer): number {
  return Math.max(LEAST_RATE, 1 - (baseline?.now ?? 0))
}

/** Looks at one source (spec/freshness.md 7, observer guard). Yields now and then when it has to look at all rows. */
export function* guardSource(
  fleet: Fleet,
  census: Census,
  source: number,
  observer: Observer,
): Generator<number, Collapse | null> {
  const now = census.sources[source]
  const { baseline } = observer
  if (now?.mode !== 'judged' || now.expected < FEWEST_OBSERVED) return null
  if (!baseline || census.now - baseline.since < LEARN_FOR) return null
  const rate = observedRate(fleet, census, source, observer)
  if (rate && rate.ratio < COLLAPSED * usualRate(observer)) {
    const quiet = yield* reachOf(fleet, census, source, (row) => isQuiet(fleet.table, census, row))
    if (!isExplained(quiet)) return { source, from: rate.from, members: quiet.rows }
  }
  // At the end of a shift those who could not say that they are parked are what is left of many who did.
  if ((census.groups.source.silent[source] ?? 0) < (now.expected + now.rested) / 2) return null
  const silent = yield* reachOf(fleet, census, source, (row) => census.marks[row] === FELL_SILENT)
  if (isExplained(silent) || !silent.byGroup.some(isSpread)) return null
  let earliest = census.now
  for (const row of silent.rows) earliest = Math.min(earliest, fleet.table.contactAt[row] ?? earliest)
  // One that rarely talks must not take hours from the silence of all others.
  const bound = census.start - Math.max(90_000, 3 * p90(now.intervals))
  return { source, from: Math.max(earliest, bound), members: silent.rows }
}

/** Members of a source and those that were hit, by group of each other dimension. */
type Hits = { readonly n: number; readonly x: number }
type Reach = { readonly rows: Uint32Array; readonly byGroup: readonly ReadonlyMap<number, Hits>[] }

const OTHERS = DIMENSIONS.filter((dimension) => dimension !== 'source')
const ROWS_PER_STEP = 5000

function* reachOf(
  fleet: Fleet,
  census: Census,
  source: number,
  isHit: (row: number) => boolean,
): Generator<number, Reach> {
  const byGroup = OTHERS.map(() => new Map<number, { n: number; x: number }>())
  const rows = createRowList()
  for (let row = 0; row < census.marks.length; row++) {
    if (row % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield row
    if (census.marks[row] === 0 || fleet.table.source[row] !== source) continue
    const hit = isHit(row) ? 1 : 0
    if (hit) addRow(rows, row)
    OTHERS.forEach((dimension, index) => {
      const group = census.groups[dimension].of[row] ?? 0
      const hits = byGroup[index]?.get(group)
      if (hits) {
        hits.n++
        hits.x += hit
      } else byGroup[index]?.set(group, { n: 1, x: hit })
    })
  }
  return { rows: rowsOf(rows), byGroup }
}

/** So many members make a group worth comparing. */
const LARGE = 10

/** One group of another dimension explains it when less than half of the members outside that group were hit. */
function isExplained({ byGroup }: Reach): boolean {
  return byGroup.some((groups) => {
    const all = [...groups]
    if (all.filter(([, { n }]) => n >= LARGE).length < 2) return false
    const worst = all
      .filter(([group]) => group !== 0)
      .reduce((most, [, hits]) => (hits.x > most.x ? hits : most), { n: 0, x: 0 })
    const n = all.reduce((sum, [, hits]) => sum + hits.n, -worst.n)
    const x = all.reduce((sum, [, hits]) => sum + hits.x, -worst.x)
    return x < n / 2
  })
}

const FEWEST_GROUPS = 3

function isSpread(groups: ReadonlyMap<number, Hits>): boolean {
  return [...groups].filter(([group, { x }]) => group !== 0 && x > 0).length >= FEWEST_GROUPS
}

/**
 * Whether a source that is blind by its rate hears as usual again. Of a polled source, whose observations are not
 * counted, it is the share of its terminals that talk.
 */
export function isRecovered(fleet: Fleet, census: Census, source: number, observer: Observer): boolean {
  const watch = fleet.sources[source - 1]
  const now = census.sources[source]
  // While nothing can be heard anyway nothing is known of it.
  if (!watch || !now || watch.causes.size > 1) return false
  if (watch.polls) return now.talking > RECOVERED * now.expected
  const overMs = Math.min(LONGEST_RECOVERY, Math.max(SHORTEST_RATE, 2 * p90(now.intervals)))
  const rate = rateOf(census, source, observer, overMs)
  return rate !== undefined && rate.ratio > RECOVERED * usualRate(observer)
}

/** Whether so many terminals of a source that is blind by its rate talk as would be no collapse. */
export function isPartlyHeard(fleet: Fleet, census: Census, source: number): boolean {
  const now = census.sources[source]
  const isLinked = fleet.sources[source - 1]?.causes.size === 1
  return isLinked && now !== undefined && now.talking > 0 && now.talking >= COLLAPSED * now.expected
}
