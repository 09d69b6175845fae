/** Points as the text that is sent: a line each, as bytes that no garbage collection has to look through. */
export type Block = { readonly points: number; readonly bytes: Uint8Array }

const LINE_END = 10
/** A unit of UTF-16 is at most so many bytes of UTF-8. */
const MOST_BYTES_PER_UNIT = 3
const FIRST_BYTES = 256 * 1024
const encoder = new TextEncoder()

/** Makes blocks of lines that come one by one; they must not hold line breaks. */
export function createBlockBuilder() {
  let buffer = new Uint8Array(FIRST_BYTES)
  let used = 0
  let points = 0

  function makeRoom(bytes: number): void {
    if (used + bytes <= buffer.length) return
    const wider = new Uint8Array(Math.max(2 * buffer.length, used + bytes))
    wider.set(buffer.subarray(0, used))
    buffer = wider
  }

  return {
    points: (): number => points,
    add(line: string): void {
      makeRoom(1 + MOST_BYTES_PER_UNIT * line.length)
      if (points > 0) buffer[used++] = LINE_END
      used += encoder.encodeInto(line, buffer.subarray(used)).written
      points++
    },
    /** The lines so far; it begins anew. */
    take(): Block {
      const block = { points, bytes: buffer.slice(0, used) }
      used = 0
      points = 0
      return block
    },
  }
}

/** The older and the newer half of the points of a block, which has at least two. */
export function halve({ points, bytes }: Block): readonly [Block, Block] {
  const older = points >> 1
  let end = -1
  for (let line = 0; line < older; line++) end = bytes.indexOf(LINE_END, end + 1)
  return [
    { points: older, bytes: bytes.subarray(0, end) },
    { points: points - older, bytes: bytes.subarray(end + 1) },
  ]
}
