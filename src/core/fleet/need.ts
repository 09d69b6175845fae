import type { State } from '../freshness/state.ts'

/** States that somebody should look into, unless it is known why. */
export const CONCERNING = ['lost', 'stale', 'backlog', 'no-fix'] as const satisfies readonly State[]

/**
 * What a terminal in such a state needs: somebody's attention, or only that it is not forgotten, because an open
 * incident explains it or people know of it.
 */
export const NEEDS = ['attention', 'incident', 'acknowledged'] as const

export type Need = (typeof NEEDS)[number]
