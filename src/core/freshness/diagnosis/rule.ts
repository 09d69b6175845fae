import type { State } from '../state.ts'
import type { CauseCode } from './codes.ts'
import type { Facts } from './facts.ts'
import type { Confidence, Evidence } from './finding.ts'

/** What a rule found. */
export type Found = { readonly confidence: Confidence; readonly evidence: readonly Evidence[] }

/** One row of spec/freshness.md 8: in which states it is looked for, and what it finds; null: it does not fit. */
export type Rule = {
  readonly code: CauseCode
  readonly states: readonly State[]
  readonly find: (facts: Facts) => Found | null
}

/** It should talk and does not, or will be missed if it goes on. */
export const QUIET: readonly State[] = ['stale', 'lost', 'sleeping']

/** It should talk and does not. */
export const SILENT: readonly State[] = ['stale', 'lost']
