import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvRecords } from '../../../src/core/fleet/csv-text.ts'
import { createFleet, EMPTY, type Fleet } from '../../../src/core/fleet/fleet.ts'
import { applyPlan } from '../../../src/core/fleet/import-apply.ts'
import { planImport } from '../../../src/core/fleet/import-plan.ts'
import type { InventoryRow } from '../../../src/core/fleet/inventory.ts'
import { idFault } from '../../../src/core/fleet/inventory-csv.ts'
import { inventoryCsv } from '../../../src/core/fleet/inventory-export.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { readInventoryCsv } from '../../support/inventory-file.ts'

const difficult = fc
  .string({ unit: fc.constantFrom(...`'"=+-@,;| aЖ1`) })
  .map((text) => text.trim())
  .filter((text) => text.length <= 200)
const name = fc.string({ unit: fc.constantFrom(...`'"=-@,;ab`), minLength: 2, maxLength: 8 })

const rows = fc.uniqueArray(
  fc.record({
    id: fc
      .string({ unit: fc.constantFrom(...`'"=-@,;ab1`), minLength: 1, maxLength: 6 })
      .filter((id) => idFault(id) === undefined),
    name: difficult,
    client: difficult,
    group: difficult,
    sim: difficult.filter((text) => !/^\d([.,]\d+)?E\+\d+$/i.test(text)),
    uuid: fc.oneof(fc.constant(''), name),
    aliases: fc.uniqueArray(name, { maxLength: 3 }),
    lifecycle: fc.constantFrom('active', 'suspended', 'decommissioned'),
    discovered: fc.boolean(),
    fromTree: fc.subarray(['name', 'client', 'group', 'uuid'] as const),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
)

function fleetOf(terminals: readonly Partial<InventoryRow>[]): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  terminals.forEach((terminal, row) => {
    // Two vehicles with one uuid are no inventory that a file can hold.
    const uuid = terminals.findIndex((other) => other.uuid === terminal.uuid) === row ? terminal.uuid : ''
    putTerminal(fleet, {
      ...EMPTY,
      firstSeenAt: T0,
      ...terminal,
      id: terminal.id ?? '',
      uuid: uuid ?? '',
      row,
    })
  })
  return fleet
}

function drained<Result>(steps: Generator<number, Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

describe('the inventory as a file', () => {
  test('is imported again without changing anything', () => {
    fc.assert(
      fc.property(rows, (terminals) => {
        const fleet = fleetOf(terminals)
        // Names that are given twice lead somewhere: who is merged is not what this is about.
        const inventoried = [...fleet.inventory].filter(({ discovered }) => !discovered)
        const text = [...inventoryCsv(fleet.inventory)].join('')
        const csv = readInventoryCsv(new TextEncoder().encode(text))
        expect(csv.rejected).toEqual([])
        const plan = drained(planImport(fleet, csv.rows, { replacements: 'followed' }))
        expect(plan.rejected).toEqual([])
        const applied = drained(applyPlan(fleet, plan.rows, T0 + 1))
        expect(applied).toMatchObject({ created: 0, replaced: [] })
        const after = inventoried.map(({ row }) => fleet.inventory.at(row))
        if (applied.merged === 0) {
          expect(after).toEqual(inventoried)
          expect(fleet.changedInventory.size).toBe(0)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('makes the same inventory in an empty fleet', () => {
    fc.assert(
      fc.property(rows, (terminals) => {
        const fleet = fleetOf(
          terminals.map((terminal) => ({ ...terminal, aliases: [], uuid: '', fromTree: [] })),
        )
        const text = [...inventoryCsv(fleet.inventory)].join('')
        const again = fleetOf([])
        const { rows: lines } = readInventoryCsv(new TextEncoder().encode(text))
        drained(applyPlan(again, drained(planImport(again, lines, { replacements: 'followed' })).rows, T0))
        const bare = ({ inventory }: Fleet) =>
          [...inventory].filter(({ discovered }) => !discovered).map((terminal) => ({ ...terminal, row: 0 }))
        expect(bare(again)).toEqual(bare(fleet))
      }),
    )
  })

  test('holds no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(rows, (terminals) => {
        const text = [...inventoryCsv(fleetOf(terminals).inventory)].join('')
        for (const { cells } of csvRecords(text, ',')) {
          for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
        }
      }),
    )
  })

  test('has the mark that Excel needs, and neither discovered nor merged terminals', () => {
    const fleet = fleetOf([
      { id: '1', name: 'A' },
      { id: '2', discovered: true },
      { id: '3', mergedInto: '1' },
    ])
    expect([...inventoryCsv(fleet.inventory)].join('')).toBe(
      '\ufeffterminal_id,name,client,dealer,group,operator,region,model,firmware,imei,sim,profile,uuid,aliases,lifecycle\r\n' +
        '1,A,,,,,,,,,,,,,active\r\n',
    )
  })
})
