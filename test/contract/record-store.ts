import { describe, expect, test } from 'vitest'
import type { Account } from '../../src/core/people/account.ts'
import type { AuditTrail, NoteStore, RecordStore } from '../../src/ports.ts'
import { auditEntry, T0 } from '../support/store-rows.ts'

function account(id: string, change: Partial<Account> = {}): Account {
  return {
    id,
    role: 'dealer',
    clients: ['ООО "Ромашка"'],
    groups: [],
    language: null,
    passwordHash: null,
    tokenHash: null,
    mustChange: false,
    createdAt: T0,
    createdBy: 'system',
    changedAt: T0,
    ended: [],
    ...change,
  }
}

/** Every RecordStore and NoteStore must pass this; `create` gives empty ones and the audit trail that belongs to them. */
export function recordStoreContract(
  name: string,
  create: () => Promise<{
    readonly accounts: RecordStore<Account>
    readonly firmware: RecordStore<{ readonly id: string }>
    readonly notes: NoteStore
    readonly audit: AuditTrail
  }>,
): void {
  describe(`RecordStore contract: ${name}`, () => {
    test('records are saved, changed and removed by id and keep the order of being added', async () => {
      const { accounts } = await create()
      expect(await accounts.load()).toEqual([])
      const [z, a, m] = [account('z'), account('a', { language: 'en' }), account('m')]
      await accounts.commit({ save: [z, a], remove: [], audit: [] })
      await accounts.commit({ save: [m], remove: [], audit: [] })
      expect(await accounts.load()).toEqual([z, a, m])
      const changed = account('z', { role: 'operator', tokenHash: 'h' })
      await accounts.commit({ save: [changed], remove: ['a', 'never was'], audit: [] })
      expect(await accounts.load()).toEqual([changed, m])
    })

    test('what is removed and saved in one change is there afterwards, at the end', async () => {
      const { accounts } = await create()
      await accounts.commit({ save: [account('a'), account('b')], remove: [], audit: [] })
      await accounts.commit({ save: [account('a')], remove: ['a'], audit: [] })
      expect((await accounts.load()).map(({ id }) => id)).toEqual(['b', 'a'])
    })

    test('records of one kind are not those of another one with the same id', async () => {
      const { accounts, firmware } = await create()
      await accounts.commit({ save: [account('a')], remove: [], audit: [] })
      await firmware.commit({ save: [], remove: ['a'], audit: [] })
      expect(await accounts.load()).toHaveLength(1)
      expect(await firmware.load()).toEqual([])
    })

    test('audit entries are stored with the change', async () => {
      const { accounts, audit } = await create()
      const entries = [auditEntry('a', { action: 'account.add' }), auditEntry('b')]
      await accounts.commit({ save: [account('a')], remove: [], audit: entries })
      expect((await audit.list({ limit: 10 })).map(({ subject }) => subject)).toEqual(['b', 'a'])
    })

    test('notes are listed per terminal, newest first, with their audit entries', async () => {
      const { notes, audit } = await create()
      const note = (terminalId: string, text: string) =>
        ({ terminalId, client: 'Агро', group: 'Д/Агро', at: T0, by: 'olga', kind: 'note', text }) as const
      await notes.add([note('1', 'первая'), note('2', 'other')], [auditEntry('1')])
      await notes.add([note('1', 'second')], [])
      expect((await notes.of('1', 'all', 10)).map(({ text }) => text)).toEqual(['second', 'первая'])
      expect(await notes.of('1', 'all', 1)).toEqual([note('1', 'second')])
      expect(await notes.of('3', 'all', 10)).toEqual([])
      const [{ at }] = [note('1', '')]
      expect(await notes.of('1', 'all', 10, at, at + 1)).toHaveLength(2)
      expect(await notes.of('1', 'all', 10, at + 1)).toEqual([])
      expect(await notes.of('1', 'all', 10, 0, at)).toEqual([])
      expect(await audit.list({ limit: 10 })).toHaveLength(1)
    })

    test('notes of other scopes do not count towards the limit of those that somebody may see', async () => {
      const { notes } = await create()
      const note = (text: string, client: string, group: string) =>
        ({ terminalId: '1', client, group, at: T0, by: 'olga', kind: 'note', text }) as const
      await notes.add([note('mine', 'Агро', 'Д'), note('below', '', 'Д/Агро'), note('nobody', '', '')], [])
      await notes.add(
        Array.from({ length: 20 }, (_, n) => note(`other ${n}`, 'Лес', 'Д2')),
        [],
      )
      const scopes = [
        { clients: ['Агро'], groups: [] },
        { clients: [], groups: ['Д'] },
        { clients: ['', 'Лес'], groups: [''] },
        { clients: [], groups: [] },
      ]
      const seen = await Promise.all(scopes.map((scope) => notes.of('1', scope, 2)))
      expect(seen.map((found) => found.map(({ text }) => text))).toEqual([
        ['mine'],
        ['below', 'mine'],
        ['other 19', 'other 18'],
        [],
      ])
      expect(await notes.of('1', 'all', 30)).toHaveLength(23)
    })
  })
}
