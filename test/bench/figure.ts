/** One measured figure. `ratio` compares it with a reference that was measured in the same run; more is better. */
export type Figure = {
  readonly value: number
  readonly unit: string
  /** Absent where nothing was promised. */
  readonly goal?: string
  readonly met?: boolean
  readonly reference?: number
  readonly ratio?: number
  /** All measurements behind the value, in their order. */
  readonly runs?: readonly number[]
  readonly referenceRuns?: readonly number[]
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The value below which that share of all lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** A figure that must stay below `limit`: the worst of the runs. */
export function atMost(limit: number, unit: string, runs: readonly number[]): Figure {
  const value = round(Math.max(...runs))
  return { value, unit, goal: `< ${limit}`, met: value < limit, runs: runs.map(round) }
}

/** A figure that may be as much as `limit`. */
export function upTo(limit: number, unit: string, value: number): Figure {
  return { value, unit, goal: `<= ${limit}`, met: value <= limit }
}

/** Rounds to four significant digits. */
export function round(value: number): number {
  return Number(value.toPrecision(4))
}
