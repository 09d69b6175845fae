/** Thresholds as they are set at one place; what is absent is taken from further out. ms. */
export type ThresholdSettings = {
  readonly moving?: number
  /** Infinity: not judged while parked (`off`). */
  readonly parked?: number
  readonly lost?: number
  readonly neverAfter?: number
  /** Data that lags further behind is archive; absent everywhere: what the source says. */
  readonly liveLag?: number
  /** Take the threshold from the terminal's own gaps where nothing nearer than the default sets it. */
  readonly learn?: boolean
  /** Bounds of a learnt threshold. */
  readonly floor?: number
  readonly cap?: number
}
