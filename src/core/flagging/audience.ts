import type { Fleet } from '../fleet/fleet.ts'
import type { StoredIncident } from '../freshness/mass/incident.ts'
import type { Recipient } from '../letters/letter.ts'
import { addressKey } from '../letters/mailbox.ts'
import { type IncidentNews, newsFor } from './incident-news.ts'
import type { Scope } from './scope.ts'

/** Somebody who gets letters about terminals of some scope, with the zone of the times in them. */
export type Reader = { readonly recipient: Recipient; readonly scope: Scope; readonly zone: string }

/** One letter: who gets it, whose terminals are his, and what is his in the incident. */
export type Addressed = {
  readonly recipient: Recipient
  readonly zone: string
  readonly scopes: readonly Scope[]
  readonly news: IncidentNews
}

/** Whom an incident concerns, each address once, whatever number of digests it gets. */
export function audienceOf(
  fleet: Fleet,
  incident: StoredIncident,
  readers: readonly Reader[],
): readonly Addressed[] {
  const seenBy = newsFor(
    fleet,
    incident,
    readers.map(({ scope }) => scope),
  )
  const byAddress = Map.groupBy(readers, ({ recipient }) => addressKey(recipient.email))
  return [...byAddress.values()].flatMap((theirs) => {
    const [first] = theirs
    const scopes = theirs.map(({ scope }) => scope)
    const news = seenBy(scopes)
    return first === undefined || news === null
      ? []
      : [{ recipient: first.recipient, zone: first.zone, scopes, news }]
  })
}
