import { SECOND } from '../../core/time.ts'

/** What the simulated Omnicomm Online does with requests. */
export type Mood = 'answering' | 'slow' | 'error' | 'refusing'

/** From `atMs` after the start of a cycle on. */
export type Scene = { readonly atMs: number; readonly mood: Mood }

/**
 * One outage of 58 s in two ways, long enough for a letter with an update after it, and a slow spell later on; it
 * begins with the first scene.
 */
export const SCRIPT: readonly Scene[] = [
  { atMs: 0, mood: 'answering' },
  { atMs: 30 * SECOND, mood: 'error' },
  { atMs: 58 * SECOND, mood: 'refusing' },
  { atMs: 88 * SECOND, mood: 'answering' },
  { atMs: 130 * SECOND, mood: 'slow' },
  { atMs: 150 * SECOND, mood: 'answering' },
]
