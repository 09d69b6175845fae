import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { InventoryRow } from '../../../src/core/fleet/inventory.ts'
import { createInventory } from '../../../src/core/fleet/inventory-pages.ts'
import { NOTHING_RARE, PAGE_ROWS, packPage, packPages, rowsIn } from '../../../src/core/fleet/packed-page.ts'
import { decodePage, encodePage } from '../../../src/core/fleet/page-codec.ts'
import { T0 } from '../../support/fleet-scenario.ts'

/** Empty ones, of one and of two bytes a character, a byte order mark in front. */
const text = fc.oneof(
  fc.constantFrom('', 'A', 'Камаз', '\uFEFFmark', '😀'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
)

const limits = fc.record(
  { moving: fc.nat(), parked: fc.constantFrom(Infinity, 60_000), learn: fc.boolean() },
  { requiredKeys: [] },
)

const said: fc.Arbitrary<Omit<InventoryRow, 'row' | 'id'>> = fc.record({
  name: text,
  client: text,
  dealer: text,
  group: text,
  operator: text,
  region: text,
  model: text,
  firmware: text,
  imei: text,
  sim: text,
  profile: text,
  uuid: text,
  aliases: fc.array(text, { maxLength: 2 }),
  learnt: fc.array(fc.record({ name: text, source: fc.nat(255) }), { maxLength: 2 }),
  lifecycle: fc.constantFrom('active' as const, 'suspended' as const, 'decommissioned' as const),
  intake: fc.constantFrom('on' as const, 'off' as const, 'unknown' as const),
  fromTree: fc.subarray(['name', 'client', 'uuid'] as const),
  mergedInto: text,
  discovered: fc.boolean(),
  firstSeenAt: fc.constantFrom(0, T0, T0 + 0.5),
  maintenance: fc.option(fc.record({ from: fc.nat(), to: fc.nat(), reason: text })),
  thresholds: fc.option(limits),
  acknowledged: fc.option(fc.record({ until: fc.nat(), reason: text, by: text })),
  handedOver: fc.option(fc.record({ client: fc.nat(), group: fc.array(fc.nat()) })),
  formerUnits: fc.array(fc.record({ id: text, since: fc.nat(), until: fc.nat() }), { maxLength: 2 }),
})

/** Terminals of the first two pages, with rows between them that have none. */
const terminals = fc
  .uniqueArray(fc.oneof(fc.nat(20), fc.integer({ min: PAGE_ROWS - 2, max: PAGE_ROWS + 2 })), {
    maxLength: 12,
  })
  .chain((rows) =>
    fc.tuple(
      ...rows.sort((a, b) => a - b).map((row) => said.map((rest) => ({ ...rest, row, id: `t${row}` }))),
    ),
  )

describe('a packed page', () => {
  test('gives back the terminals that were packed, also after it was stored', () => {
    fc.assert(
      fc.property(terminals, (list) => {
        const pages = packPages(list)
        expect(pages.flatMap((page) => [...rowsIn(page)])).toEqual(list)
        const stored = pages.map((page) => decodePage(encodePage(page), page.first))
        expect(stored.flatMap((page) => [...rowsIn(page)])).toEqual(list)
      }),
      { numRuns: 200 },
    )
  })

  test('that was stored before terminals knew their handover and former units has none', () => {
    const row = { ...(fc.sample(said, { numRuns: 1, seed: 7 })[0] as InventoryRow), row: 0, id: 'one' }
    const page = packPage([{ ...row, aliases: ['other'] }])
    const [n, { handedOver: _, formerUnits: __, ...earlier }] = [...page.rare][0] ?? [0, NOTHING_RARE]
    const stored = encodePage({
      ...page,
      rare: new Map([[n, { ...earlier, formerUnits: [] } as unknown as typeof NOTHING_RARE]]),
    })
    expect(decodePage(stored, 0).rare.get(0)).toEqual({ ...earlier, handedOver: null, formerUnits: [] })
  })

  test('that is cut off anywhere, or goes on after its end, is refused', () => {
    const row = { ...(fc.sample(said, { numRuns: 1, seed: 7 })[0] as InventoryRow), row: 0, id: 'one' }
    const bytes = encodePage(packPage([row]))
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodePage(bytes.slice(0, length), 0)).toThrow()
    }
    expect(() => decodePage(Uint8Array.of(...bytes, 0), 0)).toThrow()
  })
})

