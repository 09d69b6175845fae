import type { Fields, Log, SettingsStore } from '../../ports.ts'
import type { LinkPlan } from './options.ts'

/** Rids our session at the broker of topics that an earlier configuration had put there. */
export type SessionTopics = {
  /**
   * All topics of the plan are asked for. `resumed`: in a session that the broker had kept. `unsubscribe`: whether the
   * broker has taken these filters out of it.
   */
  settle(resumed: boolean, unsubscribe: (filters: readonly string[]) => Promise<boolean>): Promise<void>
  /** The session holds the topics of the plan alone, and it is noted that it does. */
  settled(): boolean
}

/**
 * A session outlives this program, and no broker tells which topics it holds: one that was removed between two runs
 * would go on coming. So those of the newest run are kept in the settings.
 */
export function createSessionTopics(
  plan: LinkPlan,
  { settings, log }: { readonly settings: SettingsStore; readonly log: Log },
): SessionTopics {
  const key = `topics:${plan.endpoint.label}:${plan.clientId}`
  const text = JSON.stringify(plan.filters)
  const about: Fields = { source: plan.id, url: plan.endpoint.label, clientId: plan.clientId }
  let settled = false
  return {
    async settle(resumed, unsubscribe) {
      if (settled) return
      try {
        const before = await settings.get(key)
        const left = resumed ? readFilters(before).filter((filter) => !plan.filters.includes(filter)) : []
        if (left.length > 0 && !(await unsubscribe(left))) return
        if (before !== text) await settings.set(key, text)
        settled = true
        if (left.length > 0)
          log.info('Topics that are no longer wanted were unsubscribed', { ...about, topics: left })
      } catch (error) {
        log.warn('The topics of an MQTT session could not be noted; tried again with the next connection', {
          ...about,
          error,
        })
      }
    },
    settled: () => settled,
  }
}

function readFilters(text: string | null): readonly string[] {
  const filters: unknown = text === null ? [] : JSON.parse(text)
  return Array.isArray(filters) ? filters.filter((filter) => typeof filter === 'string') : []
}
