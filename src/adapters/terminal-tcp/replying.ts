import type { Socket } from 'node:net'
import type { SessionStep } from '../../core/telemetry/session.ts'
import type { Connection } from './connection.ts'
import { drop, endWhenSent } from './ending.ts'
import type { Hub } from './hub.ts'
import { askStored } from './link.ts'
import { addReply, emptyQueue, isFull, openGroup, type ReplyGroup, takeStored } from './reply-queue.ts'

/** The replies that one chunk causes, as far as it is taken in. */
export type Replies = {
  /** Those that go out at once. */
  readonly direct: Uint8Array[]
  /** What those wait in that must be stored; null when there are none. */
  group: ReplyGroup | null
}

type Reply = Extract<SessionStep, { kind: 'reply' }>

/** A peer that leaves so much unsent is not read from until it has taken it all. */
const PAUSE_AT_BYTES = 16 * 1024
/** One that leaves more than this does not read at all. */
const MOST_UNSENT_BYTES = 64 * 1024

/**
 * Puts a reply where it belongs: replies keep their order, so those behind one that waits for the store wait too. An
 * urgent one does not: it tells the time, which would be over.
 */
export function addTo(replies: Replies, connection: Connection, { bytes, durable, urgent }: Reply): void {
  if (durable !== true) {
    const last = urgent === true ? undefined : connection.replies?.groups.at(-1)
    if (connection.replies && last) addReply(connection.replies, last, bytes)
    else replies.direct.push(bytes)
    return
  }
  connection.replies ??= emptyQueue()
  replies.group ??= openGroup(connection.replies)
  addReply(connection.replies, replies.group, bytes)
}

/** Sends what may be sent at once. */
export function send(hub: Hub, connection: Connection, direct: readonly Uint8Array[]): void {
  write(connection.socket, direct)
  checkReader(hub, connection)
}

/** Sends a group once everything reported so far is stored; where it could not be, the connection is closed. */
export async function sendWhenStored(hub: Hub, connection: Connection, group: ReplyGroup): Promise<void> {
  const isStored = await askStored(hub)
  const { replies, socket } = connection
  if (replies === null || !socket.writable) return
  if (!isStored) {
    drop(hub, connection, 'not-stored')
    return
  }
  group.stored = true
  write(socket, takeStored(replies))
  checkReader(hub, connection)
  endWhenSent(connection)
  adjustReading(hub, connection)
}

/** In one piece: the system takes only so many at once. */
function write(socket: Socket, parts: readonly Uint8Array[]): void {
  const [first] = parts
  if (first !== undefined) socket.write(parts.length === 1 ? first : Buffer.concat(parts))
}

/** What a peer does not take would fill the memory. */
function checkReader(hub: Hub, connection: Connection): void {
  if (connection.socket.writableLength > MOST_UNSENT_BYTES) drop(hub, connection, 'slow-reader')
}

/**
 * Reads, or lets TCP slow the peer down: while its address has used up its bytes, too many of its replies wait for
 * the store, or it does not take those that were written, or bytes of it wait for their turn.
 */
export function adjustReading(hub: Hub, connection: Connection): void {
  const { socket, use, replies, deferred, end } = connection
  const isStalled = end === null && socket.writableLength > PAUSE_AT_BYTES
  if (isStalled) hub.stalled.start(connection, hub.clock.monotonic())
  const isWaiting = replies !== null && isFull(replies)
  if (deferred || use.throttled || isWaiting || isStalled) socket.pause()
  else if (socket.isPaused()) socket.resume()
}

/** The peer has taken all that was written. */
export function caughtUp(hub: Hub, connection: Connection): void {
  hub.stalled.forget(connection)
  adjustReading(hub, connection)
}
