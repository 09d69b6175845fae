import type { Instant } from '../../core/time.ts'
import type { Connection } from './connection.ts'

/** Bytes of a connection that wait for a later turn of the event loop. */
export type Chunk = {
  readonly connection: Connection
  readonly bytes: Uint8Array
  readonly receivedAt: Instant
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

export function newTurn(): Turn {
  return { cost: 0, isScheduled: false, waiting: [] }
}

/** Whether so many bytes may be worked on in this turn; if so they are counted. */
export function spend(turn: Turn, bytes: number): boolean {
  if (turn.cost >= MOST_COST) return false
  turn.cost += Math.max(bytes, LEAST_COST)
  return true
}

/** Begins a new turn, with as much of what waits as may be worked on in it. */
export function beginTurn(turn: Turn): readonly Chunk[] {
  turn.cost = 0
  turn.isScheduled = false
  const tooLate = turn.waiting.findIndex(({ bytes }) => !spend(turn, bytes.length))
  return turn.waiting.splice(0, tooLate < 0 ? turn.waiting.length : tooLate)
}
