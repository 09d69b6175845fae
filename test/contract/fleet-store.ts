import { describe, expect, test } from 'vitest'
import { NO_FLAPS, packFlaps } from '../../src/core/freshness/flaps.ts'
import type { Transition } from '../../src/core/freshness/state.ts'
import { DAY, HOUR } from '../../src/core/time.ts'
import type { FleetStore } from '../../src/ports.ts'
import { bytes, flushOf, incident, T0, terminalRow, terminalsOf, transition } from '../support/store-rows.ts'

/** Every FleetStore must pass this; `create` gives an empty one. */
export function fleetStoreContract(name: string, create: () => Promise<FleetStore>): void {
  describe(`FleetStore contract: ${name}`, () => {
    test('a new store is empty and has no heartbeat', async () => {
      const store = await create()
      expect(await store.load()).toEqual({
        terminals: [],
        chunks: [],
        journal: [],
        blind: [],
        flaps: NO_FLAPS,
        counters: [],
        incidents: [],
        baselines: [],
        gaps: [],
        heartbeatAt: null,
      })
    })

    test('terminals are read back whole, by row', async () => {
      const store = await create()
      const odd = terminalRow(1, {
        id: 'ид-"1"',
        name: "O'Brien, \n\t\u0000 🚚",
        lifecycle: 'suspended',
        discovered: true,
        maintenance: { from: T0, to: T0 + HOUR, reason: 'Замена блока' },
      })
      await store.flush(flushOf({ terminals: [terminalRow(7), odd] }))
      await store.flush(flushOf({ terminals: [terminalRow(0)] }))
      expect(terminalsOf(await store.load())).toEqual([terminalRow(0), odd, terminalRow(7)])
    })

    test('thresholds and acknowledgements of people are read back, also that a parked one is not judged', async () => {
      const store = await create()
      const told = terminalRow(0, {
        thresholds: { moving: 5 * HOUR, parked: Infinity, learn: false, floor: 1 },
        acknowledged: { until: T0 + DAY, reason: 'Зимняя "стоянка"', by: 'anna' },
      })
      const none = terminalRow(1, { thresholds: {}, acknowledged: null })
      await store.flush(flushOf({ terminals: [told, none] }))
      expect(terminalsOf(await store.load())).toEqual([told, none])
      await store.flush(flushOf({ terminals: [terminalRow(0)] }))
      expect(terminalsOf(await store.load())).toEqual([terminalRow(0), none])
    })

    test("since when a terminal is its client's and its group's is read back", async () => {
      const store = await create()
      const given = terminalRow(0, { handedOver: { client: T0 + 1, group: [0, T0 + 2] } })
      await store.flush(flushOf({ terminals: [given, terminalRow(1)] }))
      expect(terminalsOf(await store.load())).toEqual([given, terminalRow(1)])
    })

    test('the units that a vehicle had before are read back', async () => {
      const store = await create()
      const formerUnits = [{ id: '200000009', since: 0, until: T0 }]
      const replaced = terminalRow(0, { formerUnits })
      await store.flush(flushOf({ terminals: [replaced, terminalRow(1)] }))
      expect(terminalsOf(await store.load())).toEqual([replaced, terminalRow(1)])
    })

    test('a changed terminal replaces its row, even with another id', async () => {
      const store = await create()
      await store.flush(flushOf({ terminals: [terminalRow(1), terminalRow(2)] }))
      const renamed = terminalRow(1, { id: 'merged', lifecycle: 'decommissioned' })
      await store.flush(flushOf({ terminals: [renamed] }))
      await store.flush(flushOf({ terminals: [terminalRow(3, { id: terminalRow(1).id })] }))
      expect(terminalsOf(await store.load()).map(({ row, id }) => [row, id])).toEqual([
        [1, 'merged'],
        [2, terminalRow(2).id],
        [3, terminalRow(1).id],
      ])
    })

    test('two rows with one terminal id are refused together with all else of the flush', async () => {
      const store = await create()
      await store.flush(flushOf({ terminals: [terminalRow(1)] }))
      const twin = terminalRow(2, { id: terminalRow(1).id })
      await expect(
        store.flush(
          flushOf({
            at: T0 + 1,
            journal: [bytes('j')],
            terminals: [terminalRow(5), twin],
            transitions: [transition()],
            blind: [{ source: 'gate', kind: 'own' as const, from: T0, to: null }],
          }),
        ),
      ).rejects.toMatchObject({ name: 'StoreError', kind: 'other' })
      const stored = await store.load()
      expect({ ...stored, terminals: terminalsOf(stored) }).toEqual({
        terminals: [terminalRow(1)],
        chunks: [],
        journal: [],
        blind: [],
        flaps: NO_FLAPS,
        counters: [],
        incidents: [],
        baselines: [],
        gaps: [],
        heartbeatAt: T0,
      })
      expect(await store.history(transition().terminalId, 0, T0 + DAY, 10)).toEqual([])
    })

    test('each flush is the heartbeat', async () => {
      const store = await create()
      await store.flush(flushOf({ at: T0 }))
      await store.flush(flushOf({ at: T0 + 10_000 }))
      expect((await store.load()).heartbeatAt).toBe(T0 + 10_000)
    })

    test('the journal comes back in order', async () => {
      const store = await create()
      await Promise.all([
        store.flush(flushOf({ journal: [bytes('one'), bytes('two')] })),
        store.flush(flushOf()),
        store.flush(flushOf({ journal: [bytes('three')] })),
      ])
      expect((await store.load()).journal).toEqual([bytes('one'), bytes('two'), bytes('three')])
    })

    test('a checkpoint replaces chunks and forgets only the journal that was flushed before it', async () => {
      const store = await create()
      const before = store.flush(flushOf({ journal: [bytes('before')] }))
      const first = store.checkpoint({
        chunks: [
          { number: 12, bytes: bytes('twelve') },
          { number: 3, bytes: bytes('three') },
        ],
      })
      const after = store.flush(flushOf({ journal: [bytes('after')] }))
      await Promise.all([before, first, after])
      expect(await store.load()).toMatchObject({
        chunks: [
          { number: 3, bytes: bytes('three') },
          { number: 12, bytes: bytes('twelve') },
        ],
        journal: [bytes('after')],
      })

      await store.checkpoint({ chunks: [{ number: 3, bytes: bytes('III') }] })
      await store.flush(flushOf({ journal: [bytes('later')] }))
      expect(await store.load()).toMatchObject({
        chunks: [
          { number: 3, bytes: bytes('III') },
          { number: 12, bytes: bytes('twelve') },
        ],
        journal: [bytes('later')],
      })
    })

    test('a checkpoint with a flush forgets the journal before it and keeps that of the flush, or changes nothing', async () => {
      const store = await create()
      await store.flush(flushOf({ journal: [bytes('before')], terminals: [terminalRow(1)] }))
      const chunks = [{ number: 0, bytes: bytes('zero') }]
      const twin = terminalRow(2, { id: terminalRow(1).id })
      const refused = store.checkpoint({
        chunks: [{ number: 0, bytes: bytes('never') }],
        flush: flushOf({ terminals: [twin] }),
      })
      await expect(refused).rejects.toMatchObject({ name: 'StoreError', kind: 'other' })
      expect(await store.load()).toMatchObject({ chunks: [], journal: [bytes('before')] })

      const flush = flushOf({ at: T0 + 1, journal: [bytes('with')], transitions: [transition()] })
      await store.checkpoint({ chunks, flush })
      const stored = await store.load()
      expect(stored).toMatchObject({
        chunks: [{ number: 0, bytes: bytes('zero') }],
        journal: [bytes('with')],
      })
      expect(stored.heartbeatAt).toBe(T0 + 1)
      expect(await store.history(transition().terminalId, 0, Infinity, 10)).toHaveLength(1)
    })

    test('a checkpoint in parts forgets the journal up to where it ended before the first of them', async () => {
      const store = await create()
      expect(await store.journalEnd()).toBe(0)
      await store.flush(flushOf({ journal: [bytes('one'), bytes('two')] }))
      const end = await store.journalEnd()
      const part = (number: number, forget: number | 'none', entry: string) =>
        store.checkpoint({
          chunks: [{ number, bytes: bytes(`chunk ${number}`) }],
          forget,
          flush: flushOf({ journal: [bytes(entry)] }),
        })
      await part(0, 'none', 'three')
      expect((await store.load()).journal).toEqual([bytes('one'), bytes('two'), bytes('three')])
      expect(await store.journalEnd()).toBeGreaterThan(end)

      await part(1, end, 'four')
      const { chunks, journal } = await store.load()
      expect(chunks.map(({ number }) => number)).toEqual([0, 1])
      expect(journal).toEqual([bytes('three'), bytes('four')])

      await store.checkpoint({ chunks: [], forget: await store.journalEnd() })
      expect((await store.load()).journal).toEqual([])
      await store.flush(flushOf({ journal: [bytes('five')] }))
      expect(await store.journalEnd()).toBeGreaterThan(0)
      expect((await store.load()).journal).toEqual([bytes('five')])
    })

    test('a long flush of a checkpoint is stored as a whole', async () => {
      const store = await create()
      const terminals = Array.from({ length: 2500 }, (_, row) => terminalRow(row))
      await store.checkpoint({ chunks: [], flush: flushOf({ journal: [bytes('j')], terminals }) })
      const stored = await store.load()
      expect(terminalsOf(stored)).toEqual(terminals)
      expect(stored.journal).toEqual([bytes('j')])
    })

    test('neither side can change stored bytes of the other', async () => {
      const store = await create()
      const buffer = bytes('good and more')
      const flushed = store.flush(flushOf({ journal: [buffer.subarray(0, 4)] }))
      buffer.fill(0)
      await flushed
      for (const entry of (await store.load()).journal) entry.fill(0)
      expect((await store.load()).journal).toEqual([bytes('good')])
    })

    test('a part of a larger buffer is stored as that part', async () => {
      const store = await create()
      const buffer = bytes('0123456789')
      await store.flush(flushOf({ journal: [buffer.subarray(2, 5)] }))
      await store.checkpoint({ chunks: [{ number: 0, bytes: buffer.subarray(4, 6) }] })
      await store.flush(flushOf({ journal: [buffer.subarray(7)] }))
      const { chunks, journal } = await store.load()
      expect([chunks, journal]).toEqual([[{ number: 0, bytes: bytes('45') }], [bytes('789')]])
      expect(buffer).toEqual(bytes('0123456789'))
    })

    test('flaps are the changes into or out of silence of the last day that no incident explained, oldest first', async () => {
      const store = await create()
      const change = (at: number, from: Transition['from'], to: Transition['to']) =>
        transition({ at, from, to })
      const flaps = [
        change(T0 + 3, 'fresh', 'stale'),
        { ...change(T0 + 5, 'lost', 'backlog'), note: 'unstable-link' as const },
      ]
      const others = [
        change(T0 - 1, 'fresh', 'stale'),
        change(T0 + 2, null, 'stale'),
        change(T0 + 4, 'stale', 'lost'),
        change(T0 + 6, 'backlog', 'fresh'),
        { ...change(T0 + 7, 'fresh', 'stale'), incident: 'i-1' },
        { ...change(T0 + 8, 'stale', 'fresh'), incident: 'i-1' },
        // Of a clock that was ahead.
        change(T0 + DAY + 1, 'fresh', 'stale'),
      ]
      await store.flush(flushOf({ at: T0 + DAY, transitions: [...others, ...[...flaps].reverse()] }))
      expect((await store.load()).flaps).toEqual(
        packFlaps([
          ['200000001', T0 + 3, false],
          ['200000001', T0 + 5, true],
        ]),
      )
    })

    test('history is newest first, of one terminal, half open and limited', async () => {
      const store = await create()
      const rows = [
        transition({ at: T0, from: null, to: 'fresh', contactAt: null }),
        transition({ at: T0 + 1, alertId: 'a1', cause: 'power-cut' }),
        transition({ at: T0 + 3, from: 'stale', to: 'fresh' }),
        transition({ at: T0 + 2, from: 'stale', to: 'lost', note: 'unstable-link', incident: 'i-1' }),
        transition({ at: T0 + 3, from: 'fresh', to: 'backlog' }),
      ] as const
      await store.flush(flushOf({ transitions: [...rows, transition({ terminalId: 'other', at: T0 + 1 })] }))
      const [t0, t1, t3, t2, t3b] = rows
      const id = transition().terminalId
      expect(await store.history(id, T0, T0 + 4, 10)).toEqual([t3b, t3, t2, t1, t0])
      expect(await store.history(id, T0 + 1, T0 + 3, 10)).toEqual([t2, t1])
      expect(await store.history(id, T0, T0 + 4, 2)).toEqual([t3b, t3])
      expect(await store.history('nobody', 0, T0 + DAY, 10)).toEqual([])
    })

    test('an alert that is flushed again is one transition; others of the same moment stay', async () => {
      const store = await create()
      const alert = transition({ alertId: 'a1' })
      await store.flush(flushOf({ transitions: [alert, transition({ from: null, to: 'fresh' })] }))
      await store.flush(flushOf({ transitions: [alert, transition({ alertId: 'a2', to: 'lost' })] }))
      const found = await store.history(alert.terminalId, T0, T0 + 1, 10)
      expect(found.map((row) => row.alertId)).toEqual(['a2', undefined, 'a1'])
    })

    test('a closed blind stretch replaces the open one of the same source and beginning', async () => {
      const store = await create()
      const open = { source: 'gate', kind: 'own' as const, from: T0, to: null }
      await store.flush(
        flushOf({ blind: [open, { source: 'push', kind: 'own' as const, from: T0, to: null }] }),
      )
      await store.flush(flushOf({ blind: [{ ...open, to: T0 + 5 }] }))
      await store.flush(
        flushOf({ blind: [{ source: 'gate', kind: 'own' as const, from: T0 - 9, to: T0 - 1 }] }),
      )
      expect((await store.load()).blind).toEqual([
        { source: 'gate', kind: 'own' as const, from: T0 - 9, to: T0 - 1 },
        { source: 'gate', kind: 'own' as const, from: T0, to: T0 + 5 },
        { source: 'push', kind: 'own' as const, from: T0, to: null },
      ])
    })

    test('blind stretches that ended more than 60 days before the heartbeat are left out and then forgotten', async () => {
      const store = await create()
      const old = { source: 'gate', kind: 'own' as const, from: T0 - 90 * DAY, to: T0 - 60 * DAY - 1 }
      const edge = { source: 'gate', kind: 'own' as const, from: T0 - 80 * DAY, to: T0 - 60 * DAY }
      const open = { source: 'gate', kind: 'own' as const, from: T0 - 70 * DAY, to: null }
      await store.flush(flushOf({ blind: [old, edge, open] }))
      expect((await store.load()).blind).toEqual([edge, open])
      await store.checkpoint({ chunks: [] })
      // An earlier heartbeat would show the row again if it still existed.
      await store.flush(flushOf({ at: T0 - DAY }))
      expect((await store.load()).blind).toEqual([edge, open])
    })

    test('a stretch of the service is kept beside one of its source that begins at the same moment', async () => {
      const store = await create()
      const own = { source: 'online', kind: 'own', from: T0, to: T0 + 5 } as const
      const service = { ...own, kind: 'service', to: null } as const
      await store.flush(flushOf({ blind: [service, own] }))
      expect((await store.load()).blind).toEqual([own, service])
    })

    test('archive counters are read back by terminal, the last one of each', async () => {
      const store = await create()
      const counter = { terminalId: '354002529', recordId: 4_294_967_295, firmware: 308 }
      await store.flush(flushOf({ counters: [counter, { terminalId: '2', recordId: 7, firmware: null }] }))
      await store.flush(flushOf({ counters: [{ ...counter, recordId: 0 }] }))
      expect((await store.load()).counters).toEqual([
        { terminalId: '2', recordId: 7, firmware: null },
        { ...counter, recordId: 0 },
      ])
    })

    test('open incidents come back with the rows of their members, the last state of each, oldest first', async () => {
      const store = await create()
      const late = { incident: incident('late', T0 + 2), rows: Uint32Array.of(7, 0, 4_000_000_000) }
      const early = { incident: incident('early', T0), rows: new Uint32Array() }
      await store.flush(flushOf({ incidents: [late, early] }))
      await store.flush(flushOf({ incidents: [{ incident: incident('other', T0 + 1), rows: late.rows }] }))
      const closed = incident('other', T0 + 1, { closedAt: T0 + 5, silent: 0 })
      const grown = { incident: incident('early', T0, { members: 2 }), rows: Uint32Array.of(3, 9) }
      await store.flush(flushOf({ incidents: [{ incident: closed, rows: late.rows }, grown] }))
      expect((await store.load()).incidents).toEqual([grown, late])
    })

    test('what is usual in groups comes back, the last of each, by dimension and group', async () => {
      const store = await create()
      const usual = (group: string, text: string) =>
        ({ dimension: 'region', group, bytes: bytes(text) }) as const
      const operator = { dimension: 'operator', group: 'Север', bytes: bytes('o') } as const
      await store.flush(flushOf({ baselines: [usual('Юг', 'old'), usual('Север', 'n'), operator] }))
      await store.flush(flushOf({ baselines: [usual('Юг', 'newer')] }))
      expect((await store.load()).baselines).toEqual([operator, usual('Север', 'n'), usual('Юг', 'newer')])
    })

    test('histograms of gaps come back by row; one without bytes is forgotten', async () => {
      const store = await create()
      const gaps = [12, 3, 500].map((row) => ({ row, bytes: bytes(`of ${row}`) }))
      await store.flush(flushOf({ gaps }))
      await store.flush(flushOf({ gaps: [{ row: 12, bytes: new Uint8Array() }] }))
      await store.flush(flushOf({ gaps: [{ row: 3, bytes: bytes('III') }] }))
      await store.flush(flushOf({ gaps: [{ row: 77, bytes: new Uint8Array() }] }))
      expect((await store.load()).gaps).toEqual([
        { row: 3, bytes: bytes('III') },
        { row: 500, bytes: bytes('of 500') },
      ])
    })

    test('incidents and what was learnt are part of the transaction and are copies', async () => {
      const store = await create()
      const rows = Uint32Array.of(1, 2)
      const learnt = bytes('learnt')
      const flush = {
        incidents: [{ incident: incident('i', T0), rows }],
        baselines: [{ dimension: 'client', group: 'ACME', bytes: learnt }],
        gaps: [{ row: 1, bytes: learnt.subarray(2, 4) }],
      } as const
      const twins = [terminalRow(1), terminalRow(2, { id: terminalRow(1).id })]
      await expect(store.flush(flushOf({ ...flush, terminals: twins }))).rejects.toThrow()
      expect(await store.load()).toMatchObject({ incidents: [], baselines: [], gaps: [] })

      const flushed = store.flush(flushOf(flush))
      rows.fill(0)
      learnt.fill(0)
      await flushed
      const loaded = await store.load()
      loaded.incidents[0]?.rows.fill(0)
      for (const { bytes: own } of [...loaded.baselines, ...loaded.gaps]) own.fill(0)
      expect(await store.load()).toMatchObject({
        incidents: [{ rows: Uint32Array.of(1, 2) }],
        baselines: [{ bytes: bytes('learnt') }],
        gaps: [{ row: 1, bytes: bytes('ar') }],
      })
    })

    test('the history of a merged terminal becomes that of the other, in the order of time', async () => {
      const store = await create()
      const before = transition({ terminalId: 'imei', at: T0, alertId: 'a1' })
      const own = transition({ at: T0 + 1, from: 'stale', to: 'fresh' })
      await store.flush(flushOf({ transitions: [before, { ...before, at: T0 + 2, alertId: 'a2' }, own] }))
      const after = transition({ at: T0 + 3 })
      await store.flush(flushOf({ mergers: [{ from: 'imei', into: own.terminalId }], transitions: [after] }))
      expect(await store.history('imei', 0, T0 + DAY, 10)).toEqual([])
      expect((await store.history(own.terminalId, 0, T0 + DAY, 10)).map(({ at }) => at - T0)).toEqual([
        3, 2, 1, 0,
      ])
    })

    test('an alert that both had is one transition after the merger', async () => {
      const store = await create()
      const alert = transition({ alertId: 'a1' })
      await store.flush(flushOf({ transitions: [alert, { ...alert, terminalId: 'imei' }] }))
      await store.flush(flushOf({ mergers: [{ from: 'imei', into: alert.terminalId }] }))
      expect(await store.history(alert.terminalId, 0, T0 + DAY, 10)).toEqual([alert])
    })

    test('more terminals than one page come back complete and in order', async () => {
      const store = await create()
      const terminals = Array.from({ length: 12_001 }, (_, index) => terminalRow(index * 3))
      await store.flush(flushOf({ terminals: terminals.toReversed() }))
      const loaded = terminalsOf(await store.load())
      expect(loaded).toHaveLength(terminals.length)
      expect(loaded).toEqual(terminals)
    })

    test('so do more baselines and gaps than one page', async () => {
      const store = await create()
      const names = Array.from({ length: 10_001 }, (_, index) => `${100_000 + index}`)
      const baselines = names.map((group) => ({ dimension: 'client', group, bytes: bytes(group) }) as const)
      const gaps = names.map((name, row) => ({ row, bytes: bytes(name) }))
      await store.flush(flushOf({ baselines, gaps }))
      const loaded = await store.load()
      const texts = (rows: readonly { readonly bytes: Uint8Array }[]) =>
        rows.map((row) => new TextDecoder().decode(row.bytes))
      expect(loaded.baselines.map(({ group }) => group)).toEqual(names)
      expect(texts(loaded.baselines)).toEqual(names)
      expect(loaded.gaps.map(({ row }) => row)).toEqual(gaps.map(({ row }) => row))
      expect(texts(loaded.gaps)).toEqual(names)
    })
  })
}
