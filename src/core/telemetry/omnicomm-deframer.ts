import { u16 } from './little-endian.ts'
import {
  CHECKSUM_BYTES,
  checksumIsRight,
  ESCAPE,
  ESCAPED_ESCAPE,
  ESCAPED_MARKER,
  HEADER_BYTES,
  LONGEST_PAYLOAD,
  MARKER,
} from './omnicomm-frame.ts'

/** What was found in the bytes of a connection. */
export type Deframed = (
  | {
      readonly kind: 'frame'
      readonly command: number
      /** Unescaped; the frame's own bytes, which nothing overwrites. */
      readonly payload: Uint8Array
      readonly crc: 'ok' | 'bad'
    }
  /** A frame that another one began in, or that the bytes end in. */
  | {
      readonly kind: 'truncated'
      /** Undefined: there is only its marker. */
      readonly command: number | undefined
      /** Its unescaped bytes with the marker. */
      readonly byteCount: number
    }
  /** A frame with a LEN beyond the limit. Its bytes up to the next marker are skipped. */
  | { readonly kind: 'oversize'; readonly command: number; readonly payloadBytes: number }
) & {
  /** Bytes outside of frames since the item before this one. */
  readonly skippedBytes: number
}

/**
 * What is known of a connection between two chunks of its bytes: nothing but an unfinished frame, at most
 * `longestPayload` + 5 bytes, in a buffer that grows with what came, not with what LEN promises.
 */
export type Deframer = {
  readonly longestPayload: number
  /** The unescaped bytes of the frame that began, without its marker; undefined between frames. */
  held: Uint8Array | undefined
  filled: number
  /** Unescaped bytes of the whole frame; HEADER_BYTES until LEN is known. */
  needed: number
  /** The last byte was a DB. */
  escaping: boolean
  /** Bytes outside of frames since the last item. */
  skippedBytes: number
  /** All DB so far that began no escape pair; they and the bytes after them were taken as they are. */
  strayEscapes: number
}

export function createDeframer(longestPayload: number): Deframer {
  return {
    longestPayload,
    held: undefined,
    filled: 0,
    needed: HEADER_BYTES,
    escaping: false,
    skippedBytes: 0,
    strayEscapes: 0,
  }
}

/**
 * What ends in the next bytes of a connection, in order (reference/omnicomm-terminal-protocol.md 2.3). They may be
 * cut anywhere, inside an escape pair or LEN too, and are not kept.
 */
export function deframe(deframer: Deframer, bytes: Uint8Array): readonly Deframed[] {
  let found: Deframed[] | undefined
  let at = 0
  while (at < bytes.length) {
    const marker = bytes.indexOf(MARKER, at)
    const end = marker < 0 ? bytes.length : marker
    if (deframer.held !== undefined) {
      at = take(deframer, deframer.held, bytes, at, end)
      const item = finished(deframer) ?? (marker < 0 ? undefined : interrupted(deframer))
      if (item !== undefined) {
        found ??= []
        found.push(item)
        close(deframer)
      }
    }
    if (deframer.held === undefined) deframer.skippedBytes += end - at
    if (marker >= 0) open(deframer)
    at = end + 1
  }
  return found ?? NOTHING_FOUND
}

/** What is left of an unfinished frame when nothing more will come. */
export function endDeframing(deframer: Deframer): Deframed | undefined {
  if (deframer.held === undefined) return undefined
  const item = cutOff(deframer)
  close(deframer)
  return item
}

/** All that is in bytes which stand for themselves; `skippedBytes` counts every byte outside of frames. */
export function deframeWhole(bytes: Uint8Array): {
  readonly items: readonly Deframed[]
  readonly skippedBytes: number
} {
  const deframer = createDeframer(LONGEST_PAYLOAD)
  const found = deframe(deframer, bytes)
  const rest = endDeframing(deframer)
  const items = rest === undefined ? found : [...found, rest]
  const skippedBytes = items.reduce((sum, item) => sum + item.skippedBytes, deframer.skippedBytes)
  return { items, skippedBytes }
}

const NOTHING_HELD = new Uint8Array(0)
const NOTHING_FOUND: readonly Deframed[] = []

