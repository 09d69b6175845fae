import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { keepReadings, readingsOf } from '../../../src/core/fleet/reading-columns.ts'
import { decodeBlock, encodeChunk, encodeRows } from '../../../src/core/fleet/register-codec.ts'
import { SIDE_COLUMNS, setSide, sideValue } from '../../../src/core/fleet/side-columns.ts'
import {
  BYTE_COLUMNS,
  createTable,
  ensureRow,
  NUMBER_COLUMNS,
} from '../../../src/core/fleet/terminal-table.ts'

const RARE = SIDE_COLUMNS[0]

const AS_EVER = {
  chunks: ['d75eba7413024f10', 'e6b90b3ebc21caa3', '607e82fd3992a35a'],
  scattered: 'eb48ec07a34ce450',
  run: '0b3fd004e2393d8a',
  none: '35be322d094f9d15',
}

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

  test('are the same bytes as ever: a change of them needs another version', () => {
    const table = filledTable(600)
    for (let row = 0; row < 600; row += 3) {
      keepReadings(table.readings, row, { voltage: 12 + row / 100, firmware: `v${row % 5}` }, 70 + row)
    }
    // A text that is told no more, and one that takes its number.
    for (let row = 0; row < 600; row += 3) {
      if (row % 5 === 4) keepReadings(table.readings, row, { firmware: row > 300 ? 'new' : '' }, 700 + row)
    }
    keepReadings(table.readings, 1, { gsmJamming: true, mileageM: 123_456_789.5 }, 79)
    setSide(table.side, RARE, 3, 28.1)
    const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)
    expect({
      chunks: [0, 1, 2].map((number) => sum(encodeChunk(table, number))),
      scattered: sum(encodeRows(table, [3, 599, 70])),
      run: sum(encodeRows(table, [70, 71, 72])),
      none: sum(encodeRows(table, [])),
    }).toEqual(AS_EVER)
  })

  test('a chunk gives back what few of its terminals have, and nothing of the others', () => {
    const table = filledTable(600)
    setSide(table.side, RARE, 3, 28.1)
    const copy = createTable()
    decodeBlock(copy, encodeChunk(table, 1))
    expect(copy.side.columns.size).toBe(0)
    decodeBlock(copy, encodeChunk(table, 0))
    expect([2, 3].map((row) => sideValue(copy.side, RARE, row))).toEqual([0, 28.1])
  })

  test('a journal entry of a whole fleet stays small, whatever was read', () => {
    const table = filledTable(1000)
    for (let row = 0; row < 1000; row++) keepReadings(table.readings, row, { voltage: 24, fuel1: row }, 77)
    const rows = Array.from({ length: 1000 }, (_, row) => row)
    expect(encodeRows(table, rows).length).toBeLessThan(1000 * 128)
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
    ['of another version', (bytes: Uint8Array) => bytes.with(0, 2)],
    ['too long', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0, 0, 0, 0)],
    ['of more rows than there are bytes', (bytes: Uint8Array) => bytes.with(6, 9)],
    ['of a row that no fleet has', (bytes: Uint8Array) => bytes.with(11, 9)],
    ['empty', () => new Uint8Array(0)],
  ])('what is %s is refused', (_name, damage) => {
    const bytes = damage(encodeRows(filledTable(2), [0, 1]))
    expect(() => decodeBlock(createTable(), bytes)).toThrow('restore a backup')
  })

  test('a chunk that is cut off anywhere, or whose list of columns is none of ours, is refused', () => {
    const table = filledTable(3)
    keepReadings(table.readings, 1, { voltage: 24.3, roaming: true, firmware: '1.2' }, 77)
    setSide(table.side, RARE, 1, 28.1)
    const bytes = encodeChunk(table, 0)
    const columns = encodeRows(table, [0, 1, 2]).length
    for (let length = 0; length < bytes.length; length++) {
      if (length === columns) continue
      expect(() => decodeBlock(createTable(), bytes.subarray(0, length))).toThrow('restore a backup')
    }
    for (const name of ['voltage', RARE, '"readings"']) {
      const at = Buffer.from(bytes).indexOf(name)
      expect(() => decodeBlock(createTable(), bytes.with(at, 0x78))).toThrow('restore a backup')
    }
  })
})
