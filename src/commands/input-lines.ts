/** A line of an input, without its end; `fault` says why it cannot be one, and the next line goes on. */
export type InputLine =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'fault'; readonly reason: string }

const NEWLINE = 0x0a
const LONGEST_LINE_BYTES = 16 * 1024 * 1024

/**
 * Takes a stream of bytes apart into lines of UTF-8, a batch per chunk. A line that is not UTF-8 or longer than
 * 16 MiB is a fault of that line only. A byte order mark at the start is skipped. Fails as the stream fails.
 */
export async function* inputLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<readonly InputLine[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let held: Uint8Array[] = []
  let heldBytes = 0

  const hold = (bytes: Uint8Array): void => {
    heldBytes += bytes.length
    // Of a line that is too long only the length is still wanted.
    if (heldBytes > LONGEST_LINE_BYTES) held = []
    else if (bytes.length > 0) held.push(bytes)
  }
  const finish = (): InputLine => {
    const bytes = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held)
    const line = heldBytes > LONGEST_LINE_BYTES ? TOO_LONG : toLine(bytes, decoder)
    held = []
    heldBytes = 0
    return line
  }

  for await (const chunk of source) {
    const lines: InputLine[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      hold(chunk.subarray(start, end))
      lines.push(finish())
      start = end + 1
    }
    hold(chunk.subarray(start))
    if (lines.length > 0) yield lines
  }
  if (heldBytes > 0) yield [finish()]
}

const TOO_LONG: InputLine = { kind: 'fault', reason: 'the line is longer than 16 MiB' }

function toLine(bytes: Uint8Array, decoder: { decode(bytes: Uint8Array): string }): InputLine {
  try {
    const text = decoder.decode(bytes)
    return { kind: 'line', text: text.endsWith('\r') ? text.slice(0, -1) : text }
  } catch {
    return { kind: 'fault', reason: 'the line is not UTF-8' }
  }
}
