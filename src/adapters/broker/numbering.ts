import type { Aedes, AedesPublishPacket } from 'aedes'

type Emitter = { emit(packet: Pick<AedesPublishPacket, 'brokerCounter'>, done: () => void): unknown }

/**
 * aedes numbers a message when it arrives, and takes for a copy what a subscriber gets after a later number. A retained
 * message, and one with QoS 2, is on its way for longer than a plain one behind it, which overtook it: it was lost.
 * Numbered as they are handed out, in whatever order that is, none is.
 */
export function numberInOrder(aedes: Aedes): void {
  // Not in its types: what hands messages out to the subscribers.
  const { mq } = aedes as Aedes & { readonly mq: Emitter }
  const emit = mq.emit.bind(mq)
  let last = 0
  mq.emit = (packet, done) => {
    last += 1
    packet.brokerCounter = last
    return emit(packet, done)
  }
}
