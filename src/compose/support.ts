import type { Config } from '../config/schema.ts'
import { domainOf, parseMailbox } from '../core/letters/mailbox.ts'
import type { FleetAccess } from '../http/deps/fleet.ts'
import type { SupportSettings } from '../http/deps/requests.ts'
import type { Clock, Log, Metrics, Notices, Stores } from '../ports.ts'
import { type ContactBook, createContactBook } from '../workers/contact-book.ts'
import { createRequestBook } from '../workers/request-book.ts'
import type { Stops } from './stops.ts'

export type SupportDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly stores: Pick<Stores, 'requests'>
  readonly notices: Notices
  readonly seenBy: FleetAccess['seenBy']
}

/** Requests to technical support. Read when it resolves; stopped by `stops`. */
export async function openSupport(deps: SupportDeps, config: () => Config, stops: Stops) {
  const { stores } = deps
  const support = (): SupportSettings => supportSettings(config())
  const requests = createRequestBook(
    { ...deps, store: stores.requests },
    {
      calendar: () => support().calendar,
      domain: () => domainOf(parseMailbox(config().letters.from)?.address ?? config().letters.from),
    },
  )
  stops.add('requests', () => requests.stop())
  await requests.load()
  return { requests, support }
}

/** How clients reach their dealer. Read when it resolves. */
export async function openContacts(
  deps: Pick<SupportDeps, 'clock' | 'log'> & { readonly stores: Pick<Stores, 'contacts'> },
): Promise<ContactBook> {
  const contacts = createContactBook({ ...deps, store: deps.stores.contacts })
  await contacts.load()
  return contacts
}

function supportSettings({ support, timezone }: Config): SupportSettings {
  const { address, departments, daysOff, workingDays } = support
  return {
    addresses: { support: address, department: departments },
    calendar: { timezone, daysOff: new Set(daysOff), workingDays: new Set(workingDays) },
  }
}
