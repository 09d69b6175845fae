import type { Instant } from '../time.ts'
import type { Observation, RejectReason } from './observation.ts'

/**
 * How far the archive of a terminal has been taken in: the number of its newest record that was observed. `firmware`
 * is what it named when that was so: after a change the numbers may begin anew.
 */
export type ArchiveCounter = {
  readonly terminalId: string
  /** Unsigned, 32 bits. */
  readonly recordId: number
  readonly firmware: number | null
}

/** Why a session wants its connection closed. */
export type SessionEnd =
  /** A checksum is wrong: the terminal comes back and sends again what nobody acknowledged. */
  | 'bad-checksum'
  /** A frame, line or packet beyond the limit, or bytes that are no frame at all. */
  | 'garbage'
  /** It spoke before it said who it is, said it in a way that names nobody, or said it twice in two ways. */
  | 'no-identity'

/** What follows from the bytes of a connection. */
export type SessionStep =
  /** Which terminal speaks here; before anything that it says. A relay of many terminals names none. */
  | { readonly kind: 'identified'; readonly terminalId: string }
  | { readonly kind: 'observed'; readonly observation: Observation }
  /** To be stored together with what was observed before it. */
  | { readonly kind: 'counter'; readonly counter: ArchiveCounter }
  /**
   * Bytes to the peer. `durable`: only when everything before it on this connection has been stored. `urgent`: it
   * tells the time and goes out at once, before those that wait; without either it keeps its place among them.
   */
  | { readonly kind: 'reply'; readonly bytes: Uint8Array; readonly durable?: true; readonly urgent?: true }
  | { readonly kind: 'rejected'; readonly reason: RejectReason; readonly detail: string }
  /** The last step: nothing further is read. */
  | { readonly kind: 'close'; readonly end: SessionEnd; readonly detail: string }

/**
 * One connection of a terminal or relay, without its socket. It takes bytes however they were cut and keeps a bounded
 * rest of them. It never throws, whatever the bytes are.
 */
export type Session = {
  /** The steps in their order; `receivedAt`: wall time of these bytes. */
  receive(bytes: Uint8Array, receivedAt: Instant): readonly SessionStep[]
}
