import type { Instant } from '../time.ts'

/** One point of the history (MEASUREMENTS of src/metrics.ts says which there are). */
export type HistoryPoint = {
  readonly measurement: string
  /** An empty value is as good as none. */
  readonly tags: Readonly<Record<string, string>>
  /** At least one. */
  readonly fields: Readonly<Record<string, string | number>>
  readonly at: Instant
  /** Below one millisecond, from 0 to 999,999: keeps apart what has the same measurement, tags and millisecond. */
  readonly nanos?: number
}
