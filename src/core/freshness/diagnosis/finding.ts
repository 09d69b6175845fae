import type { IncidentDimension } from '../mass/incident.ts'
import type { CauseCode } from './codes.ts'

/** How far a finding may be relied on: `high` the terminal or a person said so, `medium` it fits, `low` a hint. */
export type Confidence = 'high' | 'medium' | 'low'

/**
 * One fact that a finding rests on, as data. Durations in ms: `agoMs` before now, `beforeMs` before the newest data,
 * `ms` of the thing itself.
 */
export type Evidence =
  | {
      readonly kind: 'incident'
      readonly dimension: IncidentDimension
      readonly group: string
      readonly silent: number
      readonly expected: number
      readonly agoMs: number
    }
  /** The tree of Omnicomm Online says `receive_data` = 0. */
  | { readonly kind: 'intake-off' }
  /** People suspended it here. */
  | { readonly kind: 'suspended-here' }
  | { readonly kind: 'window'; readonly reason: string; readonly leftMs: number }
  | { readonly kind: 'supply'; readonly volts: number; readonly system: 12 | 24 | null }
  | { readonly kind: 'supply-before'; readonly volts: number }
  | { readonly kind: 'supply-fell'; readonly fromVolts: number; readonly volts: number }
  | { readonly kind: 'power-lost'; readonly beforeMs: number }
  | { readonly kind: 'power-alarm' }
  | { readonly kind: 'backup-power' }
  | { readonly kind: 'battery'; readonly percent: number | null; readonly volts: number | null }
  | { readonly kind: 'ignition'; readonly on: boolean }
  | { readonly kind: 'speed'; readonly kmh: number }
  | { readonly kind: 'signal'; readonly percent: number }
  | { readonly kind: 'neighbours'; readonly terminals: number }
  | { readonly kind: 'roaming'; readonly on: boolean; readonly beforeMs: number }
  | { readonly kind: 'operator'; readonly beforeMs: number }
  | { readonly kind: 'sim-range'; readonly silent: number; readonly members: number }
  | { readonly kind: 'firmware'; readonly version: string; readonly beforeMs: number }
  | { readonly kind: 'link'; readonly agoMs: number }
  | { readonly kind: 'connects'; readonly count: number; readonly ms: number; readonly withData: number }
  /** The newest live data before the last contact. */
  | { readonly kind: 'no-live'; readonly ms: number }
  | { readonly kind: 'lag'; readonly ms: number }
  | { readonly kind: 'no-fix'; readonly ms: number }
  | { readonly kind: 'same-position'; readonly ms: number }
  | { readonly kind: 'jamming'; readonly of: 'gps' | 'gsm' }
  | { readonly kind: 'clock-behind'; readonly ms: number }
  | { readonly kind: 'clock-fault'; readonly beforeMs: number }
  /** We could not hear the terminal ourselves. */
  | { readonly kind: 'not-heard'; readonly source: string }
  | { readonly kind: 'never' }
  | { readonly kind: 'contact'; readonly agoMs: number }

/** Why a terminal is probably silent, and on what this rests (spec/freshness.md 8). */
export type Finding = {
  readonly code: CauseCode
  readonly confidence: Confidence
  readonly evidence: readonly Evidence[]
}
