/** What a letter's bytes say, for reading on a page. */
export type ReadLetter = {
  /** Decoded, in the order in which they stand. */
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly text: string | null
  readonly html: string | null
}

type Part = { readonly headers: ReadLetter['headers']; readonly body: Uint8Array }

const MAX_DEPTH = 4

/**
 * Reads the letters that this program writes: `text/plain` and `text/html` alone or as alternatives, with transfer
 * encodings 7bit, 8bit, quoted-printable and base64, in UTF-8. Of other messages it reads what it can; it never throws.
 */
export function readLetter(mime: Uint8Array): ReadLetter {
  const whole = partOf(Buffer.from(mime))
  const leaves = leavesOf(whole, MAX_DEPTH)
  const of = (type: string): string | null => {
    const part = leaves.find((leaf) => typeOf(leaf) === type)
    return part ? textOf(part) : null
  }
  return { headers: whole.headers, text: of('text/plain'), html: of('text/html') }
}

/** The value of the first header of that name. */
export function headerOf({ headers }: Pick<ReadLetter, 'headers'>, name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value
}

function partOf(bytes: Buffer): Part {
  const match = /\r?\n\r?\n/.exec(bytes.toString('latin1'))
  const end = match ? match.index : bytes.length
  const body = match ? bytes.subarray(match.index + match[0].length) : Buffer.alloc(0)
  const unfolded = bytes
    .subarray(0, end)
    .toString('utf8')
    .replaceAll(/\r?\n(?=[ \t])/g, '')
  const headers = unfolded.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(':')
    if (colon <= 0) return []
    return [{ name: line.slice(0, colon).trim(), value: decodeWords(line.slice(colon + 1).trim()) }]
  })
  return { headers, body }
}

function leavesOf(part: Part, depth: number): readonly Part[] {
  const boundary = /^multipart\/.*\bboundary=(?:"([^"]+)"|([^\s;]+))/is.exec(
    headerOf(part, 'content-type') ?? '',
  )
  const mark = boundary?.[1] ?? boundary?.[2]
  if (mark === undefined || depth === 0) return [part]
  const pieces = `\r\n${Buffer.from(part.body).toString('latin1')}`.split(`\r\n--${mark}`)
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .flatMap((piece) => leavesOf(partOf(Buffer.from(piece.replace(/^[ \t]*\r\n/, ''), 'latin1')), depth - 1))
}

function typeOf(part: Part): string {
  return (headerOf(part, 'content-type') ?? 'text/plain').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function textOf(part: Part): string {
  const raw = Buffer.from(part.body)
  switch ((headerOf(part, 'content-transfer-encoding') ?? '7bit').toLowerCase()) {
    case 'base64':
      return Buffer.from(raw.toString('latin1'), 'base64').toString('utf8')
    case 'quoted-printable':
      return unquote(raw.toString('latin1').replaceAll(/=[ \t]*\r?\n/g, '')).toString('utf8')
    default:
      return raw.toString('utf8')
  }
}

/** `=D0=96` to bytes (RFC 2045 6.7); blanks before a soft break are part of the text. */
function unquote(text: string): Buffer {
  const plain = text.replaceAll(/=([\dA-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(plain, 'latin1')
}

/** Encoded words (RFC 2047); blanks between two of them do not count. */
function decodeWords(text: string): string {
  const word = /=\?utf-8\?([bq])\?([^?]*)\?=/gi
  // A character may be cut between two words, so that the bytes are joined before they are read.
  return text
    .replaceAll(/(\?=)\s+(?==\?utf-8\?)/gi, '$1')
    .replaceAll(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (run) =>
      Buffer.concat([...run.matchAll(word)].map(([, kind, data = '']) => wordBytes(kind, data))).toString(
        'utf8',
      ),
    )
}

function wordBytes(kind: string | undefined, data: string): Buffer {
  return kind?.toLowerCase() === 'b' ? Buffer.from(data, 'base64') : unquote(data.replaceAll('_', ' '))
}
