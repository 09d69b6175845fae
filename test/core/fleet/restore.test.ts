import { describe, expect, test } from 'vitest'
import { createFleet, EMPTY, type Fleet } from '../../../src/core/fleet/fleet.ts'
import type { InventoryRow } from '../../../src/core/fleet/inventory.ts'
import { packPages } from '../../../src/core/fleet/packed-page.ts'
import { readingsOf } from '../../../src/core/fleet/reading-columns.ts'
import { encodeChunk, encodeRows } from '../../../src/core/fleet/register-codec.ts'
import { createRestoring, type KeptFleet, restoreFleet } from '../../../src/core/fleet/restore.ts'
import { restoredTable } from '../../../src/core/fleet/restore-table.ts'
import { createTable, ensureRow, type TerminalTable } from '../../../src/core/fleet/terminal-table.ts'
import { NO_FLAPS } from '../../../src/core/freshness/flaps.ts'
import { applyObservation } from '../../../src/core/freshness/registers.ts'
import { CODE } from '../../../src/core/freshness/state.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'

const TERMINALS = 12_000

function heard(table: TerminalTable, row: number, at: number, firmware: string): void {
  ensureRow(table, row)
  const observation = { terminalId: '', source: 'gate', receivedAt: at, kind: 'live' as const }
  applyObservation(table, row, { ...observation, readings: { voltage: 24.3, firmware } }, 1)
}

/** Terminals of which all but the last were heard of before the last checkpoint, and the first one since. */
function kept(): KeptFleet {
  const terminals = Array.from(
    { length: TERMINALS },
    (_, row): InventoryRow => ({
      ...EMPTY,
      row,
      id: String(1000 + row),
      imei: String(860_000_000_000_000 + row),
      firmware: 'said',
      firstSeenAt: T0,
    }),
  )
  const table = createTable()
  for (let row = 0; row < TERMINALS - 1; row++) heard(table, row, T0 + row, row < 2 ? 'told' : 'other')
  const numbers = Array.from({ length: Math.ceil(TERMINALS / 512) }, (_, number) => number)
  const chunks = numbers.map((number) => ({ bytes: encodeChunk(table, number) }))
  heard(table, 0, T0 + MINUTE, 'told')
  return {
    terminals: packPages(terminals),
    chunks,
    journal: [encodeRows(table, [0])],
    flaps: NO_FLAPS,
    counters: [],
    gaps: [],
  }
}

const emptyFleet = (): Fleet => createFleet(DEFAULTS, 2 * MINUTE)

describe('what was stored of a fleet', () => {
  test('is put back: registers, the journal since, readings, names, thresholds and groups', () => {
    const fleet = emptyFleet()
    restoreFleet(fleet, kept())
    expect([0, 1].map((row) => fleet.table.contactAt[row])).toEqual([T0 + MINUTE, T0 + 1])
    expect(readingsOf(fleet.table.readings, 1)).toEqual([
      { name: 'voltage', value: 24.3, at: T0 + 1 },
      { name: 'firmware', value: 'told', at: T0 + 1 },
    ])
    expect(['1003', '860000000000003', '7'].map((name) => fleet.rows.get(name))).toEqual([3, 3, undefined])
    expect(fleet.thresholds.movingMs[TERMINALS - 1]).toBe(30 * MINUTE)
    // What a terminal tells of its firmware comes before what the inventory says.
    const { of, names } = fleet.groups.firmware
    expect([0, 2, TERMINALS - 1].map((row) => names[of[row] ?? 0])).toEqual(['told', 'other', 'said'])
    // Only the journal knows more than the chunks.
    expect([...fleet.table.dirtyChunks]).toEqual([0])
  })

  test('tells of whose silence nobody was told', () => {
    const stored = kept()
    const before = emptyFleet()
    restoreFleet(before, stored)
    before.table.state.set([CODE.stale, CODE.lost, CODE.stale, CODE.fresh])
    before.table.alertedContactAt[2] = T0 + 2
    const fleet = emptyFleet()
    restoreFleet(fleet, { ...stored, journal: [encodeRows(before.table, [0, 1, 2, 3])] })
    expect([...fleet.untold]).toEqual([0, 1])
  })

  test('is the same in many short steps', () => {
    const { terminals, chunks, journal, ...beside } = kept()
    const once = emptyFleet()
    restoreFleet(once, { terminals, chunks, journal, ...beside })
    const fleet = emptyFleet()
    const restoring = createRestoring(fleet)
    restoring.reserve(TERMINALS)
    for (const page of terminals) restoring.page(page)
    restoring.pagesEnd(beside)
    restoring.table(restoredTable(TERMINALS, { chunks: chunks.map(({ bytes }) => bytes), journal }))
    const steps = [...restoring.end(beside)]
    expect(steps.length).toBeGreaterThanOrEqual(terminals.length)
    expect(fleet.table).toEqual(once.table)
    expect(fleet.thresholds).toEqual(once.thresholds)
    expect(fleet.groups).toEqual(once.groups)
  })

  test('and is damaged is refused', () => {
    const stored = kept()
    const chunks = [{ bytes: new Uint8Array(100) }]
    expect(() => restoreFleet(emptyFleet(), { ...stored, chunks })).toThrow('restore a backup')
  })
})
