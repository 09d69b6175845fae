import { beforeEach, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { DealerContact } from '../../src/core/people/dealer-contact.ts'
import { type RecordStore, StoreError, type Stores } from '../../src/ports.ts'
import { createContactBook } from '../../src/workers/contact-book.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog } from '../support/recorders.ts'

const ANNA = { name: 'anna', via: 'session', address: '' } as const

const contact = (id: string, phone = '+7 495 000-00-00'): DealerContact => ({
  id,
  name: '',
  phone,
  email: '',
  hours: '',
})

let stores: Stores

beforeEach(() => {
  stores = createMemoryStores()
})

async function open(store: RecordStore<DealerContact> = stores.contacts) {
  const book = createContactBook({ clock: createFakeClock(), log: createRecordingLog(), store })
  await book.load()
  return book
}

test('contacts are kept, the common one first, and found for each dealer', async () => {
  const book = await open()
  for (const id of ['B', '', 'A']) await book.save(contact(id), ANNA)
  expect(book.list().map(({ id }) => id)).toEqual(['', 'A', 'B'])
  expect(book.contactOf('A')?.id).toBe('A')
  expect(book.contactOf('C')?.id).toBe('')
  expect((await open()).list()).toEqual(book.list())
})

test('every change is in the audit trail, and one that changes nothing is none', async () => {
  const book = await open()
  await book.save(contact('A'), ANNA)
  await book.save(contact('A'), ANNA)
  await book.save(contact('A', '+7 800 1'), ANNA)
  expect(await book.remove('A', ANNA)).toBe('removed')
  expect(await book.remove('A', ANNA)).toBe('missing')
  const items = await stores.audit.list({ limit: 10 })
  expect(items.map(({ action }) => action)).toEqual(['contact.delete', 'contact.update', 'contact.add'])
  expect(await stores.contacts.load()).toEqual([])
})

test('a failing store changes nothing', async () => {
  const book = await open({
    ...stores.contacts,
    commit: async () => {
      throw new StoreError('full', 'disk full')
    },
  })
  await expect(book.save(contact('A'), ANNA)).rejects.toThrow('disk full')
  expect(book.list()).toEqual([])
})
