import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { type Attempt, brokenBy, type Step } from './attempt.ts'

/** `cut`: there was more than the limit; the rest was not read. */
export type Body = { readonly text: string; readonly bytes: number; readonly cut: boolean }

/**
 * Reads up to `limitBytes` of an answer, unpacked and in the character set that it names (UTF-8 without one). An
 * answer that breaks off or cannot be unpacked is a failure of phase `http`.
 */
export async function readBody(
  attempt: Attempt,
  answer: IncomingMessage,
  limitBytes: number,
): Promise<Step<Body>> {
  attempt.enter('http', 'reading the body of the answer')
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of unpacked(answer) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > limitBytes) break
    }
  } catch (error) {
    return brokenBy(error, 'http', `the answer broke off after ${bytes} bytes`)
  }
  const kept = Buffer.concat(chunks).subarray(0, limitBytes)
  const text = decoderFor(answer.headers['content-type'] ?? '').decode(kept)
  return { kind: 'done', value: { text, bytes: kept.length, cut: bytes > limitBytes } }
}

function unpacked(answer: IncomingMessage): Readable {
  const unpacker = unpackerFor(answer.headers['content-encoding'] ?? '')
  return unpacker ? pipeline(answer, unpacker, () => {}) : answer
}

/** Some servers pack although they are asked not to. Undefined: taken as it is. */
function unpackerFor(encoding: string): Transform | undefined {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return undefined
  }
}

function decoderFor(contentType: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(/charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType)?.[1] ?? 'utf-8')
  } catch {
    return new TextDecoder()
  }
}
