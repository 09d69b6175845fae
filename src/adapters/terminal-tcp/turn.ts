import type { Instant } from '../../core/time.ts'
import type { Connection } from './connection.ts'
import type { ReplyGroup } from './reply-queue.ts'

/** Bytes of a connection that wait for a later turn of the event loop. */
export type Chunk = {
  readonly connection: Connection
  readonly bytes: Uint8Array
  readonly receivedAt: Instant
  /** Replies to what came before it in one piece with it, which are sent together; null when there are none. */
  readonly group: ReplyGroup | null
}

/**
 * What is taken in during one turn of the event loop. When a fleet comes back after an outage, thousands of sockets
 * have bytes at once: all of them in one go would stop everything else, probes included, for seconds.
 */
export type Turn = {
  cost: number
  /** A next turn has been asked for. */
  isScheduled: boolean
  /** In the order in which they came; at most one of each connection, which is not read from meanwhile. */
  waiting: Chunk[]
}

/** About 5 ms of work. Node accepts one connection a turn, so that long turns would also keep a fleet waiting. */
const MOST_COST = 128 * 1024
/** A chunk is at least so much work. */
const LEAST_COST = 512
/** Bytes of one connection that are worked on in a turn: they may be a thousand packets. */
const MOST_AT_ONCE = 4 * 1024
/** Each observation or reply is so much work, however short its packet. */
const STEP_COST = 128

export function newTurn(): Turn {
  return { cost: 0, isScheduled: false, waiting: [] }
}

/** Whether the head of so many bytes may be worked on in this turn; if so it is counted. */
export function spend(turn: Turn, bytes: number): boolean {
  if (turn.cost >= MOST_COST) return false
  turn.cost += costOf(bytes)
  return true
}

/** Counts what the head of so many bytes turned out to be, beyond what was counted for it. */
export function spendSteps(turn: Turn, bytes: number, steps: number): void {
  turn.cost += Math.max(0, steps * STEP_COST - costOf(bytes))
}

function costOf(bytes: number): number {
  return Math.min(Math.max(bytes, LEAST_COST), MOST_AT_ONCE)
}

/** The bytes of a chunk that are worked on now, and the chunk that waits for a later turn. */
export function splitChunk(chunk: Chunk): { readonly head: Uint8Array; readonly rest: Chunk | undefined } {
  const { bytes } = chunk
  if (bytes.length <= MOST_AT_ONCE) return { head: bytes, rest: undefined }
  return {
    head: bytes.subarray(0, MOST_AT_ONCE),
    rest: { ...chunk, bytes: bytes.subarray(MOST_AT_ONCE) },
  }
}

/** Begins a new turn, with as much of what waits as may be worked on in it. */
export function beginTurn(turn: Turn): readonly Chunk[] {
  turn.cost = 0
  turn.isScheduled = false
  const tooLate = turn.waiting.findIndex(({ bytes }) => !spend(turn, bytes.length))
  return turn.waiting.splice(0, tooLate < 0 ? turn.waiting.length : tooLate)
}
