import type { Decoded, Envelope } from './decoder.ts'

/** Where one target of an observation came from and what became of it. */
export type ExplainedTarget = {
  readonly target: string
  /** A field, a mapping expression, a segment of the topic, or words where it is none of these. */
  readonly from: string
  /** As it was sent; structures by their name only. */
  readonly raw?: unknown
  /** What it became; times as ISO 8601. Absent where `refused` says why there is none. */
  readonly value?: unknown
  readonly refused?: string
  /** How it was read, where that is not plain. */
  readonly how?: string
}

export type Explanation = {
  readonly targets: readonly ExplainedTarget[]
  /** Fields of the record that nothing was taken from. */
  readonly unused: readonly string[]
}

/** A record decoded by the decoder itself, and afterwards where everything in the result came from. */
export type Explainer = (
  record: unknown,
  envelope: Envelope,
) => { readonly decoded: Decoded; readonly explanation: Explanation }
