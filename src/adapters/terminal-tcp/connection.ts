import type { Socket } from 'node:net'
import type { Session, SessionEnd } from '../../core/telemetry/session.ts'
import type { AddressUse } from './address-budget.ts'
import type { ReplyQueue } from './reply-queue.ts'

/** Why a connection ended, as counted. A closed set: it is a label. */
export type DisconnectReason =
  | SessionEnd
  /** Nothing came for the idle timeout. */
  | 'idle'
  /** The same terminal opened another connection. */
  | 'replaced'
  /** The peer does not take our replies. */
  | 'slow-reader'
  /** What it sent could not be stored: it comes back and sends it again. */
  | 'not-stored'
  /** Too many connections: it was refused at once, or had not said who it is and made room for a newer one. */
  | 'limit'
  | 'peer'
  | 'error'
  | 'stopping'

/** One connection. Thousands of these are held: nothing that is seldom needed is made in advance. */
export type Connection = {
  readonly socket: Socket
  readonly session: Session
  readonly use: AddressUse
  /** Null before it said so, and for relays of many terminals. */
  terminalId: string | null
  /** It has identified itself or brought data. */
  known: boolean
  /** Replies that wait for the store; null when none ever did. */
  replies: ReplyQueue | null
  /** Bytes of it wait for a later turn. */
  deferred: boolean
  /** What its socket has said meanwhile, to be done when they are taken in; null: nothing. */
  afterwards: (() => void) | null
  /** Why it is ending; what still comes is thrown away. Null while it is in use. */
  end: DisconnectReason | null
}
