/** Why a terminal may be silent, in the order in which they are looked for (spec/freshness.md 8). */
export const CAUSE_CODES = [
  'incident',
  'suspended',
  'maintenance',
  'power-cut',
  'vehicle-battery',
  'tracker-battery',
  'sleep',
  'coverage',
  'sim',
  'firmware',
  'server-address',
  'reboot-loop',
  'archive-only',
  'link-without-data',
  'antenna',
  'stuck-fix',
  'jamming',
  'clock',
  'unknown',
] as const

export type CauseCode = (typeof CAUSE_CODES)[number]
