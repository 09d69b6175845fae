import { MINUTE } from '../../core/time.ts'
import type { Clock } from '../../ports.ts'

/**
 * Says the first of a kind at once and then at most one a minute, with the number of times since the last line.
 * Keys must be of a small closed set.
 */
export type MinuteLog = (key: string, say: (times: number) => void) => void

export function createMinuteLog(clock: Pick<Clock, 'monotonic'>): MinuteLog {
  const kinds = new Map<string, { times: number; saidAt: number | null }>()
  return (key, say) => {
    const kind = kinds.get(key) ?? { times: 0, saidAt: null }
    kinds.set(key, kind)
    kind.times += 1
    const now = clock.monotonic()
    if (kind.saidAt !== null && now - kind.saidAt < MINUTE) return
    say(kind.times)
    kind.times = 0
    kind.saidAt = now
  }
}
