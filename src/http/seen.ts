import type { FleetReader } from './deps/fleet.ts'
import type { IncidentReader } from './deps/incidents.ts'
import type { SeenRequests } from './deps/requests.ts'
import type { AppDeps } from './deps.ts'
import type { HttpContext } from './env.ts'

/** The terminals that the account of a request may see. Only behind the account check. */
export function seenFleet(c: HttpContext, { fleet }: Pick<AppDeps, 'fleet'>): FleetReader {
  return fleet.seenBy(c.get('identity').scope)
}

/** The incidents that the account of a request may see. Only behind the account check. */
export function seenIncidents(c: HttpContext, { incidents }: Pick<AppDeps, 'incidents'>): IncidentReader {
  return incidents.seenBy(c.get('identity').scope)
}

/** The requests to support that the account of a request may see. Only behind the account check. */
export function seenRequests(c: HttpContext, { requests }: Pick<AppDeps, 'requests'>): SeenRequests {
  return requests.seenBy(c.get('identity'))
}
