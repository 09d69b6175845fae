import type { Actor, AuditEntry } from '../core/audit.ts'
import { contactFor, type DealerContact } from '../core/people/dealer-contact.ts'
import type { Clock, Log, RecordStore } from '../ports.ts'
import { createTurns } from './turns.ts'

export type ContactBookDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: RecordStore<DealerContact>
  readonly log: Log
}

export type ContactBook = {
  /** Reads the stored ones; rejects with StoreError. */
  load(): Promise<void>
  /** The one of everybody first, then by dealer. */
  list(): readonly DealerContact[]
  /** A dealer's own, else that of everybody. */
  contactOf(dealer: string): DealerContact | undefined
  /** Adds or changes the contact of the dealer that its id names. */
  save(contact: DealerContact, actor: Actor): Promise<'saved' | 'full'>
  remove(dealer: string, actor: Actor): Promise<'removed' | 'missing'>
}

const MOST_CONTACTS = 10_000

/**
 * How clients reach their dealer. Changes happen one after the other, each in one transaction with its audit entry; they
 * reject with StoreError and then nothing has changed.
 */
export function createContactBook({ clock, store, log }: ContactBookDeps): ContactBook {
  let contacts: ReadonlyMap<string, DealerContact> = new Map()
  let list: readonly DealerContact[] = []
  const turns = createTurns()

  function put(all: Iterable<DealerContact>): void {
    list = [...all].sort((a, b) => (a.id < b.id ? -1 : 1))
    contacts = new Map(list.map((contact) => [contact.id, contact]))
  }

  async function commit(
    before: DealerContact | null,
    after: DealerContact | null,
    actor: Actor,
  ): Promise<void> {
    const subject = (after ?? before)?.id ?? ''
    const action = after === null ? 'contact.delete' : before === null ? 'contact.add' : 'contact.update'
    const entry: AuditEntry = { at: clock.now(), actor, action, subject, before, after }
    const others = list.filter(({ id }) => id !== subject)
    await store.commit({
      save: after ? [after] : [],
      remove: after ? [] : [subject],
      audit: [entry],
    })
    put(after ? [...others, after] : others)
    log.info('a contact was changed', { action, dealer: subject, by: actor.name })
  }

  return {
    load: () => turns.take(async () => put(await store.load())),
    list: () => list,
    contactOf: (dealer) => contactFor(contacts, dealer),
    save: (contact, actor) =>
      turns.take(async () => {
        const before = contacts.get(contact.id) ?? null
        if (before === null && contacts.size >= MOST_CONTACTS) return 'full'
        if (before === null || !isSame(before, contact)) await commit(before, contact, actor)
        return 'saved'
      }),
    remove: (dealer, actor) =>
      turns.take(async () => {
        const before = contacts.get(dealer)
        if (before === undefined) return 'missing'
        await commit(before, null, actor)
        return 'removed'
      }),
  }
}

function isSame(a: DealerContact, b: DealerContact): boolean {
  return a.name === b.name && a.phone === b.phone && a.email === b.email && a.hours === b.hours
}
