/** What is counted of a message with QoS 2. */
type Sent = { readonly messageId?: number; readonly payload: string | Uint8Array }

/** Decides whether a client may send a further message with QoS 2 before it has released those that it sent. */
export type InFlight = {
  /** False: what it has not released, by packet id, takes too much memory already. The set stands for the client. */
  admit(unreleased: ReadonlySet<number>, packet: Sent): boolean
}

/** What a message takes in memory beside its payload, about. */
const OVERHEAD_BYTES = 1024

/**
 * Bounds the bytes and not the number: MQTT 3.1.1 allows as many as there are packet ids, and a publisher that is thrown
 * out for their number sends the same ones when it is back, for ever.
 */
export function createInFlight(maxBytes: number): InFlight {
  const held = new WeakMap<ReadonlySet<number>, { readonly sizes: Map<number, number>; bytes: number }>()

  return {
    admit(unreleased, { messageId, payload }) {
      if (messageId === undefined) return true
      const own = held.get(unreleased) ?? { sizes: new Map(), bytes: 0 }
      held.set(unreleased, own)
      const forget = (id: number): void => {
        own.bytes -= own.sizes.get(id) ?? 0
        own.sizes.delete(id)
      }
      // One that is sent again.
      forget(messageId)
      const size = payload.length + OVERHEAD_BYTES
      if (own.bytes + size > maxBytes) {
        for (const id of own.sizes.keys()) if (!unreleased.has(id)) forget(id)
      }
      if (own.bytes + size > maxBytes) return false
      own.sizes.set(messageId, size)
      own.bytes += size
      return true
    },
  }
}
