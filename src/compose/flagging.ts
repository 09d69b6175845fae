import { createTimetable } from '../adapters/cron/timetable.ts'
import { type Fault, pathText, valueAt } from '../config/fault.ts'
import type { Config } from '../config/schema.ts'
import type { Reader } from '../core/flagging/audience.ts'
import { dealerOfClients } from '../core/flagging/dealer-of-clients.ts'
import { readDigestState } from '../core/flagging/digest-state.ts'
import type { FlagLetter } from '../core/flagging/flag-letter.ts'
import type { Explain } from '../core/flagging/flagged.ts'
import { readNoteState } from '../core/flagging/note-state.ts'
import type { Scope } from '../core/flagging/scope.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { Language, NewLetter, Recipient } from '../core/letters/letter.ts'
import { contactLine, type DealerContact } from '../core/people/dealer-contact.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, Log, Metrics, Stores, Timetable } from '../ports.ts'
import { createEmptyDigests } from '../workers/empty-digests.ts'
import { createFlagDigest } from '../workers/flag-digest.ts'
import { createFlagNotes } from '../workers/flag-notes.ts'
import { createFlagProgress } from '../workers/flag-progress.ts'
import { createIncidentLetters } from '../workers/incident-letters.ts'

export type FlaggingDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly timetable: Pick<Timetable, 'run' | 'next'>
  readonly fleet: Fleet
  readonly stores: Pick<Stores, 'flags' | 'settings' | 'outbox'>
  readonly explain: Explain
  /** How clients reach their dealer. */
  readonly contacts: Contacts
  readonly letters: {
    flagLetter(letter: FlagLetter, to: readonly Recipient[], at: Instant): Promise<readonly NewLetter[]>
    wake(): void
  }
}

type Contacts = { contactOf(dealer: string): DealerContact | undefined }

type Digest = Config['flagging']['digests'][number]
type Worker = { start(): Promise<void>; stop(): Promise<void> }

/** Tells of silent terminals before anybody opens a ticket: digests, immediate notes, letters about mass silence. */
export function openFlagging(deps: FlaggingDeps, first: Config) {
  let config = first
  let workers: readonly Worker[] = workersFor(deps, first)
  const base = {
    ...deps,
    flags: deps.stores.flags,
    contactOf: contactsFor(deps),
    write: deps.letters.flagLetter,
    stored: deps.letters.wake,
  }
  const incidents = createIncidentLetters({
    ...base,
    outbox: deps.stores.outbox,
    readers: () => readersOf(config),
  })

  const empty = createEmptyDigests(deps, () =>
    config.flagging.digests.map(({ id, dealer, client }) => ({ id, scope: { dealer, client } })),
  )

  return {
    /** Resolves when it is known what was told before. The inventory must be there. */
    async start(): Promise<void> {
      empty.tell()
      incidents.start()
      for (const worker of workers) await worker.start()
    },
    async stop(): Promise<void> {
      await Promise.all([incidents, ...workers].map((worker) => worker.stop()))
    },
    /** What was told is remembered in the store, so workers can be replaced. */
    async reconfigure(next: Config): Promise<void> {
      const same = foundationOf(next) === foundationOf(config)
      config = next
      if (same) return
      await Promise.all(workers.map((worker) => worker.stop()))
      workers = workersFor(deps, next)
      for (const worker of workers) await worker.start()
    },
    /** After a reload, when its inventory file was imported. */
    lookForTerminals: empty.tell,
    /** What people must set right, for the pages. */
    warnings: (language: Language): readonly string[] => empty.warnings(language),
  }
}

/** Digests whose times are none, looked for in the raw tree of a configuration. */
export function digestFaults(tree: unknown): readonly Fault[] {
  const digests = valueAt(tree, ['flagging', 'digests'])
  if (!Array.isArray(digests)) return []
  const timetable = createTimetable({ log: SILENT })
  return digests.flatMap((digest: unknown, index) => {
    const at = valueAt(digest, ['at'])
    const fault = typeof at === 'string' ? timetable.fault(at) : null
    return fault === null
      ? []
      : [{ path: pathText(['flagging', 'digests', index, 'at']), message: fault.text }]
  })
}

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Everything that digests and notes rest on, as one text to compare. */
function foundationOf({ flagging, timezone }: Config): string {
  return JSON.stringify([flagging, timezone])
}

function workersFor(deps: FlaggingDeps, config: Config): readonly Worker[] {
  return config.flagging.digests.flatMap((digest) => workersOf(deps, digest, config))
}

function workersOf(deps: FlaggingDeps, { id, ...digest }: Digest, config: Config): readonly Worker[] {
  const { stores, letters, log } = deps
  const base = {
    ...deps,
    flags: stores.flags,
    contactOf: contactsFor(deps),
    write: letters.flagLetter,
    stored: letters.wake,
  }
  const places = { settings: stores.settings, outbox: stores.outbox, log }
  const { recipients, dealer, client, notes } = digest
  const audience = { id, recipients, scope: { dealer, client } }
  const zone = zoneOf(digest, config)
  const writer = createFlagDigest(
    {
      ...base,
      noted: () => noting.noted(),
      progress: createFlagProgress(places, `flagging.digest.${id}`, readDigestState),
    },
    { ...audience, cron: digest.at, zone },
  )
  const noting = createFlagNotes(
    {
      ...base,
      digested: writer.digested,
      progress: createFlagProgress(places, `flagging.notes.${id}`, readNoteState),
    },
    {
      ...audience,
      holdMs: notes.hold,
      hours: { from: notes.from, to: notes.to, days: notes.days, zone },
    },
  )
  return notes.enabled ? [noting, writer] : [writer]
}

/** Clients ask their dealer, where he has a contact (regulation, point 18); others the sender. */
function contactsFor({ fleet, contacts }: FlaggingDeps): (scopes: readonly Scope[]) => string {
  return (scopes) => {
    const dealer = dealerOfClients(fleet, scopes)
    const contact = dealer === null ? undefined : contacts.contactOf(dealer)
    return contact === undefined ? '' : contactLine(contact)
  }
}

/** Operators see the whole fleet. */
function readersOf(config: Config): readonly Reader[] {
  const { letters, language, timezone, flagging } = config
  const operators = letters.operators.map((email) => ({
    recipient: { email, name: '', language },
    scope: { dealer: '', client: '' },
    zone: timezone,
  }))
  const readers = flagging.digests.flatMap((digest) =>
    digest.recipients.map((recipient) => ({
      recipient,
      scope: { dealer: digest.dealer, client: digest.client },
      zone: zoneOf(digest, config),
    })),
  )
  return [...operators, ...readers]
}

function zoneOf(digest: Pick<Digest, 'timezone'>, { timezone }: Config): string {
  return digest.timezone === '' ? timezone : digest.timezone
}
