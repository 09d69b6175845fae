import { InfluxDB, setLogger } from '@influxdata/influxdb-client'
import { SECOND } from '../../core/time.ts'
import type { Clock, HistoryAnswer, HistoryStore, Log } from '../../ports.ts'
import { answerOf } from './answer.ts'
import { lineOf } from './line.ts'

export type InfluxDeps = { readonly clock: Pick<Clock, 'now' | 'after'>; readonly log: Pick<Log, 'warn'> }

export type InfluxOptions = {
  readonly url: string
  readonly org: string
  readonly bucket: string
  /** Empty: none is sent. */
  readonly token: string
}

/** A database that has not answered by then will not do so. */
const ANSWER_WITHIN_MS = 10 * SECOND
/** What InfluxDB 2 answers to a write without a point, when everything else about it is in order. */
const NOTHING_TO_WRITE = /requires points|empty/i

/**
 * InfluxDB 2 by the transport of its client. The client's own WriteApi is not used: its retries are a buffer that
 * gives up after minutes, drops by expiry and cannot be broken off.
 */
export function createInfluxStore({ clock, log }: InfluxDeps, options: InfluxOptions): HistoryStore {
  const { url, org, bucket, token } = options
  setLogger({ warn: (message) => log.warn('InfluxDB client', { message }), error: () => {} })
  const { transport } = new InfluxDB({ url, ...(token === '' ? {} : { token }), timeout: ANSWER_WITHIN_MS })
  const query = new URLSearchParams({ org, bucket, precision: 'ns' })
  const underWay = new Set<AbortController>()
  const decoder = new TextDecoder()

  /** The status of a good answer. */
  function post(body: string, signal: AbortSignal): Promise<number> {
    const request = {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      signal,
    }
    return new Promise((resolve, reject) => {
      let status = 0
      transport.send(`/api/v2/write?${query}`, body, request, {
        responseStarted: (_headers, code = 0) => {
          status = code
        },
        complete: () => resolve(status),
        error: reject,
      })
    })
  }

  async function attempt(body: string): Promise<HistoryAnswer> {
    const abort = new AbortController()
    underWay.add(abort)
    let late = false
    const stopTimer = clock.after(ANSWER_WITHIN_MS, () => {
      late = true
      abort.abort()
    })
    try {
      const status = await post(body, abort.signal)
      return status === 204 || status === 201 ? { kind: 'written' } : notInflux(status)
    } catch (error) {
      // The client gives up a silent connection without closing it.
      abort.abort()
      if (late) return { kind: 'failed', reason: `no answer within ${ANSWER_WITHIN_MS / SECOND} s` }
      return withoutSecret(answerOf(error, clock.now()))
    } finally {
      stopTimer()
      underWay.delete(abort)
    }
  }

  function withoutSecret(answer: HistoryAnswer): HistoryAnswer {
    if (answer.kind === 'written' || token === '') return answer
    return { ...answer, reason: answer.reason.replaceAll(token, '***') }
  }

  return {
    line: lineOf,
    write: (lines) => attempt(decoder.decode(lines)),
    async check() {
      const answer = await attempt('')
      if (answer.kind !== 'refused') return answer
      // Who refuses for another reason was asked for something that it does not have.
      return NOTHING_TO_WRITE.test(answer.reason) ? { kind: 'written' } : { ...answer, kind: 'missing' }
    },
    close() {
      for (const abort of underWay) abort.abort()
    },
  }
}

/** Whatever else answers well is another program: a web page, a proxy. */
function notInflux(status: number): HistoryAnswer {
  return { kind: 'missing', reason: `answers ${status} to a write, which InfluxDB does not` }
}
