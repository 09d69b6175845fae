import type { Instant } from '../core/time.ts'
import type { FleetReader } from './deps/fleet.ts'
import type { IncidentReader } from './deps/incidents.ts'
import type { SeenRequests } from './deps/requests.ts'
import type { AppDeps } from './deps.ts'
import type { HttpContext } from './env.ts'

/** The terminals that the account of a request may see. Only behind the account check. */
export function seenFleet(c: HttpContext, { fleet }: Pick<AppDeps, 'fleet'>): FleetReader {
  return fleet.seenBy(c.get('identity').scope)
}

/** A source that hears nothing. */
export type BlindSource = { readonly id: string; readonly blindSince: Instant }

/** The blind ones of the sources that the account's terminals are heard by. Only behind the account check. */
export async function seenBlindSources(
  c: HttpContext,
  deps: Pick<AppDeps, 'fleet'>,
): Promise<readonly BlindSource[]> {
  const blind = deps.fleet
    .sources()
    .flatMap(({ id, blindSince }) => (blindSince === null ? [] : [{ id, blindSince }]))
  if (blind.length === 0) return blind
  const heard = await seenFleet(c, deps).heardBy(blind.map(({ id }) => id))
  return blind.filter(({ id }) => heard.has(id))
}

/** The incidents that the account of a request may see. Only behind the account check. */
export function seenIncidents(c: HttpContext, { incidents }: Pick<AppDeps, 'incidents'>): IncidentReader {
  return incidents.seenBy(c.get('identity').scope)
}

/** The requests to support that the account of a request may see. Only behind the account check. */
export function seenRequests(c: HttpContext, { requests }: Pick<AppDeps, 'requests'>): SeenRequests {
  return requests.seenBy(c.get('identity'))
}
