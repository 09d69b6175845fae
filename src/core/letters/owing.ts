import type { Outage } from '../outage/outage.ts'
import type { Proven } from '../outage/proven.ts'

/** An outage whose letters are to be planned. */
export type Owing = {
  readonly outage: Outage
  /** What its letters may say about now. */
  readonly proven: Proven
  /** There is fresh evidence (a FAIL seen by this run) or an operator's order: `initial` letters may be written. */
  readonly mayStart: boolean
}
