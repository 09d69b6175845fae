import { describe, expect, test } from 'vitest'
import type { TerminalNote } from '../../src/core/fleet/note.ts'
import type { Removable } from '../../src/core/retention/cutoffs.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../src/core/time.ts'
import type { RetentionStore, Stores } from '../../src/ports.ts'
import {
  ANNA,
  auditEntry,
  flushOf,
  incident,
  letter,
  outage,
  round,
  settlement,
  T0,
  transition,
} from '../support/store-rows.ts'
import { walkSlices } from '../support/walk-slices.ts'

const removeAll = (store: RetentionStore, what: Removable, before: Instant): Promise<number> =>
  walkSlices((after) =>
    what === 'audit' ? store.removeAudit(before, after, null) : store.remove(what, before, after),
  )

/** Every RetentionStore must pass this; `create` gives it empty, with the stores that it works on. */
export function retentionStoreContract(name: string, create: () => Promise<Stores>): void {
  describe(`RetentionStore contract: ${name}`, () => {
    test('an empty store has nothing to remove', async () => {
      const { retention } = await create()
      expect(await walkSlices((after) => retention.join(T0, after))).toBe(0)
      for (const what of ['rounds', 'transitions', 'letters', 'outages', 'audit'] as const) {
        expect(await removeAll(retention, what, T0)).toBe(0)
      }
    })

    test('joined rounds are read as they were; what came later, a step and what differs are left alone', async () => {
      const { retention, outages } = await create()
      const rows = [
        ...Array.from({ length: 700 }, (_, minute) => round(T0 + minute * MINUTE)),
        { kind: 'step' as const, at: T0 + 700 * MINUTE, deltaMs: -MINUTE },
        round(T0 + 700 * MINUTE, { verdict: 'fail' }),
        ...Array.from({ length: 100 }, (_, minute) => round(T0 + (701 + minute) * MINUTE)),
      ]
      for (const row of rows) await outages.append(row)
      // 6 h make 361 rounds, so 700 are two runs; 50 of the last rounds are old enough.
      const before = T0 + 751 * MINUTE
      expect(await walkSlices((after) => retention.join(before, after))).toBe(360 + 338 + 49)
      expect(await outages.trace(0, T0 + DAY)).toEqual(rows)
      const [from, to] = [T0 + 100 * MINUTE, T0 + 400 * MINUTE]
      expect(await outages.trace(from, to)).toEqual(rows.filter(({ at }) => at >= from && at < to))
      expect(await walkSlices((after) => retention.join(before, after))).toBe(0)
      // The next night goes on where this one ended.
      expect(await walkSlices((after) => retention.join(before + 10 * MINUTE, after))).toBe(10)
      expect(await outages.trace(0, T0 + DAY)).toEqual(rows)
    })

    test('rounds and hours of uptime go, of joined rounds those that are old', async () => {
      const { retention, outages, uptime } = await create()
      for (let minute = 0; minute < 60; minute++) await outages.append(round(T0 + minute * MINUTE))
      await outages.append(round(T0 + DAY))
      await uptime.saveHours([
        { at: T0, totals: {} },
        { at: T0 + DAY, totals: {} },
      ])
      await walkSlices((after) => retention.join(T0 + HOUR, after))
      expect(await removeAll(retention, 'rounds', T0 + 30 * MINUTE - 1)).toBe(0)
      const young = Array.from({ length: 30 }, (_, minute) => round(T0 + (30 + minute) * MINUTE))
      expect(await outages.trace(0, T0 + 2 * DAY)).toEqual([...young, round(T0 + DAY)])
      expect((await uptime.extent()).firstRoundAt).toBe(T0 + 30 * MINUTE)
      expect(await removeAll(retention, 'rounds', T0 + HOUR)).toBe(1)
      expect(await outages.trace(0, T0 + 2 * DAY)).toEqual([round(T0 + DAY)])
      expect(await removeAll(retention, 'uptime-hours', T0 + HOUR)).toBe(1)
      expect(await uptime.extent()).toEqual({ firstRoundAt: T0 + DAY, lastHourAt: T0 + DAY })
    })

    test('old transitions go, more than a slice of them; the newest stays, so that numbers go on', async () => {
      const { retention, fleet, flags } = await create()
      const transitions = Array.from({ length: 700 }, (_, n) =>
        transition({ at: T0 + n, terminalId: String(n % 7), alertId: `a-${n}` }),
      )
      // One that a wrong clock dated stands in the way of nothing.
      transitions[3] = transition({ at: T0 + 9 * DAY, terminalId: '3' })
      await fleet.flush(flushOf({ transitions }))
      expect(await removeAll(retention, 'transitions', T0 + 650)).toBe(649)
      expect((await fleet.history('3', 0, T0 + 10 * DAY, 99)).map(({ at }) => at)).toEqual([
        T0 + 9 * DAY,
        ...[696, 689, 682, 675, 668, 661, 654].map((n) => T0 + n),
      ])
      expect(await removeAll(retention, 'transitions', T0 + DAY)).toBe(49)
      expect((await flags.changes(0, 9)).map(({ number }) => number)).toEqual([700])
      expect(await flags.newest()).toBe(700)
    })

    test('changes of a terminal that is heard go before its silences do', async () => {
      const { retention, fleet } = await create()
      const changes = [
        transition({ at: T0, from: null, to: 'fresh' }),
        transition({ at: T0 + 1, from: 'fresh', to: 'sleeping' }),
        transition({ at: T0 + 2, from: 'sleeping', to: 'fresh', note: 'unstable-link' }),
        transition({ at: T0 + 3, from: 'fresh', to: 'stale', alertId: 'a' }),
        transition({ at: T0 + 4, from: 'stale', to: 'fresh' }),
        transition({ at: T0 + 5, from: 'fresh', to: 'no-fix' }),
        transition({ at: T0 + 6, from: 'no-fix', to: 'backlog' }),
        transition({ at: T0 + 7, from: 'backlog', to: 'fresh' }),
      ]
      await fleet.flush(flushOf({ transitions: changes }))
      expect(await removeAll(retention, 'routine-transitions', T0 + 6)).toBe(2)
      expect(await removeAll(retention, 'routine-transitions', T0 + DAY)).toBe(1)
      const { terminalId } = transition({})
      const left = (await fleet.history(terminalId, 0, T0 + DAY, 99)).map(({ at }) => at - T0)
      expect(left).toEqual([7, 4, 3, 2, 0])
    })

    test('changes of a terminal that is heard stay when all others go, however many they are', async () => {
      const { retention, fleet } = await create()
      const routine = Array.from({ length: 700 }, (_, n) =>
        transition({ at: T0 + n, from: 'fresh', to: 'sleeping' }),
      )
      const others = [
        transition({ at: T0 + 700, from: null, to: 'fresh' }),
        transition({ at: T0 + 701, from: 'fresh', to: 'stale', alertId: 'a' }),
        transition({ at: T0 + DAY, from: 'stale', to: 'fresh' }),
      ]
      await fleet.flush(flushOf({ transitions: [...routine, ...others] }))
      expect(await removeAll(retention, 'transitions', T0 + DAY)).toBe(2)
      expect(await fleet.history(others[0]?.terminalId ?? '', 0, T0 + 2 * DAY, 999)).toHaveLength(701)
    })

    test('what operators were told of an outage or an incident stays until that is over for as long', async () => {
      const stores = await create()
      const { retention, outages, outbox, fleet } = stores
      const kinds = ['warning', 'alarm', 'intermittent', 'reminder']
      const subjects = ['open', 'late', 'over'].flatMap((id) => [
        ...kinds.map((kind) => `${kind}-o-${id}`),
        `incident-i-${id}`,
      ])
      const ends = { open: null, late: T0 + 2 * DAY, over: T0 + HOUR }
      await outages.commit({
        outages: Object.entries(ends).map(([id, end], n) =>
          outage(`o-${id}`, T0 - n, { end, state: end === null ? 'open' : 'closed' }),
        ),
        letters: {
          add: subjects.map((subject) => letter('operator', 'a@x.test', { subject })),
          supersede: [],
        },
        audit: [],
      })
      await fleet.flush(
        flushOf({
          incidents: Object.entries(ends).map(([id, closedAt]) => {
            return { incident: incident(`i-${id}`, T0, { closedAt }), rows: Uint32Array.of(1) }
          }),
        }),
      )
      for (const { letter } of await outbox.claim(T0, 99)) await outbox.settle(letter.id, settlement('sent'))
      const left = async () => (await outbox.list({ limit: 99 })).items.map(({ subject }) => subject).sort()
      expect(await removeAll(retention, 'operator-letters', T0 + DAY)).toBe(5)
      expect(await left()).toEqual(subjects.filter((subject) => !subject.endsWith('over')).sort())
      expect(await removeAll(retention, 'operator-letters', T0 + 900 * DAY)).toBe(5)
      expect(await left()).toEqual(subjects.filter((subject) => subject.endsWith('open')).sort())
    })

    test('incidents go when they ended long ago', async () => {
      const { retention, fleet, flags } = await create()
      const rows = Uint32Array.of(1)
      await fleet.flush(
        flushOf({
          incidents: [
            { incident: incident('old', T0, { closedAt: T0 + 1 }), rows },
            { incident: incident('long', T0, { closedAt: T0 + DAY }), rows },
            { incident: incident('open', T0), rows },
          ],
        }),
      )
      expect(await removeAll(retention, 'incidents', T0 + DAY)).toBe(1)
      expect((await flags.incidents(9)).map(({ id }) => id)).toEqual(['open', 'long'])
    })

    test('an outage goes with all its letters, when all of that is old and nothing waits', async () => {
      const stores = await create()
      const { retention, outages, outbox } = stores
      const ended = (id: string, start: Instant) =>
        outage(id, start, { state: 'closed', end: start + HOUR, letterDueAt: start })
      const letters = [
        letter('initial', 'a@x.test', { subject: 'gone' }),
        letter('recovery', 'a@x.test', { subject: 'gone', dueAt: T0 + HOUR }),
        letter('initial', 'a@x.test', { subject: 'waits' }),
        letter('initial', 'b@x.test', { subject: 'waits' }),
        letter('initial', 'a@x.test', { subject: 'late' }),
        letter('recovery', 'a@x.test', { subject: 'late', dueAt: T0 + 2 * DAY }),
        letter('initial', 'a@x.test', { subject: 'open' }),
        letter('operator', 'a@x.test', { subject: 'digest-1' }),
        letter('announcement', 'a@x.test', { subject: 'window' }),
        letter('announcement', 'a@x.test', { subject: 'old-window' }),
      ]
      await outages.commit({
        outages: [
          ended('gone', T0),
          ended('waits', T0 + 1),
          ended('late', T0 + 2),
          ended('silent', T0 + 3),
          ended('newest', T0 + 4),
          outage('open', T0 + 5),
        ],
        letters: { add: letters, supersede: [] },
        audit: [],
      })
      await stores.plannedWork.commit({
        save: { windows: [{ id: 'window', from: T0 + 9 * DAY, to: T0 + 10 * DAY, reason: '' }], rules: [] },
        deleteWindows: [],
        deleteRules: [],
        letters: { add: [], supersede: [] },
        audit: [],
      })
      const waiting = letters[3]?.id ?? ''
      // One after the other, for the letters of a subject to one address wait for each other.
      for (let claimed = await outbox.claim(T0 + 2 * DAY, 99); claimed.length > 0; ) {
        for (const { letter } of claimed) {
          if (letter.id !== waiting) await outbox.settle(letter.id, settlement('sent'))
          else await outbox.settle(letter.id, settlement('retry', { nextAt: T0 + 2 * DAY + MINUTE }))
        }
        claimed = await outbox.claim(T0 + 2 * DAY, 99)
      }
      const before = T0 + DAY
      expect(await removeAll(retention, 'outages', before)).toBe(1)
      expect(await removeAll(retention, 'letters', before)).toBe(3)
      expect(await removeAll(retention, 'outages', before)).toBe(1)
      const left = (await outbox.list({ limit: 99 })).items.map(({ id }) => id).sort()
      const gone = [letters[0], letters[1], letters[9]].map((row) => row?.id)
      expect(left).toEqual(
        letters
          .map(({ id }) => id)
          .filter((id) => !gone.includes(id))
          .sort(),
      )
      const ids = (await outages.outages(99)).map(({ id }) => id)
      expect(ids).toEqual(['open', 'newest', 'late', 'waits'])
      expect(await removeAll(retention, 'operator-letters', before)).toBe(1)
      // What is gone may come again, and is a letter like any other.
      await outbox.add([letter('initial', 'a@x.test', { subject: 'gone' })])
      expect((await outbox.list({ subject: 'gone', limit: 9 })).total).toBe(1)
    })

    test('notes and entries of the audit trail go by their age; numbers of the others stay', async () => {
      const { retention, notes, audit } = await create()
      const note = (at: Instant): TerminalNote => ({
        terminalId: '7',
        client: '',
        group: '',
        at,
        by: 'anna',
        kind: 'note',
        text: '',
      })
      await notes.add([note(T0), note(T0 + DAY)], [])
      await audit.add([auditEntry('o1'), auditEntry('o2', { at: T0 + DAY }), auditEntry('o3')])
      expect(await removeAll(retention, 'notes', T0 + 1)).toBe(1)
      expect(await notes.of('7', 'all', 9)).toEqual([note(T0 + DAY)])
      expect(await removeAll(retention, 'audit', T0 + 1)).toBe(2)
      await audit.add([auditEntry('o4', { actor: ANNA })])
      expect((await audit.list({ limit: 9 })).map(({ number, subject }) => [number, subject])).toEqual([
        [4, 'o4'],
        [2, 'o2'],
      ])
    })

    test('the entry about older ones is there with the first that go, and not when none does', async () => {
      const { retention, audit } = await create()
      const entry = auditEntry('audit', { at: T0 + DAY })
      expect(await retention.removeAudit(T0, 0, entry)).toEqual({ removed: 0, next: null })
      expect(await audit.list({ limit: 9 })).toEqual([])
      await audit.add(Array.from({ length: 700 }, (_, n) => auditEntry(`o${n}`)))
      const { removed } = await retention.removeAudit(T0 + 1, 0, entry)
      expect(removed).toBeGreaterThan(0)
      const left = await audit.list({ limit: 999 })
      expect(left).toHaveLength(700 - removed + 1)
      expect(left[0]).toMatchObject({ number: 701, subject: 'audit' })
    })

    test('of each hour before an instant the newest round, change of state or audit entry is known', async () => {
      const { retention, outages, fleet, audit } = await create()
      expect(await retention.lived(T0 + DAY)).toEqual([])
      await fleet.flush(
        flushOf({ transitions: [transition({ at: T0 + 5 }), transition({ at: T0 + 70 * DAY })] }),
      )
      expect(await retention.lived(T0 + DAY)).toEqual([T0 + 5])
      await audit.add([auditEntry('o1', { at: T0 + 6 }), auditEntry('o2', { at: T0 + 70 * DAY })])
      expect(await retention.lived(T0 + DAY)).toEqual([T0 + 6])
      for (const minute of [1, 2, 3]) await outages.append(round(T0 + minute * MINUTE))
      await walkSlices((after) => retention.join(T0 + DAY, after))
      await outages.append(round(T0 + 70 * DAY))
      expect(await retention.lived(T0 + DAY)).toEqual([T0 + 3 * MINUTE])
      await outages.append(round(T0 + 5 * HOUR))
      expect(await retention.lived(T0 + DAY)).toEqual([T0 + 3 * MINUTE, T0 + 5 * HOUR])
      expect(await retention.lived(T0)).toEqual([])
    })
  })
}
