import { logBinomialTail } from './tail.ts'

/** A group at one evaluation, beside all other terminals of the fleet. */
export type Counts = {
  /** Members that were expected to talk, and those of them that became silent within the window. */
  readonly n: number
  readonly x: number
  /** The same of the rest of the fleet. */
  readonly restN: number
  readonly restX: number
  /** Own usual share for this quarter of an hour of the week. */
  readonly usual: number
}

/** Few members are only judged when nearly all of them are silent. */
export const FEWEST_MEMBERS = 5
/** Fewer silent members than this are never an incident, whatever the size of the group. */
export const FEWEST_SILENT = 4
const ENOUGH_MEMBERS = 10
const LEAST_SHARE = 0.2
const LEAST_SHARE_OF_FEW = 0.8
const LEAST_CHANCE = 0.004

const RARE = Math.log(1e-9)
/**
 * The specification asks for no rarity of few members, and four of five are never as rare as 1e-9. Still the usual share,
 * and a rest that is silent too, must count: in the evening the last few that are expected of a large group often fall
 * silent together, each for itself. A large fleet has many such groups, and a small rest proves little.
 */
const RARE_OF_FEW = { small: Math.log(1e-2), large: Math.log(1e-4) }
const LARGE_REST = 30
const UNLIKELY = Math.log(1e-3)

/** Whether so many silent members of a group need an explanation (spec/freshness.md 7, fire). */
export function fires(counts: Counts): boolean {
  const { n, x } = counts
  if (n < FEWEST_MEMBERS || x < FEWEST_SILENT) return false
  const isLarge = n >= ENOUGH_MEMBERS
  if (isLarge && x <= FEWEST_SILENT) return false
  if (x / n < (isLarge ? LEAST_SHARE : LEAST_SHARE_OF_FEW)) return false
  return logBinomialTail(n, chance(counts), x) <= (isLarge ? RARE : rareOfFew(counts))
}

function rareOfFew({ restN }: Counts): number {
  return restN < LARGE_REST ? RARE_OF_FEW.small : RARE_OF_FEW.large
}

/** Whether more members are silent than chance explains, though perhaps too few for an incident of their own. */
export function isUnlikely(counts: Counts): boolean {
  return logBinomialTail(counts.n, chance(counts), counts.x) <= UNLIKELY
}

/** `p0`: the chance that a member falls silent within the window for a reason of its own, or as usual. */
export function chance({ usual, restN, restX }: Counts): number {
  return Math.min(1, Math.max(1.5 * usual, (restX + 1) / (restN + 2), LEAST_CHANCE))
}

/** Logarithm of how much better its own share explains the silence of a group than `p0` does. */
export function logLikelihoodRatio(counts: Counts): number {
  const { n, x } = counts
  const p0 = chance(counts)
  return xLog(x, x / n / p0) + xLog(n - x, (1 - x / n) / (1 - p0))
}

function xLog(x: number, ratio: number): number {
  return x === 0 ? 0 : x * Math.log(ratio)
}
