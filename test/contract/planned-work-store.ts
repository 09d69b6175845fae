import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../src/core/time.ts'
import type { AuditTrail, Outbox, PlannedWorkStore } from '../../src/ports.ts'
import { auditEntry, letter, T0 } from '../support/store-rows.ts'

type Change = Parameters<PlannedWorkStore['commit']>[0]

function change(part: Partial<Omit<Change, 'save'>> & Partial<Change['save']>): Change {
  const { windows = [], rules = [], ...rest } = part
  const nothing = { deleteWindows: [], deleteRules: [], letters: { add: [], supersede: [] }, audit: [] }
  return { save: { windows, rules }, ...nothing, ...rest }
}

/** Every PlannedWorkStore must pass this; `create` gives an empty one and the stores that share its tables. */
export function plannedWorkStoreContract(
  name: string,
  create: () => Promise<{
    readonly plannedWork: PlannedWorkStore
    readonly outbox: Outbox
    readonly audit: AuditTrail
  }>,
): void {
  const late = { id: 'b', from: T0 + DAY, to: T0 + 2 * DAY, reason: 'база' }
  const early = { id: 'c', from: T0, to: T0 + DAY, reason: '', announced: true, rule: 'r1' }
  const rule = { id: 'r2', cron: '0 3 * * 0', durationMs: 2 * HOUR, reason: 'диски', announce: true }

  describe(`PlannedWorkStore contract: ${name}`, () => {
    test('a new store is empty', async () => {
      const { plannedWork } = await create()
      expect(await plannedWork.load()).toEqual({ windows: [], rules: [] })
    })

    test('windows are saved, changed and deleted by id and come by their beginning', async () => {
      const { plannedWork } = await create()
      const twin = { id: 'a', from: T0 + DAY, to: T0 + DAY + 1, reason: 'x', announced: false }
      await plannedWork.commit(change({ windows: [late, early, twin] }))
      expect((await plannedWork.load()).windows).toEqual([early, twin, late])
      const ended = { ...late, to: T0 + DAY + 1, announced: true }
      await plannedWork.commit(change({ windows: [ended], deleteWindows: ['c', 'never was'] }))
      expect((await plannedWork.load()).windows).toEqual([twin, ended])
    })

    test('rules are saved, changed and deleted by id and keep the order of being added', async () => {
      const { plannedWork } = await create()
      const other = { ...rule, id: 'r1', announce: false }
      await plannedWork.commit(change({ rules: [rule, other] }))
      const changed = { ...rule, cron: '5 3 * * 0', durationMs: HOUR, reason: '', announce: false }
      await plannedWork.commit(change({ rules: [changed] }))
      expect(await plannedWork.load()).toEqual({ windows: [], rules: [changed, other] })
      await plannedWork.commit(change({ deleteRules: ['r2', 'never was'] }))
      await plannedWork.commit(change({ rules: [rule] }))
      expect((await plannedWork.load()).rules).toEqual([other, rule])
    })

    test('what one change deletes and saves is there afterwards', async () => {
      const { plannedWork } = await create()
      await plannedWork.commit(change({ windows: [late], rules: [rule] }))
      await plannedWork.commit(
        change({ windows: [late], rules: [rule], deleteWindows: [late.id], deleteRules: [rule.id] }),
      )
      expect(await plannedWork.load()).toEqual({ windows: [late], rules: [rule] })
    })

    test('letters and audit entries are stored with the window', async () => {
      const { plannedWork, outbox, audit } = await create()
      const first = letter('announcement', 'a@example.test', { subject: 'b', sequence: 1 })
      const second = letter('announcement', 'a@example.test', { subject: 'b', sequence: 2 })
      const entry = auditEntry('b', { action: 'maintenance.add' })
      await plannedWork.commit(
        change({ windows: [late], letters: { add: [first], supersede: [] }, audit: [entry] }),
      )
      await plannedWork.commit(
        change({ deleteWindows: ['b'], letters: { add: [second], supersede: [first.id] } }),
      )
      const { items } = await outbox.list({ limit: 10 })
      expect(items.map(({ id, state }) => [id, state])).toEqual([
        [second.id, 'pending'],
        [first.id, 'superseded'],
      ])
      expect(await audit.list({ limit: 10 })).toEqual([{ number: 1, ...entry }])
    })

    test('when a letter to be superseded has been claimed nothing is stored and the caller is told', async () => {
      const { plannedWork, outbox, audit } = await create()
      const claimed = letter('announcement', 'a@example.test')
      await outbox.add([claimed])
      await outbox.claim(T0, 1)
      const committing = plannedWork.commit(
        change({
          windows: [late],
          rules: [rule],
          letters: { add: [letter('announcement', 'b@example.test')], supersede: [claimed.id] },
          audit: [auditEntry('b')],
        }),
      )
      await expect(committing).rejects.toMatchObject({ name: 'StoreError', kind: 'other' })
      expect(await plannedWork.load()).toEqual({ windows: [], rules: [] })
      expect(await audit.list({ limit: 10 })).toEqual([])
      expect((await outbox.list({ limit: 10 })).total).toBe(1)
    })
  })
}
