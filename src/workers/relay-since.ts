import type { Instant } from '../core/time.ts'
import type { Clock, SettingsStore } from '../ports.ts'

const KEY = 'letters.relay'

/**
 * Since when letters have gone to this relay, over restarts: what another relay accepted says nothing about it. A
 * relay that was not the last one is new. `relay`: a name without secrets.
 */
export async function readRelaySince(
  deps: { readonly clock: Pick<Clock, 'now'>; readonly settings: SettingsStore },
  relay: string,
): Promise<Instant> {
  const known = parse(await deps.settings.get(KEY))
  if (known?.relay === relay) return known.since
  const since = deps.clock.now()
  await deps.settings.set(KEY, `${since} ${relay}`)
  return since
}

function parse(text: string | null): { readonly relay: string; readonly since: Instant } | undefined {
  const [, since, relay = ''] = /^(\d+) (.*)$/.exec(text ?? '') ?? []
  return since === undefined ? undefined : { relay, since: Number(since) }
}
