import type { Instant } from '../time.ts'
import type { Observation, RejectReason } from './observation.ts'

/** What the road says about a record beside its content. */
export type Envelope = {
  readonly source: string
  readonly receivedAt: Instant
  /** MQTT topic it came on. */
  readonly topic?: string
  /** A stored value replayed by the broker: never a sign of life. */
  readonly retained?: boolean
  /** An MQTT redelivery (DUP): known, but not live. */
  readonly duplicate?: boolean
  /** When the broker says that the stored value was set (flespi's user property `timestamp`). */
  readonly storedAt?: Instant
}

export type Decoded =
  | { readonly kind: 'observed'; readonly observations: readonly Observation[] }
  | { readonly kind: 'rejected'; readonly reason: RejectReason; readonly detail: string }

/** One parsed record to observations. Pure, never throws, whatever the record is. */
export type Decoder = (record: unknown, envelope: Envelope) => Decoded

/**
 * The bytes of one message to observations, one entry per record in it. Pure, never throws, whatever the bytes are. No
 * bytes are no record: that is how brokers pass on that somebody cleared a retained message.
 */
export type PayloadDecoder = (payload: Uint8Array, envelope: Envelope) => readonly Decoded[]
