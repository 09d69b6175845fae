import type { Socket } from 'node:net'
import type { Clock, Stop } from '../../ports.ts'

/** Looks at a peer within the patience with it. */
const LOOKS = 10

/** Why a connection was ended whose peer took nothing. */
export const FROZEN = 'it takes no messages'

export type Patience = {
  /** Ends the connection when its peer does not take for so long what is written to it. */
  watch(socket: Socket): void
  stop: Stop
}

/**
 * Counts looks and not time: between two looks every peer has its turn, so that a process that stood still for longer
 * than its patience finds what they have taken meanwhile, instead of throwing all of them out.
 */
export function createPatience(clock: Pick<Clock, 'every'>, patienceMs: number): Patience {
  /** Looks at which the peer had not taken everything, since it last had. */
  const waited = new Map<Socket, number>()

  const stop = clock.every(patienceMs / LOOKS, () => {
    for (const [socket, looks] of waited) {
      if (!socket.writableNeedDrain) waited.set(socket, 0)
      else if (looks + 1 < LOOKS) waited.set(socket, looks + 1)
      else socket.destroy(new Error(FROZEN))
    }
  })
  return {
    watch(socket) {
      waited.set(socket, 0)
      socket.on('drain', () => waited.set(socket, 0))
      socket.on('close', () => waited.delete(socket))
    },
    stop,
  }
}
