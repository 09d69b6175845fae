/**
 * Colours of the pages' drawings (src/http/assets/app.css: the strip of the service, and `--bad` of a lost terminal).
 * They are readable on Grafana's dark and on its light ground.
 */
export const COLOURS = {
  up: '#2f9e63',
  down: '#d33a2f',
  edge: '#e3a32b',
  unknown: '#9aa5b0',
  maintenance: '#4d90d6',
  lost: '#b3261e',
  noFix: '#8a5a00',
} as const

export type Colour = keyof typeof COLOURS

/** Every state of a terminal in its colour, in the order in which a stack is read from below. */
export const STATE_COLOURS = {
  fresh: 'up',
  sleeping: 'maintenance',
  'no-fix': 'noFix',
  backlog: 'edge',
  stale: 'down',
  lost: 'lost',
  never: 'unknown',
  unknown: 'unknown',
  maintenance: 'maintenance',
  suspended: 'unknown',
  decommissioned: 'unknown',
} as const satisfies Readonly<Record<string, Colour>>

type State = keyof typeof STATE_COLOURS

/** Data is as new as it should be. */
export const GOOD_STATES = ['fresh', 'sleeping'] as const satisfies readonly State[]

/** Terminals that are silent although they should not be. */
export const SILENT_STATES = ['stale', 'lost'] as const satisfies readonly State[]

/** Terminals that somebody wants to hear: all but those that people took out of service. */
export const WATCHED_STATES = [
  'fresh',
  'sleeping',
  'no-fix',
  'backlog',
  'stale',
  'lost',
  'never',
  'unknown',
  'maintenance',
] as const satisfies readonly State[]

/** States of letters, as the badges of the page show them. */
export const LETTER_COLOURS = {
  pending: 'maintenance',
  sending: 'maintenance',
  retry: 'edge',
  ambiguous: 'edge',
  sent: 'up',
  filed: 'up',
  superseded: 'unknown',
  dead: 'down',
} as const satisfies Readonly<Record<string, Colour>>