describe('the inventory', () => {
  test('is the same whether its terminals were adopted in pages or put in one by one, and however they changed', () => {
    fc.assert(
      fc.property(terminals, fc.array(said, { maxLength: 3 }), (list, changes) => {
        const single = createInventory(list)
        const adopted = createInventory()
        for (const page of packPages(list)) adopted.adopt(page)
        changes.forEach((change, n) => {
          const known = list[n]
          for (const inventory of known ? [single, adopted] : [])
            inventory.set({ ...known, ...change } as InventoryRow)
        })
        expect([...adopted]).toEqual([...single])
        expect(adopted.length).toBe(single.length)
        for (let row = -1; row < single.length + 2; row++) {
          const terminal = single.at(row)
          expect(adopted.at(row)).toEqual(terminal)
          expect(adopted.text(row, 'client')).toBe(terminal?.client ?? '')
          expect(adopted.text(row, 'imei')).toBe(terminal?.imei ?? '')
          expect(adopted.is(row, 'id', `t${row}`)).toBe(terminal !== undefined)
          expect(adopted.isDiscovered(row)).toBe(terminal?.discovered ?? false)
          expect(adopted.firstSeenAt(row)).toBe(terminal?.firstSeenAt ?? 0)
          expect(adopted.rare(row).learnt).toEqual(terminal?.learnt ?? [])
          expect(adopted.rare(row).handedOver).toEqual(terminal?.handedOver ?? null)
          expect(adopted.rare(row).formerUnits).toEqual(terminal?.formerUnits ?? [])
        }
      }),
      { numRuns: 30 },
    )
  })

  test('packs a page anew when many of its terminals have changed, and a snapshot stays as it was', () => {
    const row = fc.sample(said, { numRuns: 1, seed: 3 })[0] as InventoryRow
    const at = (n: number, name: string): InventoryRow => ({ ...row, row: n, id: `t${n}`, name })
    const inventory = createInventory(Array.from({ length: 3000 }, (_, n) => at(n, 'before')))
    const before = inventory.snapshot()
    for (let n = 0; n < 3000; n++) inventory.set(at(n, 'after'))
    expect(inventory.pages()[0]?.packed).not.toBeNull()
    expect([...inventory]).toEqual(Array.from({ length: 3000 }, (_, n) => at(n, 'after')))
    expect([...before].every(({ name }) => name === 'before')).toBe(true)
  })

  test('knows of nothing later than now once the clock was set back, and tells whose rows that changes', () => {
    fc.assert(
      fc.property(terminals, fc.constantFrom(2 ** 30, T0), (list, now) => {
        const adopted = createInventory()
        for (const page of packPages(list)) adopted.adopt(page)
        for (const inventory of [createInventory(list), adopted]) {
          const before = inventory.snapshot()
          const rows = inventory.setBack(now)
          expect(new Set(rows)).toEqual(
            new Set(list.filter((row) => lastAt(row) > now).map(({ row }) => row)),
          )
          expect([...inventory].filter((row) => lastAt(row) > now)).toEqual([])
          for (const row of list) {
            const { firstSeenAt, handedOver, formerUnits, ...rest } = row
            expect(inventory.at(row.row)).toMatchObject(lastAt(row) > now ? rest : row)
          }
          expect([...before]).toEqual(list)
        }
      }),
      { numRuns: 50 },
    )
  })
})

/** The last time at which anything has happened to a terminal. */
function lastAt({ firstSeenAt, handedOver, formerUnits }: InventoryRow): number {
  const owned = handedOver === null ? [] : [handedOver.client, ...handedOver.group]
  return Math.max(firstSeenAt, ...owned, ...formerUnits.map(({ until }) => until))
}
