import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY } from '../../../src/core/fleet/fleet.ts'
import type { InventoryRow } from '../../../src/core/fleet/inventory.ts'
import { createInventory } from '../../../src/core/fleet/inventory-pages.ts'
import { createNameIndex } from '../../../src/core/fleet/name-index.ts'

const KEY = [0x1234_5678, 0x9abc_def0] as const

/** Few names, so that rows share them; some are ids, some stand in other fields, some nowhere. */
const NAMES = Array.from({ length: 16 }, (_, n) => `n${n}`)
const ROWS = 6

function terminal(row: number, { imei = '', uuid = '' } = {}): InventoryRow {
  return { ...EMPTY, row, id: `n${row}`, firstSeenAt: 0, imei, uuid }
}

const name = fc.constantFrom(...NAMES)
const row = fc.nat(ROWS - 1)
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('set' as const), name, row }),
    fc.record({ kind: fc.constant('claim' as const), name, row }),
    fc.record({ kind: fc.constant('delete' as const), name, row }),
    fc.record({ kind: fc.constant('change' as const), name, other: name, row }),
    fc.record({ kind: fc.constant('reserve' as const), name, row }),
  ),
  { maxLength: 200, size: 'max' },
)

describe('the index of names', () => {
  test('is a map, whatever is set, claimed and deleted, and whichever fields the names stand in', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const inventory = createInventory(Array.from({ length: ROWS }, (_, n) => terminal(n)))
        const index = createNameIndex(inventory, KEY)
        const model = new Map<string, number>()
        for (const step of list) {
          if (step.kind === 'set') {
            index.set(step.name, step.row)
            model.set(step.name, step.row)
          } else if (step.kind === 'claim') {
            index.claim(step.name, step.row)
            if (!model.has(step.name)) model.set(step.name, step.row)
          } else if (step.kind === 'delete') {
            expect(index.delete(step.name)).toBe(model.delete(step.name))
          } else if (step.kind === 'reserve') index.reserve(step.row * 500)
          else {
            for (const [led, at] of [...model]) {
              if (at !== step.row) continue
              index.delete(led)
              model.delete(led)
            }
            inventory.set(terminal(step.row, { imei: step.name, uuid: step.other }))
          }
          expect(index.size).toBe(model.size)
          for (const each of NAMES) {
            expect([each, index.get(each), index.has(each)]).toEqual([each, model.get(each), model.has(each)])
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  test('grows with its names and finds each of them, also after half of them are gone', () => {
    const inventory = createInventory(Array.from({ length: 20_000 }, (_, n) => terminal(n)))
    const index = createNameIndex(inventory, KEY)
    for (const { id, row: at } of inventory) index.set(id, at)
    for (const { id, row: at } of inventory) if (at % 2 === 0) index.delete(id)
    for (const { id, row: at } of inventory) expect(index.get(id)).toBe(at % 2 === 0 ? undefined : at)
    expect(index.size).toBe(10_000)
  })
})