function open(deframer: Deframer): void {
  deframer.held = NOTHING_HELD
  deframer.filled = 0
  deframer.needed = HEADER_BYTES
  deframer.escaping = false
}

function close(deframer: Deframer): void {
  deframer.held = undefined
  deframer.skippedBytes = 0
}

/** Takes bytes of the frame up to its end, at most up to `end`, and tells where it stopped. */
function take(deframer: Deframer, held: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  let { filled, needed, escaping } = deframer
  // One more for a DB that is kept as it is together with the byte after it.
  const buffer = withRoom(deframer, held, filled + end - from + 1)
  let at = from
  while (at < end && filled < needed) {
    let byte = bytes[at] ?? 0
    at += 1
    if (escaping) {
      escaping = false
      if (byte === ESCAPED_MARKER) byte = MARKER
      else if (byte === ESCAPED_ESCAPE) byte = ESCAPE
      else {
        // No pair. The second byte is read again: it may be the next DB, or stand behind the end of the frame.
        deframer.strayEscapes += 1
        byte = ESCAPE
        at -= 1
      }
    } else if (byte === ESCAPE) {
      escaping = true
      continue
    }
    buffer[filled] = byte
    filled += 1
    if (filled === HEADER_BYTES) {
      const payloadBytes = u16(buffer, 1)
      needed = HEADER_BYTES + payloadBytes + CHECKSUM_BYTES
      if (payloadBytes > deframer.longestPayload) break
    }
  }
  deframer.held = buffer
  deframer.filled = filled
  deframer.needed = needed
  deframer.escaping = escaping
  return at
}

/** The frame if it has come to its end, or to the end of our patience. */
function finished({ held, filled, needed, longestPayload, skippedBytes }: Deframer): Deframed | undefined {
  if (held === undefined || filled < HEADER_BYTES) return undefined
  const payloadBytes = needed - HEADER_BYTES - CHECKSUM_BYTES
  const command = held[0] ?? 0
  if (payloadBytes > longestPayload) return { kind: 'oversize', command, payloadBytes, skippedBytes }
  if (filled < needed) return undefined
  const payload = held.subarray(HEADER_BYTES, HEADER_BYTES + payloadBytes)
  return { kind: 'frame', command, payload, crc: checksumIsRight(held, needed) ? 'ok' : 'bad', skippedBytes }
}

/** An unfinished frame in which the next marker came. A marker right behind a marker is a byte too many, no frame. */
function interrupted(deframer: Deframer): Deframed | undefined {
  if (deframer.filled > 0 || deframer.escaping) return cutOff(deframer)
  deframer.skippedBytes += 1
  return undefined
}

/**
 * An unfinished frame that no byte can follow. A DB at its end was cut off its pair, unless the checksum says that it
 * is a byte of a sender that does not escape.
 */
function cutOff(deframer: Deframer): Deframed {
  const { held = NOTHING_HELD, filled, needed, escaping, skippedBytes } = deframer
  if (escaping && filled >= HEADER_BYTES && filled + 1 === needed) {
    const whole = withRoom(deframer, held, needed)
    whole[filled] = ESCAPE
    const frame = finished({ ...deframer, held: whole, filled: needed })
    if (frame?.kind === 'frame' && frame.crc === 'ok') {
      deframer.strayEscapes += 1
      return frame
    }
  }
  const byteCount = 1 + filled + (escaping ? 1 : 0)
  return { kind: 'truncated', command: filled === 0 ? undefined : held[0], byteCount, skippedBytes }
}

/** The buffer, or a longer copy of it: room for `wanted` bytes as far as a frame can be that long. */
function withRoom({ longestPayload, filled }: Deframer, buffer: Uint8Array, wanted: number): Uint8Array {
  const longest = HEADER_BYTES + longestPayload + CHECKSUM_BYTES
  if (buffer.length >= Math.min(wanted, longest)) return buffer
  const larger = new Uint8Array(Math.min(Math.max(wanted, 2 * buffer.length), longest))
  larger.set(buffer.subarray(0, filled))
  return larger
}
