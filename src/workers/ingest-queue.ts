import type { IncomingMessage } from '../ports.ts'

/** Messages that wait at most, of all sources together. What surrounds a payload is some 300 bytes: 60 MB. */
export const WAITING_MESSAGES = 200_000
/** Bytes of their payloads at most. */
export const WAITING_BYTES = 64 * 1024 * 1024

/** From either of these on sources that can hold back should do so: it is what a few turns of the event loop take in. */
const ENOUGH_MESSAGES = 64
const ENOUGH_BYTES = 1024 * 1024

/**
 * Messages that wait to be taken in, oldest first. Drop policy: over either bound the newest is dropped. What waits was
 * acknowledged and is older; of a terminal that goes on speaking the next message follows, and one that does not is not
 * judged while its source is lagging.
 */
export function createIngestQueue() {
  let messages: IncomingMessage[] = []
  let head = 0
  let bytes = 0

  return {
    /** False: there is no room for it. */
    offer(message: IncomingMessage): boolean {
      const { length } = message.payload
      if (messages.length - head >= WAITING_MESSAGES || bytes + length > WAITING_BYTES) return false
      messages.push(message)
      bytes += length
      return true
    },
    take(): IncomingMessage | undefined {
      const message = messages[head]
      if (message === undefined) return undefined
      head += 1
      bytes -= message.payload.length
      if (head === messages.length) {
        messages = []
        head = 0
      }
      return message
    },
    /** More need not wait here, if it can wait elsewhere. */
    isLong: (): boolean => messages.length - head >= ENOUGH_MESSAGES || bytes >= ENOUGH_BYTES,
    oldest: (): IncomingMessage | undefined => messages[head],
    depth: (): number => messages.length - head,
  }
}
