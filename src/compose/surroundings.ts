import { createSystemClock } from '../adapters/system/clock.ts'
import { collectYoungAlone } from '../adapters/system/heap.ts'
import { createLog, logFormat } from '../adapters/system/log.ts'
import type { Clock, Log } from '../ports.ts'

/** What a service needs beside its configuration. */
export type Surroundings = {
  readonly clock: Clock
  readonly log: Log
  /** WATCH_ADMIN_TOKEN; empty: none. */
  readonly adminToken: string
  /** Aborted while it starts, the start is given up. */
  readonly shutdown?: AbortSignal
}

/**
 * The real clock, a log that goes to `write`, and the secrets of the environment. Also has the process collect garbage
 * as a service should.
 */
export function createSurroundings(
  env: Readonly<Record<string, string | undefined>>,
  write: (line: string) => void,
): Surroundings {
  collectYoungAlone()
  const log = createLog({ format: logFormat(env), write })
  const clock = createSystemClock({
    onError: (error) => log.error('a periodic task failed', { error: String(error) }),
  })
  return { clock, log, adminToken: env['WATCH_ADMIN_TOKEN'] ?? '' }
}
