import type { Aedes, Client } from 'aedes'

type Publish = Parameters<Aedes['authorizePublish']>[1]

/** Decides whether a client may send a further message with QoS 2 before it has released those that it sent. */
export type InFlight = {
  /** False: what it has not released takes too much memory already. */
  admit(client: Client, packet: Publish): boolean
}

/** What a message takes in memory beside its payload, about. */
const OVERHEAD_BYTES = 1024

/**
 * Bounds the bytes and not the number: MQTT 3.1.1 allows as many as there are packet ids, and a publisher that is thrown
 * out for their number sends the same ones when it is back, for ever.
 */
export function createInFlight(maxBytes: number): InFlight {
  const held = new WeakMap<Client, { readonly sizes: Map<number, number>; bytes: number }>()

  return {
    admit(client, { messageId, payload }) {
      if (messageId === undefined) return true
      const own = held.get(client) ?? { sizes: new Map(), bytes: 0 }
      held.set(client, own)
      const forget = (id: number): void => {
        own.bytes -= own.sizes.get(id) ?? 0
        own.sizes.delete(id)
      }
      // One that is sent again.
      forget(messageId)
      const size = payload.length + OVERHEAD_BYTES
      if (own.bytes + size > maxBytes) {
        const unreleased = unreleasedBy(client)
        for (const id of own.sizes.keys()) if (!unreleased.has(id)) forget(id)
      }
      if (own.bytes + size > maxBytes) return false
      own.sizes.set(messageId, size)
      own.bytes += size
      return true
    },
  }
}

/** Not in the types of aedes: the packet ids of what the client has sent with QoS 2 and not released. */
function unreleasedBy(client: Client): ReadonlySet<number> {
  return (client as Client & { readonly _inboundInflight: ReadonlySet<number> })._inboundInflight
}
