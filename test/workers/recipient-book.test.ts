import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { Actor } from '../../src/core/audit.ts'
import type { Recipient } from '../../src/core/letters/letter.ts'
import { createRecipientBook } from '../../src/workers/recipient-book.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog } from '../support/recorders.ts'

const ACTOR: Actor = { name: 'anna', via: 'session', address: '192.0.2.7' }
const FILE: Recipient = { email: 'boss@example.org', name: 'Boss', language: 'ru' }
const ANNA: Recipient = { email: 'anna@example.org', name: 'Anna', language: 'ru' }
const JOHN: Recipient = { email: 'john@example.org', name: 'John', language: 'en' }
const csv = (text: string): Uint8Array => new TextEncoder().encode(text)

function rig(file: readonly Recipient[] = [FILE]) {
  const stores = createMemoryStores()
  const clock = createFakeClock()
  const state = { file }
  const make = () =>
    createRecipientBook(
      { clock, store: stores.recipients, log: createRecordingLog() },
      { fromFile: () => state.file, defaultLanguage: () => 'ru' },
    )
  const audit = async (): Promise<readonly unknown[]> =>
    (await stores.audit.list({ limit: 1000 })).map(({ action, subject, before, after }) => ({
      action,
      subject,
      before,
      after,
    }))
  return { stores, clock, state, make, book: make(), audit }
}

const emails = (list: readonly Recipient[]): readonly string[] => list.map(({ email }) => email)

describe('the recipient book', () => {
  test('lists those of the file first, each address once, and gives letters to all of them', async () => {
    const { book } = rig([FILE, { ...FILE, email: 'BOSS@example.org', name: 'Again' }])
    await book.add(ANNA, ACTOR)
    expect(book.list()).toMatchObject([
      { ...FILE, origin: 'file' },
      { ...ANNA, origin: 'page' },
    ])
    expect(book.all()).toBe(book.list())
    expect(new Set(book.list().map(({ id }) => id)).size).toBe(2)
  })

  test('keeps what was entered over a restart, with the same ids', async () => {
    const { book, make } = rig()
    const anna = await book.add(ANNA, ACTOR)
    await book.add(JOHN, ACTOR)
    if (typeof anna === 'string') throw new Error(anna)
    await book.update(anna.id, { ...ANNA, name: 'Anna Petrova' }, ACTOR)
    const next = make()
    expect(emails(next.all())).toEqual(['boss@example.org'])
    await next.load()
    expect(next.list()).toEqual(book.list())
  })

  test('stores each change with its audit entry, before and after', async () => {
    const { book, audit } = rig()
    const added = await book.add(ANNA, ACTOR)
    if (typeof added === 'string') throw new Error(added)
    expect(await book.update(added.id, { ...ANNA, name: 'Anna Petrova' }, ACTOR)).toEqual({
      ...added,
      name: 'Anna Petrova',
    })
    expect(await book.remove(added.id, ACTOR)).toBe('removed')
    const subject = added.id
    const renamed = { ...ANNA, name: 'Anna Petrova' }
    expect(await audit()).toEqual([
      { action: 'recipient.delete', subject, before: renamed, after: null },
      { action: 'recipient.update', subject, before: ANNA, after: renamed },
      { action: 'recipient.add', subject, before: null, after: ANNA },
    ])
    expect(emails(book.all())).toEqual(['boss@example.org'])
  })

  test('says nothing in the audit trail of an update that changes nothing', async () => {
    const { book, audit } = rig()
    const added = await book.add(ANNA, ACTOR)
    if (typeof added === 'string') throw new Error(added)
    expect(await book.update(added.id, ANNA, ACTOR)).toEqual(added)
    expect(await audit()).toHaveLength(1)
  })

  test('takes each address once, whatever its case, also when two come at the same time', async () => {
    const { book } = rig()
    expect(await Promise.all([book.add(ANNA, ACTOR), book.add(ANNA, ACTOR)])).toMatchObject([ANNA, 'taken'])
    expect(await book.add({ ...ANNA, email: 'ANNA@Example.org' }, ACTOR)).toBe('taken')
    expect(await book.add({ ...FILE, email: 'Boss@example.org' }, ACTOR)).toBe('taken')
    const john = await book.add(JOHN, ACTOR)
    if (typeof john === 'string') throw new Error(john)
    expect(await book.update(john.id, { ...JOHN, email: ANNA.email }, ACTOR)).toBe('taken')
    expect(await book.update(john.id, { ...JOHN, email: 'JOHN@example.org' }, ACTOR)).toMatchObject({
      email: 'JOHN@example.org',
    })
  })

  test('does not change those of the file, and knows whom it does not have', async () => {
    const { book } = rig()
    const id = book.list()[0]?.id ?? ''
    expect(await book.update(id, ANNA, ACTOR)).toBe('read-only')
    expect(await book.remove(id, ACTOR)).toBe('read-only')
    expect(await book.update('r1', ANNA, ACTOR)).toBe('missing')
    expect(await book.remove('r1', ACTOR)).toBe('missing')
  })

  test('hides a stored one behind the file and brings it back when it leaves the file', async () => {
    const { book, state } = rig([])
    await book.add({ ...FILE, name: 'Entered' }, ACTOR)
    state.file = [FILE]
    expect(book.list()).toMatchObject([{ name: 'Boss', origin: 'file' }])
    state.file = []
    expect(book.list()).toMatchObject([{ name: 'Entered', origin: 'page' }])
  })

  test('gives one of the file the same id in every run', () => {
    expect(rig().book.list()[0]?.id).toBe(rig().book.list()[0]?.id)
    expect(rig().book.list()[0]?.id).toMatch(/^f[0-9a-f]{16}$/)
  })

  test('has changed nothing when the store fails, and works again afterwards', async () => {
    const { book, stores } = rig()
    const { commit } = stores.recipients
    Object.assign(stores.recipients, { commit: () => Promise.reject(new Error('disk full')) })
    await expect(book.add(ANNA, ACTOR)).rejects.toThrow('disk full')
    expect(emails(book.all())).toEqual(['boss@example.org'])
    Object.assign(stores.recipients, { commit })
    expect(await book.add(ANNA, ACTOR)).toMatchObject(ANNA)
  })

  test('refuses what no letter could be written to', async () => {
    const { book } = rig()
    await expect(book.add({ ...ANNA, email: 'a@b@c' }, ACTOR)).rejects.toThrow(RangeError)
    await expect(book.add({ ...ANNA, name: 'a\r\nBcc: x' }, ACTOR)).rejects.toThrow(RangeError)
    expect(emails(book.all())).toEqual(['boss@example.org'])
  })
})

