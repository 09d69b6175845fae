import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import { type AccountBook, createAccountBook, type NewAccount } from '../../src/workers/account-book.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { createRecordingLog } from '../support/recorders.ts'

const ANNA = { name: 'anna', via: 'session', address: '192.0.2.1' } as const

function wish(id: string, change: Partial<NewAccount> = {}): NewAccount {
  const blank = { role: 'dealer', clients: [], groups: [], language: null, mustChange: false } as const
  return { id, ...blank, passwordHash: `hash of ${id}`, ...change }
}

let clock: FakeClock
let stores: ReturnType<typeof createMemoryStores>
let book: AccountBook

beforeEach(async () => {
  clock = createFakeClock()
  stores = createMemoryStores()
  book = createAccountBook({ clock, store: stores.accounts, log: createRecordingLog() })
  await book.add(wish('admin', { role: 'admin' }), ANNA)
})

const trail = async () =>
  (await stores.audit.list({ limit: 100 })).map(({ action, subject }) => `${action} ${subject}`)

describe('an account', () => {
  test('is stored with its audit entry and is there after a restart', async () => {
    await book.add(wish('olga', { clients: ['Agro'] }), ANNA)
    const next = createAccountBook({ clock, store: stores.accounts, log: createRecordingLog() })
    expect(next.list()).toEqual([])
    await next.load()
    expect(next.list()).toEqual(book.list())
    expect(next.get('OLGA')).toMatchObject({ id: 'olga', clients: ['Agro'], createdBy: 'anna' })
    expect(await trail()).toEqual(['account.add olga', 'account.add admin'])
  })

  test('has a name of its own, in whatever case', async () => {
    expect(await book.add(wish('Admin'), ANNA)).toBe('taken')
    expect(await book.add(wish('асе'), ANNA)).toMatchObject({ id: 'асе' })
    expect(await book.add(wish('ace'), ANNA)).toBe('taken')
    await expect(book.add(wish('..'), ANNA)).rejects.toThrow(RangeError)
    expect(await book.change('nobody', { role: 'dealer' }, ANNA)).toBe('missing')
    expect(await book.remove('nobody', ANNA)).toBe('missing')
  })

  test('shows no secret in the audit trail', async () => {
    await book.add(wish('olga'), ANNA)
    await book.change('olga', { tokenHash: 'hash of a token' }, ANNA)
    await book.change('olga', { passwordHash: 'another hash' }, ANNA)
    await book.change('olga', { tokenHash: null }, ANNA)
    const entries = await stores.audit.list({ limit: 100 })
    expect(JSON.stringify(entries)).not.toContain('hash')
    expect(await trail()).toEqual([
      'account.token-delete olga',
      'account.password olga',
      'account.token olga',
      'account.add olga',
      'account.add admin',
    ])
  })

  test('that is changed to what it is leaves no entry', async () => {
    await book.change('admin', { role: 'admin' }, ANNA)
    expect(await trail()).toEqual(['account.add admin'])
  })

  test('stays as it was when the store fails', async () => {
    const store = { ...stores.accounts, commit: () => Promise.reject(new Error('full')) }
    const failing = createAccountBook({ clock, store, log: createRecordingLog() })
    await failing.load()
    const before = failing.list()
    await expect(failing.change('admin', { language: 'en' }, ANNA)).rejects.toThrow('full')
    await expect(failing.add(wish('olga'), ANNA)).rejects.toThrow('full')
    expect(failing.list()).toEqual(before)
  })
})

describe('a token', () => {
  test('finds its account until another one takes its place', async () => {
    await book.change('admin', { tokenHash: 'first' }, ANNA)
    expect(book.byToken('first')?.id).toBe('admin')
    await book.change('admin', { tokenHash: 'second' }, ANNA)
    expect(book.byToken('first')).toBeUndefined()
    await book.add(wish('other', { role: 'admin' }), ANNA)
    await book.remove('admin', ANNA)
    expect(book.byToken('second')).toBeUndefined()
  })
})

describe('the last administrator', () => {
  test('can be neither removed nor made something else', async () => {
    await book.add(wish('olga', { role: 'operator' }), ANNA)
    expect(await book.remove('admin', ANNA)).toBe('last-admin')
    expect(await book.change('admin', { role: 'operator' }, ANNA)).toBe('last-admin')
    expect(book.get('admin')?.role).toBe('admin')
  })

  test('is one also when two are removed at the same time', async () => {
    await book.add(wish('second', { role: 'admin' }), ANNA)
    expect(await Promise.all([book.remove('admin', ANNA), book.remove('second', ANNA)])).toEqual([
      'removed',
      'last-admin',
    ])
  })
})

describe('sessions', () => {
  test.each([
    ['role', { role: 'operator' }, true],
    ['clients', { clients: ['Agro'] }, true],
    ['groups', { groups: ['D/Agro'] }, true],
    ['password', { passwordHash: 'other' }, true],
    ['language', { language: 'en' }, false],
    ['token', { tokenHash: 'x' }, false],
  ] as const)('end with a change of %s: %j', async (_name, change, ends) => {
    await book.add(wish('olga'), ANNA)
    const before = book.get('olga')?.changedAt ?? 0
    await book.change('olga', change, ANNA)
    expect((book.get('olga')?.changedAt ?? 0) > before).toBe(ends)
  })

  test('end also when the clock was set back', async () => {
    const before = book.get('admin')?.changedAt ?? 0
    clock.step(-HOUR)
    await book.signOut('admin', 'all', ANNA)
    expect(book.get('admin')?.changedAt).toBe(before + 1)
  })

  test('that were left are kept until they would have ended by themselves', async () => {
    await book.signOut('admin', { id: 'a', until: clock.now() + MINUTE }, ANNA)
    await book.signOut('admin', { id: 'b', until: clock.now() + HOUR }, ANNA)
    expect(book.get('admin')?.ended.map(({ id }) => id)).toEqual(['a', 'b'])
    await clock.advance(2 * MINUTE)
    await book.signOut('admin', { id: 'c', until: clock.now() + HOUR }, ANNA)
    expect(book.get('admin')?.ended.map(({ id }) => id)).toEqual(['b', 'c'])
  })

  test('all end when somebody leaves more than are remembered', async () => {
    const before = book.get('admin')?.changedAt ?? 0
    for (let i = 0; i < 51; i++) await book.signOut('admin', { id: `${i}`, until: clock.now() + HOUR }, ANNA)
    expect(book.get('admin')?.ended).toEqual([])
    expect(book.get('admin')?.changedAt).toBeGreaterThan(before)
  })
})
