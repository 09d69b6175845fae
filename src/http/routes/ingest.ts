import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { RejectReason } from '../../core/telemetry/observation.ts'
import { type Auth, bearerToken } from '../auth.ts'
import { type Body, MEBIBYTE, readWireBody, unpackBody } from '../body.ts'
import { createBodyLane } from '../body-lane.ts'
import type { AppDeps } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { problem, problems } from '../problem.ts'
import { matchesSecret } from '../session.ts'

const LIMIT_BYTES = 16 * MEBIBYTE
/** Unpacked. A larger one waits until not too many others are being taken in. */
const SMALL_BYTES = MEBIBYTE / 2
/** A full queue is emptied within about a second. */
const RETRY_AFTER_SECONDS = '1'

const REASONS = [
  'not-json',
  'unknown-shape',
  'no-terminal',
  'bad-value',
  'too-large',
] as const satisfies RejectReason[]

const IngestReport = z
  .object({
    accepted: z.number().int(),
    rejected: z.array(z.object({ index: z.number().int(), reason: z.enum(REASONS) })),
  })
  .openapi('IngestReport')

const accepted = {
  description: 'Queued; rejected records are listed by their place in the request, from 0',
  content: { 'application/json': { schema: IngestReport } },
}

const route = createRoute({
  method: 'post',
  path: '/api/v1/ingest/{source}',
  summary: 'Push records: one JSON object, an array, or NDJSON; gzip is allowed',
  security: [{ source: [] }, { sourceHeader: [] }],
  request: {
    params: z.object({ source: z.string() }),
    // Described only: the body is read with a bound and parsed by the source's own format.
    body: { content: { 'application/x-ndjson': { schema: z.string() } } },
  },
  responses: { 200: accepted, 202: accepted, ...problems(400, 401, 403, 404, 413, 429) },
})

/** `POST /api/v1/ingest/{source}`, by the source's own token or by that of an account with role `ingest`. */
export function addIngest(app: OpenAPIHono<HttpEnv>, deps: Pick<AppDeps, 'push'>, auth: Auth): void {
  const lane = createBodyLane()

  app.openapi(route, async (c) => {
    const { source: id } = c.req.valid('param')
    const source = deps.push.source(id)
    if (!source) return problem(c, 404, 'There is no HTTP source with this id in the configuration.')
    const token = bearerToken(c)
    const shown = [token, c.req.header('x-token')]
    if (!shown.some((one) => matchesSecret(one, source.token))) {
      // A session is of no use here: browsers push nothing.
      const identity = token === undefined ? undefined : await auth.identify(c)
      if (!identity) return stranger(c)
      if (identity.role !== 'ingest') return problem(c, 403, 'Only an account with role ingest may push.')
    }
    const take = (body: Body) => takeBody(c, deps, id, body, source.status)
    const wire = await readWireBody(c.req.raw, LIMIT_BYTES)
    if (wire.kind !== 'read') return take(wire)
    const small = await unpackBody(wire, SMALL_BYTES)
    if (small.kind !== 'too-large') return take(small)
    const large = async () => take(await unpackBody(wire, LIMIT_BYTES))
    return (await lane.run(wire.bytes.byteLength, large)) ?? busy(c)
  })
}

function stranger(c: HttpContext) {
  const headers = { 'WWW-Authenticate': 'Bearer realm="omnicomm-watch"' }
  const detail =
    "Send the source's token as Authorization: Bearer or X-Token, or as Bearer that of an ingest account."
  return problem(c, 401, detail, { headers })
}

function busy(c: HttpContext) {
  const headers = { 'Retry-After': RETRY_AFTER_SECONDS }
  return problem(c, 429, 'The queue is full; nothing was taken. Send the same batch again.', { headers })
}

async function takeBody(
  c: HttpContext,
  deps: Pick<AppDeps, 'push'>,
  id: string,
  body: Body,
  status: 200 | 202,
) {
  switch (body.kind) {
    case 'too-large':
      deps.push.refuse(id, 'too-large')
      return problem(c, 413, 'At most 16 MiB unpacked; send smaller batches.')
    case 'unreadable':
      deps.push.refuse(id, 'not-json')
      return problem(c, 400, body.reason)
    case 'read':
      return push(c, deps, id, body.bytes, status)
  }
}

async function push(
  c: HttpContext,
  deps: Pick<AppDeps, 'push'>,
  id: string,
  bytes: Uint8Array,
  status: 200 | 202,
) {
  const result = await deps.push.push(id, bytes)
  switch (result.kind) {
    case 'accepted':
      return c.json({ accepted: result.accepted, rejected: [...result.rejected] }, status)
    case 'unreadable':
      return problem(c, 400, result.reason)
    case 'too-large':
      return problem(c, 413, result.reason)
    case 'busy':
      return busy(c)
  }
}
