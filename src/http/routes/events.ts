import type { Hono } from 'hono'
import type { LiveState } from '../../core/fleet/live-state.ts'
import { type Instant, SECOND } from '../../core/time.ts'
import type { Auth } from '../auth.ts'
import type { AppDeps } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { problem } from '../problem.ts'

/** Proxies and browsers give up a connection on which nothing is said. */
const HEARTBEAT_MS = 20 * SECOND
/** When a browser that lost the connection tries again. */
const RETRY_MS = 5 * SECOND
/** Pieces that wait for a reader who takes none. */
const MOST_WAITING = 20
const TRY_AGAIN_SECONDS = 60

/** Server-sent events for open pages: numbers of the terminals that the account sees, when they have changed. */
export function addEvents(app: Hono<HttpEnv>, deps: Pick<AppDeps, 'clock' | 'live'>, auth: Auth): void {
  app.get('/events', (c) => {
    // Whoever asks for the headers only never reads, and so would never leave.
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS)
    const stream = createStream(deps.clock.now, () => isAsBefore(c, auth))
    const listening = deps.live.listen(c.get('identity'), stream.tell)
    const headers = { 'Retry-After': String(TRY_AGAIN_SECONDS) }
    if (listening === 'many')
      return problem(c, 429, 'This account has as many pages open as may listen.', { headers })
    if (listening === 'full') return problem(c, 503, 'As many pages listen as may.', { headers })
    stream.whenOver(listening)
    return c.body(stream.body, 200, HEADERS)
  })
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx would hold the events back until its buffer is full.
  'X-Accel-Buffering': 'no',
}

/** Whether the account that began to listen may still see the same: its session has not ended, its scope is as it was. */
async function isAsBefore(c: HttpContext, auth: Auth): Promise<boolean> {
  const before = c.get('identity')
  const now = await auth.identify(c)
  return now?.role === before.role && JSON.stringify(now.scope) === JSON.stringify(before.scope)
}

function createStream(now: () => Instant, isAllowed: () => Promise<boolean>) {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController | undefined
  let leave = (): void => {}
  let told = ''
  let saidAt = now()

  const body = new ReadableStream({
    start(opened) {
      controller = opened
      say(`retry: ${RETRY_MS}\n\n`)
    },
    cancel() {
      controller = undefined
      leave()
    },
  })

  function say(text: string): void {
    saidAt = now()
    controller?.enqueue(encoder.encode(text))
  }

  function end(): void {
    controller?.close()
    controller = undefined
    leave()
  }

  return {
    body,
    whenOver(then: () => void): void {
      leave = then
      if (!controller) leave()
    },
    async tell(state: LiveState | null): Promise<void> {
      if (state === null || !(await isAllowed())) return end()
      if ((controller?.desiredSize ?? 0) < -MOST_WAITING) return end()
      const text = JSON.stringify(state)
      if (text !== told) say(`data: ${text}\n\n`)
      else if (now() - saidAt >= HEARTBEAT_MS) say(': still here\n\n')
      told = text
    },
  }
}
