import { HttpError } from '@influxdata/influxdb-client'
import { oneLine } from '../../core/one-line.ts'
import { type Instant, SECOND } from '../../core/time.ts'
import type { HistoryAnswer } from '../../ports.ts'

/** What a failed request says; `now` dates a Retry-After that names a time. */
export function answerOf(error: unknown, now: Instant): HistoryAnswer {
  if (!(error instanceof HttpError)) return { kind: 'failed', reason: networkReason(error) }
  const { statusCode } = error
  const said = oneLine(error.message)
  const reason = said.startsWith(String(statusCode)) ? said : `${statusCode}: ${said}`
  switch (statusCode) {
    case 400:
    case 422:
      return { kind: 'refused', reason, ...droppedIn(error.message) }
    case 401:
    case 403:
      return { kind: 'denied', reason }
    case 413:
      return { kind: 'too-large', reason }
    case 429:
    case 503:
      return { kind: 'busy', reason, ...retryAfter(error.headers?.['retry-after'], now) }
    case 408:
    case 425:
      return { kind: 'failed', reason }
    default:
      return { kind: statusCode < 500 ? 'missing' : 'failed', reason }
  }
}

/** InfluxDB says how many points of a request it dropped when it wrote the others. */
function droppedIn(message: string): { readonly dropped?: number } {
  const dropped = Number(/partial write: .* dropped=(\d{1,9})\b/s.exec(message)?.[1])
  return dropped > 0 ? { dropped } : {}
}

/** Seconds or a date (RFC 9110 10.2.3). */
function retryAfter(header: unknown, now: Instant): { readonly retryAfterMs?: number } {
  const text = typeof header === 'string' ? header.trim() : ''
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now
  return ms > 0 ? { retryAfterMs: ms } : {}
}

function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error))
  // When every address of a name fails, the message of the whole is empty.
  const first = error instanceof AggregateError ? error.errors[0] : undefined
  const { message } = first instanceof Error ? first : error
  return oneLine(message === '' ? error.name : message)
}