describe('a file of recipients', () => {
  test('adds and updates, and says so in the audit trail', async () => {
    const { book, audit } = rig()
    await book.add(ANNA, ACTOR)
    const text =
      'email,name,language\nANNA@example.org,Anna Petrova,\njohn@example.org,John,en\nnew@example.org,,\n'
    expect(await book.importCsv(csv(text), ACTOR)).toEqual({ created: 2, updated: 1, rejected: [] })
    expect(book.list().slice(1)).toMatchObject([
      { email: 'ANNA@example.org', name: 'Anna Petrova', language: 'ru' },
      JOHN,
      { email: 'new@example.org', name: '', language: 'ru' },
    ])
    expect(await audit()).toMatchObject([
      { action: 'recipient.import', after: { email: 'new@example.org' } },
      { action: 'recipient.import', before: null, after: JOHN },
      { action: 'recipient.import', before: ANNA, after: { name: 'Anna Petrova' } },
      { action: 'recipient.add' },
    ])
    expect(new Set(book.list().map(({ id }) => id)).size).toBe(4)
  })

  test('changes nothing when a single row is bad', async () => {
    const { book, audit } = rig()
    const text = 'email,name\nanna@example.org,Anna\nboss@example.org,Another name\nbad\n'
    expect(await book.importCsv(csv(text), ACTOR)).toEqual({
      created: 0,
      updated: 0,
      rejected: [
        { line: 3, reason: 'boss@example.org stands in the configuration file; change it there' },
        { line: 4, reason: 'email: "bad" is no e-mail address' },
      ],
    })
    expect(emails(book.all())).toEqual(['boss@example.org'])
    expect(await audit()).toEqual([])
  })

  test('says in the language that is asked for what is wrong', async () => {
    const { book } = rig()
    const text = 'email,name,language\nboss@example.org,Another name,\nbad,,\nanna@example.org,,de\n"open'
    const { rejected } = await book.importCsv(csv(text), ACTOR, 'ru')
    expect(rejected.map(({ reason }) => reason)).toEqual([
      'boss@example.org указан в файле настроек; меняйте его там',
      'email: «bad» — не адрес электронной почты',
      'language: должно быть ru или en',
      'здесь начинается ячейка в кавычках, и закрывающей кавычки нет',
    ])
  })

  test('that was given out changes nothing when it is read in again', async () => {
    const { book, audit } = rig()
    await book.add(ANNA, ACTOR)
    const lines = book.list().map((one) => [one.id, one.email, one.name, one.language, one.origin].join())
    const text = ['id,email,name,language,origin', ...lines].join('\r\n')
    expect(await book.importCsv(csv(text), ACTOR)).toEqual({ created: 0, updated: 0, rejected: [] })
    expect(await audit()).toHaveLength(1)
  })

  test('holds 10,000 recipients and not one more', async () => {
    const { book } = rig([])
    const rows = Array.from({ length: 10_001 }, (_, n) => `r${n}@example.org`)
    const all = await book.importCsv(csv(['email', ...rows].join('\n')), ACTOR)
    expect(all).toEqual({
      created: 0,
      updated: 0,
      rejected: [{ line: 10_002, reason: 'there can be at most 10000 recipients' }],
    })
    expect(await book.importCsv(csv(['email', ...rows.slice(1)].join('\n')), ACTOR)).toMatchObject({
      created: 10_000,
    })
    expect(await book.add(ANNA, ACTOR)).toBe('full')
    expect(new Set(book.list().map(({ id }) => id)).size).toBe(10_000)
  })
})
