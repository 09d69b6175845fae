import type { Log, SettingsStore } from '../ports.ts'

/** How many terminals with a time the last good answer about the whole account had, over restarts. */
export type OnlineSize = {
  /** As it was when this run began; null: not known. */
  readonly rows: number | null
  /** Stores that of a good answer. What fails is tried again with the next one. */
  keep(rows: number): Promise<void>
}

/** What an earlier run kept for a source. Never rejects: a poller can do without. */
export async function readOnlineSize(
  { settings, log }: { readonly settings: SettingsStore; readonly log: Log },
  source: string,
): Promise<OnlineSize> {
  const key = `rows:${source}`
  let kept: number | null = null
  try {
    kept = parse(await settings.get(key))
  } catch (error) {
    log.warn('how large the last answer to a poll was cannot be read', { source, error: String(error) })
  }
  return {
    rows: kept,
    async keep(rows) {
      if (rows === kept) return
      kept = rows
      try {
        await settings.set(key, String(rows))
      } catch {
        // Whoever flushes the fleet reports a store that does not answer.
        kept = null
      }
    },
  }
}

function parse(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null
}
