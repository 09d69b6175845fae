import type { Config } from '../config/schema.ts'
import { domainOf, parseMailbox } from '../core/letters/mailbox.ts'
import type { FleetAccess } from '../http/deps.ts'
import type { Clock, Log, Metrics, Notices, Stores } from '../ports.ts'
import { createContactBook } from '../workers/contact-book.ts'
import { createRequestBook } from '../workers/request-book.ts'
import type { Stops } from './stops.ts'

export type SupportDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly stores: Pick<Stores, 'requests' | 'contacts'>
  readonly notices: Notices
  readonly seenBy: FleetAccess['seenBy']
}

/** Requests to technical support, and how clients reach their dealer. Read when it resolves; stopped by `stops`. */
export async function openSupport(deps: SupportDeps, config: () => Config, stops: Stops) {
  const { stores, seenBy } = deps
  const contacts = createContactBook({ ...deps, store: stores.contacts })
  await contacts.load()
  const requests = createRequestBook(
    { ...deps, store: stores.requests, terminal: (id, scope) => seenBy(scope).get(id) },
    {
      timezone: () => config().timezone,
      domain: () => domainOf(parseMailbox(config().letters.from)?.address ?? config().letters.from),
    },
  )
  stops.add('requests', () => requests.stop())
  await requests.load()
  return { requests, contacts }
}
