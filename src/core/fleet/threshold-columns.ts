import type { Habit } from '../freshness/gaps.ts'
import type { Learning, Threshold, ThresholdOrigin } from '../freshness/threshold.ts'

/** The thresholds of every terminal, resolved, by row. */
export type ThresholdColumns = {
  movingMs: Float64Array
  parkedMs: Float64Array
  lostMs: Float64Array
  /** For the few rows whose lag is not that of their source. */
  readonly liveLagMs: Map<number, number>
  /** For the rows that learn. */
  readonly learning: Map<number, Learning>
  /** Places in ORIGINS. */
  movingOrigin: Uint8Array
  parkedOrigin: Uint8Array
}

const ORIGINS: readonly ThresholdOrigin[] = ['default', 'terminal', 'group', 'profile', 'learnt']

export function createThresholds(capacity = 1024): ThresholdColumns {
  return {
    movingMs: new Float64Array(capacity),
    parkedMs: new Float64Array(capacity),
    lostMs: new Float64Array(capacity),
    liveLagMs: new Map(),
    learning: new Map(),
    movingOrigin: new Uint8Array(capacity),
    parkedOrigin: new Uint8Array(capacity),
  }
}

/** Makes room for so many rows. */
export function reserveThresholds(columns: ThresholdColumns, rows: number): void {
  if (rows <= columns.movingMs.length) return
  const capacity = Math.max(rows, columns.movingMs.length * 2)
  for (const name of ['movingMs', 'parkedMs', 'lostMs'] as const) {
    const wider = new Float64Array(capacity)
    wider.set(columns[name])
    columns[name] = wider
  }
  for (const name of ['movingOrigin', 'parkedOrigin'] as const) {
    const wider = new Uint8Array(capacity)
    wider.set(columns[name])
    columns[name] = wider
  }
}

/** Where the threshold of the row comes from while its terminal moves or is parked. */
export function thresholdFrom(columns: ThresholdColumns, habit: Habit, row: number): ThresholdOrigin {
  const origins = habit === 'moving' ? columns.movingOrigin : columns.parkedOrigin
  return ORIGINS[origins[row] ?? 0] ?? 'default'
}

/** There must be room for the row. */
export function setThreshold(
  columns: ThresholdColumns,
  habit: Habit,
  row: number,
  { ms, from }: Threshold,
): void {
  const limits = habit === 'moving' ? columns.movingMs : columns.parkedMs
  const origins = habit === 'moving' ? columns.movingOrigin : columns.parkedOrigin
  limits[row] = ms
  origins[row] = ORIGINS.indexOf(from)
}
