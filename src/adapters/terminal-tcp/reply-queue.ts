/** Replies of one chunk that wait for the same storage; they are sent together. */
export type ReplyGroup = {
  readonly parts: Uint8Array[]
  stored: boolean
}

/** Replies that must not be sent yet, in their order. */
export type ReplyQueue = {
  readonly groups: ReplyGroup[]
  bytes: number
}

const MOST_GROUPS = 4
const MOST_BYTES = 16 * 1024

export function emptyQueue(): ReplyQueue {
  return { groups: [], bytes: 0 }
}

/** A group at the end, for the durable replies of one chunk. */
export function openGroup(queue: ReplyQueue): ReplyGroup {
  const group: ReplyGroup = { parts: [], stored: false }
  queue.groups.push(group)
  return group
}

export function addReply(queue: ReplyQueue, group: ReplyGroup, bytes: Uint8Array): void {
  group.parts.push(bytes)
  queue.bytes += bytes.length
}

/** Takes out what may be sent: everything up to the first group that is not stored. */
export function takeStored(queue: ReplyQueue): readonly Uint8Array[] {
  const waiting = queue.groups.findIndex(({ stored }) => !stored)
  const ready = queue.groups.splice(0, waiting < 0 ? queue.groups.length : waiting)
  const parts = ready.flatMap((group) => group.parts)
  for (const part of parts) queue.bytes -= part.length
  return parts
}

/**
 * No more should be read from a peer whose replies wait for the disk; with the replies of the chunk that filled the
 * queue this is all that is held for it.
 */
export function isFull(queue: ReplyQueue): boolean {
  return queue.groups.length >= MOST_GROUPS || queue.bytes >= MOST_BYTES
}
