import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { createMiddleware } from 'hono/factory'
import type { HttpContext, HttpEnv } from './env.ts'
import { problem } from './problem.ts'

export const MEBIBYTE = 1024 * 1024

/** A body as it was read. `unreadable`: cut off, not the gzip that it claims to be, or another encoding. */
export type Body =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** A body as it came over the wire. */
export type Wire = Extract<Body, { kind: 'read' }> & { readonly isGzip: boolean }

/**
 * Reads a request's body up to `limitBytes`, which holds for the bytes on the wire and for what gzip unpacks to.
 * Gzip is also recognised by its first bytes, because some senders forget the header. Never throws.
 */
export async function readBody(request: Request, limitBytes: number): Promise<Body> {
  const wire = await readWireBody(request, limitBytes)
  return wire.kind === 'read' ? unpackBody(wire, limitBytes) : wire
}

/** The first half of `readBody`: the bytes that came, of at most `limitBytes`. */
export async function readWireBody(
  request: Request,
  limitBytes: number,
): Promise<Wire | Exclude<Body, { kind: 'read' }>> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase()
  if (!['identity', '', 'gzip', 'x-gzip'].includes(encoding)) {
    return { kind: 'unreadable', reason: 'Send the body plain or with Content-Encoding: gzip.' }
  }
  const body = await readWire(request, limitBytes)
  if (body.kind !== 'read') return body
  if (isGzip(body.bytes)) return { ...body, isGzip: true }
  if (encoding.endsWith('gzip')) {
    return { kind: 'unreadable', reason: 'Content-Encoding says gzip, but the body is not gzip.' }
  }
  return { ...body, isGzip: false }
}

/** The other half: what they unpack to, of at most `limitBytes`. Never throws. */
export async function unpackBody({ bytes, isGzip }: Wire, limitBytes: number): Promise<Body> {
  if (!isGzip) return bytes.byteLength > limitBytes ? { kind: 'too-large' } : { kind: 'read', bytes }
  try {
    return { kind: 'read', bytes: await gunzipBytes(bytes, { maxOutputLength: limitBytes }) }
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'too-large' }
    return { kind: 'unreadable', reason: 'The gzip body is damaged.' }
  }
}

/** Methods with which a Request has no body; it cannot even be made with TRACE. */
const BODILESS = new Set(['GET', 'HEAD', 'TRACE'])

/**
 * Lets requests through whose body has at most `limitBytes`; `refuse` answers the others. A body without a declared
 * length, as of a chunked request, is read here. (hono/body-limit does the same, but hands on a copy that Node's own
 * Request refuses to make of what @hono/node-server passes in.)
 */
export function limitBody(limitBytes: number, refuse: (c: HttpContext) => Response | Promise<Response>) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const { method } = c.req
    if (BODILESS.has(method)) return await next()
    if (c.req.header('content-length') !== undefined) {
      return Number(c.req.header('content-length')) > limitBytes ? await refuse(c) : await next()
    }
    const body = await readWire(c.req.raw, limitBytes)
    if (body.kind === 'too-large') return await refuse(c)
    if (body.kind === 'unreadable') return problem(c, 400, body.reason)
    const { url, headers, signal } = c.req.raw
    c.req.raw = new Request(url, {
      method,
      headers: [...headers],
      signal,
      body: body.bytes.byteLength === 0 ? null : new Uint8Array(body.bytes),
    })
    return await next()
  })
}

async function readWire(request: Request, limitBytes: number): Promise<Body> {
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) > limitBytes) return { kind: 'too-large' }
  try {
    // With a declared length the HTTP parser reads no more than that, and reading at once is much faster.
    if (length !== null) return { kind: 'read', bytes: new Uint8Array(await request.arrayBuffer()) }
    return await readStream(request, limitBytes)
  } catch {
    return { kind: 'unreadable', reason: 'The connection broke while the body was read.' }
  }
}

async function readStream(request: Request, limitBytes: number): Promise<Body> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of request.body ?? []) {
    total += chunk.byteLength
    if (total > limitBytes) return { kind: 'too-large' }
    chunks.push(chunk)
  }
  return { kind: 'read', bytes: Buffer.concat(chunks, total) }
}

/** JSON and CSV never begin with these bytes. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

const gunzipBytes = promisify(gunzip)
