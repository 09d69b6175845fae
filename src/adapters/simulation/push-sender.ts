import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { SECOND } from '../../core/time.ts'
import type { Clock, Log } from '../../ports.ts'

export type PushSender = {
  /** Adds a record, one line of NDJSON; it leaves with the next batch. */
  add(line: string): void
  stop(): Promise<void>
}

const BATCH_EVERY = 2 * SECOND
const REQUEST_LIMIT_MS = 10 * SECOND
/** While the service does not answer, older records are dropped. */
const MOST_WAITING = 10_000

const compress = promisify(gzip)

/** Sends records to a push source in batches of NDJSON, every second batch packed with gzip. */
export function createPushSender(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { url, token }: { readonly url: string; readonly token: string },
): PushSender {
  const stopping = new AbortController()
  let waiting: string[] = []
  let batches = 0
  let underWay = Promise.resolve()

  async function sendBatch(): Promise<void> {
    if (waiting.length === 0) return
    const lines = waiting
    waiting = []
    batches += 1
    try {
      const accepted = await post(`${lines.join('\n')}\n`, batches % 2 === 0)
      if (!accepted) keep(lines)
    } catch (error) {
      keep(lines)
      if (!stopping.signal.aborted) log.warn('the simulated push failed', { error: String(error) })
    }
  }

  async function post(text: string, packed: boolean): Promise<boolean> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-ndjson',
        ...(packed ? { 'content-encoding': 'gzip' } : {}),
      },
      body: packed ? await compress(text) : text,
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(REQUEST_LIMIT_MS)]),
    })
    await response.body?.cancel()
    // 400: nothing in it could be read, which no second try would change.
    return response.ok || response.status === 400
  }

  function keep(lines: readonly string[]): void {
    waiting = [...lines, ...waiting].slice(-MOST_WAITING)
  }

  const stopTimer = clock.every(BATCH_EVERY, () => {
    underWay = sendBatch()
    return underWay
  })
  return {
    add: (line) => void waiting.push(line),
    async stop() {
      stopTimer()
      stopping.abort()
      await underWay
    },
  }
}
