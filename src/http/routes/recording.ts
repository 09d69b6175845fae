import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { DAY, SECOND } from '../../core/time.ts'
import type { RecordingReader } from '../deps/intake.ts'
import type { AppDeps } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { problem, problems } from '../problem.ts'

/** A recording that somebody forgot must end. */
const LONGEST_SECONDS = (31 * DAY) / SECOND

const route = createRoute({
  method: 'get',
  path: '/api/v1/recording',
  summary: 'What is taken in from now on, as lines for `replay fleet`',
  request: {
    query: z.object({
      seconds: z.coerce
        .number()
        .int()
        .min(1)
        .max(LONGEST_SECONDS)
        .optional()
        .openapi({ description: 'When it ends; a day if nothing is said' }),
    }),
  },
  responses: {
    200: {
      description:
        'Lines of JSON (application/x-ndjson) as they come in, and an empty one while none does; the last one is {"end":ISO}, or {"broken":"why"} when what comes before is not all',
    },
    ...problems(409, 422),
  },
})

/** Recordings of what is taken in. */
export function addRecording(app: OpenAPIHono<HttpEnv>, { recorder }: Pick<AppDeps, 'recorder'>): void {
  app.openapi(route, (c) => {
    // Whoever asks for the headers only never reads, and so would hold a place for nothing.
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS)
    const { seconds = DAY / SECOND } = c.req.valid('query')
    const recording = recorder.open(seconds * SECOND)
    if (recording === 'busy') {
      return problem(c, 409, 'There are as many recordings as the service takes; let one end first.')
    }
    return c.body(streamOf(recording), 200, HEADERS)
  })
}

const HEADERS = { 'Content-Type': 'application/x-ndjson; charset=utf-8' }

/** Made as its reader takes it. */
function streamOf(recording: RecordingReader): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const piece = await recording.next()
      if (piece === null) controller.close()
      else controller.enqueue(encoder.encode(piece))
    },
    cancel: recording.stop,
  })
}
