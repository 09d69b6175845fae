import type { Log } from '../ports.ts'

/**
 * What is wrong with one part of a poller, for its health and the log, which has a line per change: `key` is what stays
 * the same while the text (a time limit, a count) may vary.
 */
export function createTrouble(log: Log, source: string, part: string) {
  let key: string | null = null
  let text: string | null = null
  return {
    raise(newKey: string, newText: string): void {
      if (newKey !== key) log.warn('polling is in trouble', { source, part, trouble: newText })
      key = newKey
      text = newText
    },
    clear(): void {
      if (key !== null) log.info('polling is out of trouble', { source, part })
      key = null
      text = null
    },
    text: (): string | null => text,
  }
}
