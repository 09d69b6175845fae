import { describe, expect, test } from 'vitest'
import type { FlagStore, FleetStore } from '../../src/ports.ts'
import { flushOf, incident, T0, transition } from '../support/store-rows.ts'

type Stores = { readonly fleet: FleetStore; readonly flags: FlagStore }

/** Every FlagStore must pass this with the FleetStore beside it; `create` gives empty ones. */
export function flagStoreContract(name: string, create: () => Promise<Stores>): void {
  describe(`FlagStore contract: ${name}`, () => {
    test('a new store has no changes and no incidents', async () => {
      const { flags } = await create()
      expect(await flags.changes(0, 10)).toEqual([])
      expect(await flags.newest()).toBe(0)
      expect(await flags.incidents(10)).toEqual([])
      expect(await flags.incidentsSince(0, 10)).toEqual([])
      expect(await flags.incident('none')).toBeUndefined()
    })

    test('flags are alerts, notes and ends of silence, in the order in which they were stored', async () => {
      const { fleet, flags } = await create()
      const alert = transition({ at: T0 + 9, alertId: 'a1', cause: 'sim' })
      const note = transition({ at: T0 + 2, note: 'unstable-link' })
      const back = transition({ at: T0 + 1, from: 'stale', to: 'fresh', incident: 'i-1' })
      const parked = transition({ at: T0 + 3, from: 'lost', to: 'suspended' })
      const others = [
        transition({ from: null, to: 'stale' }),
        transition({ to: 'stale' }),
        transition({ from: 'stale', to: 'lost' }),
        transition({ from: 'backlog', to: 'fresh' }),
        transition({ from: null, to: 'fresh' }),
      ]
      await fleet.flush(flushOf({ transitions: [...others, alert, note] }))
      await fleet.flush(flushOf({ transitions: [back, ...others, parked] }))
      const found = await flags.changes(0, 10)
      expect(found.map(({ number: _, ...change }) => change)).toEqual([alert, note, back, parked])
      const numbers = found.map(({ number }) => number)
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      expect(new Set(numbers).size).toBe(4)
      expect(await flags.newest()).toBe(numbers.at(-1))
    })

    test('reading goes on after the last number that was read', async () => {
      const { fleet, flags } = await create()
      const alerts = Array.from({ length: 5 }, (_, n) => transition({ at: T0 + n, alertId: `a${n}` }))
      await fleet.flush(flushOf({ transitions: alerts }))
      const first = await flags.changes(0, 2)
      const rest = await flags.changes(first.at(-1)?.number ?? 0, 10)
      expect([...first, ...rest].map(({ alertId }) => alertId)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4'])
      expect(await flags.changes(await flags.newest(), 10)).toEqual([])
      await fleet.flush(flushOf({ transitions: alerts }))
      expect(await flags.changes(rest.at(-1)?.number ?? 0, 10)).toEqual([])
    })

    test('changes of a merged terminal keep their numbers under the other name', async () => {
      const { fleet, flags } = await create()
      await fleet.flush(flushOf({ transitions: [transition({ terminalId: 'imei', alertId: 'a1' })] }))
      const [before] = await flags.changes(0, 10)
      await fleet.flush(flushOf({ mergers: [{ from: 'imei', into: 'survivor' }] }))
      expect(await flags.changes(0, 10)).toEqual([{ ...before, terminalId: 'survivor' }])
    })

    test('incidents are newest first, open and closed, in pages', async () => {
      const { fleet, flags } = await create()
      const all = [
        incident('c', T0 + 2),
        incident('b', T0 + 1, { closedAt: T0 + 9 }),
        incident('a', T0 + 1),
        incident('z', T0),
      ]
      const stored = all.map((item) => ({ incident: item, rows: Uint32Array.of(1) }))
      await fleet.flush(flushOf({ incidents: stored.toReversed() }))
      expect(await flags.incidents(10)).toEqual(all)
      expect(await flags.incidents(2)).toEqual(all.slice(0, 2))
      expect(await flags.incidents(2, 'b')).toEqual(all.slice(2))
      expect(await flags.incidents(2, 'z')).toEqual([])
      expect(await flags.incidents(2, 'none')).toEqual([])
    })

    test('incidents since an instant are those that are open, and those that ended later, however old they are', async () => {
      const { fleet, flags } = await create()
      const all = [
        incident('b', T0 + 9),
        incident('a', T0),
        incident('old', T0 - 5, { closedAt: T0 + 8 }),
        incident('d', T0 + 2, { closedAt: T0 + 7 }),
        incident('c', T0 + 3, { closedAt: T0 + 7 }),
        incident('before', T0 + 4, { closedAt: T0 + 6 }),
      ]
      const stored = all.map((item) => ({ incident: item, rows: Uint32Array.of(1) }))
      await fleet.flush(flushOf({ incidents: stored.toReversed() }))
      expect(await flags.incidentsSince(T0 + 6, 10)).toEqual(all.slice(0, 5))
      expect(await flags.incidentsSince(T0 + 6, 3)).toEqual(all.slice(0, 3))
      expect(await flags.incidentsSince(T0 + 8, 10)).toEqual(all.slice(0, 2))
      expect(await flags.incidentsSince(T0, 1)).toEqual(all.slice(0, 1))
    })

    test('an incident comes whole with the rows of its members, also when it is over', async () => {
      const { fleet, flags } = await create()
      const rows = Uint32Array.of(5, 999_999, 0)
      await fleet.flush(flushOf({ incidents: [{ incident: incident('i', T0), rows }] }))
      const closed = incident('i', T0, {
        closedAt: T0 + 7,
        silent: 2,
        timeline: [
          { at: T0, kind: 'opened', silent: 37 },
          { at: T0 + 7, kind: 'closed', silent: 2 },
        ],
      })
      await fleet.flush(flushOf({ incidents: [{ incident: closed, rows }] }))
      expect(await flags.incident('i')).toEqual({ incident: closed, rows })
    })
  })
}
