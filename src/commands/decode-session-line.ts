import type { Instant } from '../core/time.ts'
import { createSessionLines, type SessionFormat } from './decode-session.ts'
import { receivedAtOf, showObservation } from './decode-show.ts'

export type SessionLineOptions = {
  readonly source: string
  readonly receivedAt: Instant | undefined
  readonly liveLagMs: number
}

/**
 * Decodes lines as the bytes of one connection. What a login or a ping proves has no time of its own: without
 * `--received-at` its `receivedAt` is null, and it is not judged.
 */
export function createSessionLineDecoder(
  format: SessionFormat,
  { source, receivedAt, liveLagMs }: SessionLineOptions,
): (text: string) => object {
  const take = createSessionLines(format, source)
  return (text) => {
    const line = take(text, receivedAt)
    if ('error' in line) return line
    const observations = line.observations.map((observation) =>
      showObservation(observation, receivedAtOf(observation, receivedAt)?.at ?? null, liveLagMs),
    )
    return {
      observations,
      ...(line.replies.length === 0 ? {} : { replies: line.replies }),
      ...(line.rejected.length === 0 ? {} : { rejected: line.rejected }),
    }
  }
}
