import { MOST_SOURCES } from '../core/fleet/fleet.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, SettingsStore } from '../ports.ts'

/** A source and the moment from which it has been configured. */
type KnownSource = { readonly id: string; readonly observedFrom: Instant }

const SETTING = 'sources'

/** The sources that this data folder has ever known, in the order of their numbers, which registers refer to. */
export function createKnownSources({
  clock,
  settings,
}: {
  readonly clock: Clock
  readonly settings: SettingsStore
}) {
  let known: readonly KnownSource[] = []

  return {
    async load(): Promise<void> {
      known = JSON.parse((await settings.get(SETTING)) ?? '[]')
    },
    all: (): readonly KnownSource[] => known,
    /** Gives numbers to the sources that have none; they are stored before anything refers to them. */
    async number(configured: readonly { readonly id: string }[]): Promise<void> {
      const fresh = configured.filter(({ id }) => !known.some((source) => source.id === id))
      if (fresh.length === 0) return
      const all = [...known, ...fresh.map(({ id }) => ({ id, observedFrom: clock.now() }))]
      if (all.length > MOST_SOURCES) {
        throw new Error(
          `sources: this data folder has known ${known.length} sources, ${fresh.length} more would be over ` +
            `${MOST_SOURCES}; give new sources the ids of retired ones`,
        )
      }
      await settings.set(SETTING, JSON.stringify(all))
      known = all
    },
    /** After the wall clock was set back to `now`: none is configured only since later. */
    async setBack(now: Instant): Promise<void> {
      if (known.every(({ observedFrom }) => observedFrom <= now)) return
      known = known.map(({ id, observedFrom }) => ({ id, observedFrom: Math.min(observedFrom, now) }))
      await settings.set(SETTING, JSON.stringify(known))
    },
  }
}
