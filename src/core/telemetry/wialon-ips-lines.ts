import { createPendingBytes } from './pending-bytes.ts'

/** A line may be so long: a black box of some 700 full records. */
export const LONGEST_LINE_BYTES = 64 * 1024

/** What stands at the front of the bytes of a connection. */
type WialonLine =
  /** Without its end (CR LF or LF). The bytes are valid until the reader is used again. */
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { readonly kind: 'garbage'; readonly detail: string }

type WialonLines = {
  append(piece: Uint8Array): void
  /** The next line; undefined: it is not all there yet. After garbage nothing can be read. */
  next(): WialonLine | undefined
  /** Passes over so many bytes, come or to come, that are not text. */
  skip(count: number): void
}

/** Cuts bytes into lines that begin with `#`. Keeps at most one unfinished line. */
export function createWialonLines(): WialonLines {
  const pending = createPendingBytes()
  let toSkip = 0
  /** So much of the unfinished line is known to have no line feed. */
  let searched = 0

  function skipFront(bytes: Uint8Array): number {
    const skipped = Math.min(toSkip, bytes.length)
    toSkip -= skipped
    let front = skipped
    while (toSkip === 0 && (bytes[front] === LINE_FEED || bytes[front] === CARRIAGE_RETURN)) front += 1
    return front
  }

  return {
    append: pending.append,
    skip(count) {
      toSkip += count
    },
    next() {
      pending.drop(skipFront(pending.bytes()))
      const bytes = pending.bytes()
      if (bytes.length === 0) return undefined
      if (bytes[0] !== HASH) return { kind: 'garbage', detail: strange(bytes[0] ?? 0) }
      const end = bytes.indexOf(LINE_FEED, searched)
      if ((end === -1 ? bytes.length : end) > LONGEST_LINE_BYTES) {
        return { kind: 'garbage', detail: `a line of more than ${LONGEST_LINE_BYTES} bytes` }
      }
      searched = end === -1 ? bytes.length : 0
      if (end === -1) return undefined
      const line = bytes.subarray(0, bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end)
      pending.drop(end + 1)
      return { kind: 'line', bytes: line }
    },
  }
}

const HASH = 0x23
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const COMPRESSED = 0xff

function strange(first: number): string {
  return first === COMPRESSED
    ? 'compressed packets are not supported'
    : `a line begins with byte 0x${first.toString(16).padStart(2, '0')} in place of #`
}
