import { gapsOf, HABITS, type Habit } from '../freshness/gaps.ts'
import { learntMs } from '../freshness/learnt.ts'
import { judgeAnew } from '../freshness/registers.ts'
import { isSilent } from '../freshness/state.ts'
import type { FreshnessSettings, Thresholds } from '../freshness/threshold.ts'
import { createResolver } from '../freshness/threshold-resolver.ts'
import { type Fleet, sourceOf } from './fleet.ts'
import type { InventoryRow } from './inventory.ts'
import { PAGE_ROWS, type PackedPage } from './packed-page.ts'
import { endOf, ownText, placeIn, sharedText, startOf } from './packed-text.ts'
import { reserveThresholds, setThreshold, thresholdFrom } from './threshold-columns.ts'

/** Takes new settings and resolves the thresholds of every terminal. */
export function useSettings(fleet: Fleet, settings: FreshnessSettings, resumeGraceMs: number): void {
  fleet.thresholdsOf = createResolver(settings)
  fleet.resumeGraceMs = resumeGraceMs
  for (const terminal of fleet.inventory) resolveThresholds(fleet, terminal)
}

/** Takes what the settings say of a terminal in place of what they said before. */
export function resolveThresholds(fleet: Fleet, terminal: InventoryRow): void {
  const columns = fleet.thresholds
  const { row } = terminal
  reserveThresholds(columns, row + 1)
  const movingMs = columns.movingMs[row]
  const parkedMs = columns.parkedMs[row]
  const lostMs = columns.lostMs[row]
  useThresholds(fleet, row, fleet.thresholdsOf(terminal))
  const same =
    columns.movingMs[row] === movingMs && columns.parkedMs[row] === parkedMs && columns.lostMs[row] === lostMs
  if (!same && isSilent(fleet.table.state[row] ?? 0)) judgeAnew(fleet.table, row)
}

/** The same for all terminals of a page, in rows of which nothing is known yet and for which there is room. */
export function resolvePage(fleet: Fleet, page: PackedPage): void {
  const known = new Map<number, Thresholds>()
  const { first, rows, own, shared, rare } = page
  const { namesTerminals, namesGroups } = fleet.thresholdsOf
  /** Terminals with the same key share the answer; NaN: it has one by itself, or there is none. */
  const keyAt = (n: number): number => {
    if (namesTerminals || endOf(own.id, n) === startOf(own.id, n)) return Number.NaN
    if (rare.size > 0 && (rare.get(n)?.thresholds ?? null) !== null) return Number.NaN
    return namesGroups ? placesOf(shared, n) : placeIn(shared.profile, n)
  }
  for (let n = 0; n < rows; ) {
    const key = keyAt(n)
    let end = n + 1
    while (end < rows && keyAt(end) === key) end += 1
    if (endOf(own.id, n) !== startOf(own.id, n)) {
      const resolved = known.get(key) ?? fleet.thresholdsOf(settable(page, n))
      if (!Number.isNaN(key)) known.set(key, resolved)
      beginWith(fleet, first + n, first + end, resolved)
    }
    n = end
  }
}

/** Four places below 4096 each are exact in one number. */
function placesOf({ profile, dealer, client, group }: PackedPage['shared'], n: number): number {
  const places = (placeIn(profile, n) * PAGE_ROWS + placeIn(dealer, n)) * PAGE_ROWS + placeIn(client, n)
  return places * PAGE_ROWS + placeIn(group, n)
}

/** What thresholds may be set for. */
function settable({ own, shared, rare }: PackedPage, n: number): Parameters<Fleet['thresholdsOf']>[0] {
  return {
    id: ownText(own.id, n),
    profile: sharedText(shared.profile, n),
    dealer: sharedText(shared.dealer, n),
    client: sharedText(shared.client, n),
    group: sharedText(shared.group, n),
    thresholds: rare.get(n)?.thresholds ?? null,
  }
}

/** Rows in [from, to) of which nothing is known yet: they have no origins, no lag of their own and do not learn. */
function beginWith(fleet: Fleet, from: number, to: number, resolved: Thresholds): void {
  const columns = fleet.thresholds
  const { moving, parked, lost, liveLagMs, learning } = resolved
  const isPlain = liveLagMs === undefined && learning === null
  if (!isPlain || moving.from !== 'default' || parked.from !== 'default') {
    for (let row = from; row < to; row++) useThresholds(fleet, row, resolved)
    return
  }
  columns.lostMs.fill(lost.ms, from, to)
  columns.movingMs.fill(moving.ms, from, to)
  columns.parkedMs.fill(parked.ms, from, to)
}

function useThresholds(fleet: Fleet, row: number, resolved: Thresholds): void {
  const columns = fleet.thresholds
  const { moving, parked, lost, liveLagMs, learning } = resolved
  setThreshold(columns, 'moving', row, moving)
  setThreshold(columns, 'parked', row, parked)
  columns.lostMs[row] = lost.ms
  if (liveLagMs === undefined) columns.liveLagMs.delete(row)
  else columns.liveLagMs.set(row, liveLagMs)
  if (learning === null) columns.learning.delete(row)
  else columns.learning.set(row, learning)
  for (const habit of HABITS) useLearnt(fleet, row, habit)
}

/** Takes the threshold that a terminal's own gaps teach in place of the default (spec/freshness.md 4). */
export function useLearnt(fleet: Fleet, row: number, habit: Habit): void {
  const { thresholds } = fleet
  const bounds = thresholds.learning.get(row)
  if (!bounds) return
  const from = thresholdFrom(thresholds, habit, row)
  if (from !== 'default' && from !== 'learnt') return
  const ms = learntMs(gapsOf(fleet.gaps, row, habit), habit, sourceOf(fleet, row)?.intervalMs ?? 0, bounds)
  if (ms !== undefined) setThreshold(thresholds, habit, row, { ms, from: 'learnt' })
}

/** The same for every terminal, once the sources of a restored fleet and their intervals are known. */
export function useAllLearnt(fleet: Fleet): void {
  for (const row of fleet.thresholds.learning.keys()) {
    for (const habit of HABITS) useLearnt(fleet, row, habit)
  }
}
