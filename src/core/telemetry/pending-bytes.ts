/**
 * Bytes of a connection that have come and are not yet taken. However small the pieces are in which they come, each
 * byte is copied a bounded number of times.
 */
type PendingBytes = {
  /** Puts a piece behind the others. The piece itself is not kept. */
  append(piece: Uint8Array): void
  /** What has not been taken; it may change with the next call of `append` or `drop`. */
  bytes(): Uint8Array
  /** Takes so many bytes from the front, at most all of them. */
  drop(count: number): void
}

const NOTHING = new Uint8Array(0)

/** No bytes yet. An empty one holds no memory. */
export function createPendingBytes(): PendingBytes {
  let buffer = NOTHING
  let start = 0
  let end = 0

  function makeRoom(length: number): void {
    const kept = end - start
    // Moving is worth it only when at least half of the buffer is free; else one long packet would be moved per byte.
    const target = 2 * (kept + length) <= buffer.length ? buffer : new Uint8Array(2 * (kept + length))
    target.set(buffer.subarray(start, end))
    buffer = target
    start = 0
    end = kept
  }

  return {
    append(piece) {
      if (piece.length === 0) return
      if (end + piece.length > buffer.length) makeRoom(piece.length)
      buffer.set(piece, end)
      end += piece.length
    },
    bytes: () => buffer.subarray(start, end),
    drop(count) {
      start = Math.min(end, start + count)
      if (start < end) return
      buffer = NOTHING
      start = 0
      end = 0
    },
  }
}
