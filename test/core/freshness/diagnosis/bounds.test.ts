import { describe, expect, test } from 'vitest'
import { createTable, ensureRow } from '../../../../src/core/fleet/terminal-table.ts'
import {
  connectLoop,
  createConnects,
  noteConnect,
} from '../../../../src/core/freshness/diagnosis/connects.ts'
import { createPlaces, notePlace, returnedNear } from '../../../../src/core/freshness/diagnosis/places.ts'
import { CODE } from '../../../../src/core/freshness/state.ts'
import { MINUTE } from '../../../../src/core/time.ts'
import { T0 } from '../../../support/fleet-scenario.ts'

const at = (latitude: number, longitude: number) => {
  const table = createTable()
  ensureRow(table, 9)
  table.dataAt.fill(T0)
  table.fixAt.fill(T0)
  table.latitude.fill(latitude)
  table.longitude.fill(longitude)
  return table
}

describe('places without coverage', () => {
  const lostAndBack = (
    places: ReturnType<typeof createPlaces>,
    table: ReturnType<typeof at>,
    row: number,
  ): void => {
    notePlace(places, table, row, CODE.fresh, CODE.stale)
    notePlace(places, table, row, CODE.stale, CODE.lost)
    notePlace(places, table, row, CODE.lost, CODE.fresh)
  }

  test('are found again within about a kilometre, at any latitude', () => {
    for (const latitude of [-60, 0.001, 43, 55.7, 69]) {
      const places = createPlaces()
      lostAndBack(places, at(latitude, 37.6), 0)
      expect(returnedNear(places, at(latitude + 0.009, 37.6), 1)).toBe(1)
      expect(returnedNear(places, at(latitude, 37.6 + 0.009 / Math.cos((latitude * Math.PI) / 180)), 1)).toBe(
        1,
      )
      expect(returnedNear(places, at(latitude + 0.021, 37.6), 1)).toBe(0)
      expect(returnedNear(places, at(latitude, 37.6 + 0.021 / Math.cos((latitude * Math.PI) / 180)), 1)).toBe(
        0,
      )
    }
  })

  test('are bounded; the one that was used longest ago goes first', () => {
    const places = createPlaces()
    const table = at(0, 0)
    for (let i = 0; i < 20_001; i++) {
      table.latitude[0] = Math.floor(i / 1000) * 0.02
      table.longitude[0] = (i % 1000) * 0.02
      lostAndBack(places, table, 0)
      // The first place is used once more.
      if (i === 1) lostAndBack(places, at(0, 0), 0)
    }
    expect(places.cells.size).toBe(20_000)
    expect(returnedNear(places, at(0.000_1, 0.000_1), 1)).toBe(1)
  })

  test('remember at most eight who came back to one', () => {
    const places = createPlaces()
    for (let row = 0; row < 10; row++) lostAndBack(places, at(50, 40), row)
    expect([...places.cells.values()]).toEqual([[2, 3, 4, 5, 6, 7, 8, 9]])
  })

  test('need a position of about then, and one that is no old one', () => {
    const places = createPlaces()
    const table = at(50, 40)
    table.fixAt[0] = T0 - 10 * MINUTE - 1
    lostAndBack(places, table, 0)
    expect(places.cells.size).toBe(0)
  })
})

describe('connects', () => {
  const connect = (receivedAt: number) =>
    ({ terminalId: '1', source: 'gate', receivedAt, kind: 'presence' }) as const

  test('are remembered of a bounded number of terminals, the newest ten of each', () => {
    const all = createConnects()
    for (let row = 0; row < 20_000; row++) noteConnect(all, row, connect(T0), 0)
    for (let i = 1; i < 20; i++) noteConnect(all, 0, connect(T0 + i), 0)
    noteConnect(all, 20_000, connect(T0), 0)
    expect([all.size, all.has(0), all.has(1)]).toEqual([20_000, true, false])
    expect(connectLoop(all, 0, 0)).toEqual({ count: 10, withData: 0, ms: 9, at: T0 + 19, areIdents: false })
  })
})
