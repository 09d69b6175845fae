/** A text in pieces, and the encoding that it was found to be in. */
export type DecodedText = {
  /** To join those of a large file holds up everything else. */
  readonly pieces: readonly string[]
  readonly encoding: 'utf-8' | 'utf-16' | 'windows-1251'
  /** The text is UTF-8 that was damaged and is not read: the line of the first byte that is wrong, from 1. */
  readonly damagedLine?: number
}

/** Decodes in one go, see `decodingText`. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const decoding = decodingText(bytes)
  for (;;) {
    const step = decoding.next()
    if (step.done === true) return step.value
  }
}

/**
 * Bytes of a file that people saved: UTF-8 if they are valid as such, UTF-16 if they begin with its mark (what
 * spreadsheets call "Unicode text"), else windows-1251, unless they are UTF-8 with a few bytes damaged, which would
 * become a text of nonsense. Byte order marks are dropped. It yields between its pieces.
 */
export function* decodingText(bytes: Uint8Array): Generator<number, DecodedText> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { pieces: yield* decoded(bytes, new TextDecoder('utf-16le')), encoding: 'utf-16' }
  }
  try {
    return { pieces: yield* decoded(bytes, new TextDecoder('utf-8', { fatal: true })), encoding: 'utf-8' }
  } catch {
    const { characters, wrongBytes, wrongLine } = yield* countedCharacters(bytes)
    if (characters > wrongBytes) return { pieces: [], encoding: 'utf-8', damagedLine: wrongLine }
    return { pieces: yield* decoded(bytes, new TextDecoder('windows-1251')), encoding: 'windows-1251' }
  }
}

const PIECE_BYTES = 1024 * 1024

type Decoder = { decode(bytes: Uint8Array, options: { readonly stream: boolean }): string }

function* decoded(bytes: Uint8Array, decoder: Decoder): Generator<number, string[]> {
  const pieces: string[] = []
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const piece = bytes.subarray(from, from + PIECE_BYTES)
    pieces.push(decoder.decode(piece, { stream: from + PIECE_BYTES < bytes.length }))
    if (from + PIECE_BYTES < bytes.length) yield 0
  }
  return pieces
}

const LINE_FEED = 0x0a

/** Characters beyond ASCII that are valid in UTF-8, bytes that are not, and the line of the first of these. */
function* countedCharacters(bytes: Uint8Array) {
  let characters = 0
  let wrongBytes = 0
  let wrongLine = 1
  let line = 1
  let pauseAt = PIECE_BYTES
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0
    const length = byte < 0x80 ? 1 : characterLength(bytes, at)
    if (byte === LINE_FEED) line += 1
    if (length > 1) characters += 1
    else if (length === 0) {
      if (wrongBytes === 0) wrongLine = line
      wrongBytes += 1
    }
    at += length === 0 ? 1 : length
    if (at < pauseAt) continue
    pauseAt = at + PIECE_BYTES
    yield 0
  }
  return { characters, wrongBytes, wrongLine }
}

/** Bytes of the character beyond ASCII that begins here (Unicode 16, table 3-7); 0: none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0
  if (length === 0) return 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  const second = bytes[at + 1] ?? 0
  if (second < lowest || second > highest) return 0
  for (let next = at + 2; next < at + length; next += 1) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}
