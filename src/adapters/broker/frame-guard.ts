/** Looks at a chunk of a connection's bytes; false: a packet larger than allowed is coming. */
export type FrameGuard = (chunk: Uint8Array) => boolean

const MAX_LENGTH_BYTES = 4

/**
 * Reads nothing but the fixed headers of MQTT packets (type byte, then the length in 7-bit groups, MQTT 3.1.1
 * section 2.2.3), so that an announced length is refused before anything is stored for it. The parser behind it
 * would collect up to 256 MiB.
 */
export function createFrameGuard(maxPacketBytes: number): FrameGuard {
  let bodyLeft = 0
  let lengthBytes = -1
  let length = 0

  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (bodyLeft > 0) {
        const step = Math.min(bodyLeft, chunk.length - at)
        bodyLeft -= step
        at += step
      } else if (lengthBytes < 0) {
        lengthBytes = 0
        length = 0
        at += 1
      } else {
        const byte = chunk[at] ?? 0
        at += 1
        length += (byte & 0x7f) * 128 ** lengthBytes
        lengthBytes += 1
        if (length > maxPacketBytes) return false
        if ((byte & 0x80) === 0) {
          bodyLeft = length
          lengthBytes = -1
        } else if (lengthBytes === MAX_LENGTH_BYTES) return false
      }
    }
    return true
  }
}
