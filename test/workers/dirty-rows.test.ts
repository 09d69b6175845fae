import { expect, test } from 'vitest'
import { decodeBlock } from '../../src/core/fleet/register-codec.ts'
import { createTable, ensureRow, markDirty } from '../../src/core/fleet/terminal-table.ts'
import { collectDirty } from '../../src/workers/dirty-rows.ts'
import { drained } from '../support/names-world.ts'

const ROWS = 10_000

/** Rows that hold their number. */
function changedTable() {
  const table = createTable()
  for (let row = 0; row < ROWS; row++) {
    ensureRow(table, row)
    table.contactAt[row] = row
    table.state[row] = row % 11
    markDirty(table, row)
  }
  return table
}

test('the journal entries of many steps hold each row as it was last', () => {
  const table = changedTable()
  const dirty = collectDirty(table)
  const steps = dirty.steps()
  steps.next()
  for (const row of [0, 5, ROWS - 1]) {
    table.contactAt[row] = -row
    markDirty(table, row)
  }
  drained(steps)
  table.contactAt[7] = 77
  markDirty(table, 7)
  const restored = createTable()
  dirty.end()
  for (const entry of dirty.journal) decodeBlock(restored, entry)
  expect([...restored.contactAt.subarray(0, ROWS)]).toEqual([...table.contactAt.subarray(0, ROWS)])
  expect([...restored.state.subarray(0, ROWS)]).toEqual([...table.state.subarray(0, ROWS)])
  expect(table.dirty).toEqual([])
  expect(new Set(dirty.rows).size).toBe(ROWS)
})

test('nothing that changed is no journal entry', () => {
  const dirty = collectDirty(createTable())
  dirty.end()
  expect(dirty.journal).toEqual([])
})
