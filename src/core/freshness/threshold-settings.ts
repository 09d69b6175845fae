import { formatDuration } from '../time.ts'

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

/** Settings as the configuration writes them. */
export type ThresholdTexts = Readonly<Partial<Record<keyof ThresholdSettings, string | boolean>>>

/** Durations as text, and `off` for what is not judged. */
export function thresholdTexts(settings: ThresholdSettings): ThresholdTexts {
  const texts = Object.entries(settings).map(([key, value]) => [key, settingText(value)])
  return Object.fromEntries(texts)
}

function settingText(value: number | boolean): string | boolean {
  if (typeof value === 'boolean') return value
  return value === Infinity ? 'off' : formatDuration(value)
}
