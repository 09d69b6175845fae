import { describe, expect, test } from 'vitest'
import { keepReadings, readingsOf } from '../../../src/core/fleet/reading-columns.ts'
import { decodeBlock, encodeChunk, encodeRows } from '../../../src/core/fleet/register-codec.ts'
import {
  BYTE_COLUMNS,
  createTable,
  ensureRow,
  NUMBER_COLUMNS,
} from '../../../src/core/fleet/terminal-table.ts'

function filledTable(rows: number) {
  const table = createTable(4)
  for (let row = 0; row < rows; row++) {
    ensureRow(table, row)
    NUMBER_COLUMNS.forEach((name, i) => {
      table[name][row] = 1_767_225_600_000 + row * 1000 + i
    })
    BYTE_COLUMNS.forEach((name, i) => {
      table[name][row] = (row + i) % 256
    })
  }
  return table
}

describe('stored registers', () => {
  test('a journal entry gives its rows back, and only those', () => {
    const table = filledTable(1500)
    const copy = createTable()
    decodeBlock(copy, encodeRows(table, [3, 1499, 700]))
    for (const name of [...NUMBER_COLUMNS, ...BYTE_COLUMNS]) {
      for (const row of [3, 700, 1499]) expect(copy[name][row]).toBe(table[name][row])
      expect(copy[name][4]).toBe(0)
    }
  })

  test('a chunk gives its 512 terminals back with their readings', () => {
    const table = filledTable(600)
    keepReadings(table.readings, 550, { voltage: 24.3, roaming: true, firmware: 'FW 1.2 ü' }, 77)
    keepReadings(table.readings, 3, { voltage: 12 }, 78)
    const copy = createTable()
    decodeBlock(copy, encodeChunk(table, 1))
    expect(copy.size).toBe(600)
    expect(copy.contactAt[550]).toBe(table.contactAt[550])
    expect(copy.contactAt[3]).toBe(0)
    expect(readingsOf(copy.readings, 550)).toEqual([
      { name: 'voltage', value: 24.3, at: 77 },
      { name: 'roaming', value: true, at: 77 },
      { name: 'firmware', value: 'FW 1.2 ü', at: 77 },
    ])
  })

  test('bytes at an odd address are read as well', () => {
    const bytes = encodeRows(filledTable(2), [0, 1])
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    const copy = createTable()
    decodeBlock(copy, shifted.subarray(1))
    expect(copy.contactAt[1]).toBeGreaterThan(0)
  })

  test.each([
    ['cut off', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['of another version', (bytes: Uint8Array) => bytes.with(0, 9)],
    ['empty', () => new Uint8Array(0)],
  ])('what is %s is refused', (_name, damage) => {
    expect(() => decodeBlock(createTable(), damage(encodeRows(filledTable(2), [0, 1])))).toThrow(
      'restore a backup',
    )
  })
})
