import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clampReadings,
  clearReadings,
  createReadingColumns,
  firmwareOf,
  growReadings,
  keepReadings,
  mergeReadings,
  readingAt,
  readingsOf,
  readingValue,
} from '../../../src/core/fleet/reading-columns.ts'
import type { Readings } from '../../../src/core/telemetry/observation.ts'
import type { Instant } from '../../../src/core/time.ts'
import { T0 } from '../../support/fleet-scenario.ts'

const readings = fc.record(
  {
    voltage: fc.integer({ min: 0, max: 3200 }).map((n) => n / 100),
    mileageM: fc.integer({ min: 0, max: 4_000_000_000 }).map((n) => n / 10),
    fuel1: fc.integer({ min: 0, max: 999_999 }).map((n) => n / 10),
    roaming: fc.boolean(),
    firmware: fc.constantFrom('1.2', '1.3', '2.0'),
  },
  { requiredKeys: [] },
)
const tellings = fc.array(
  fc.record({ row: fc.nat(3), at: fc.nat(5).map((n) => T0 + n * 86_400_000 + n), readings }),
  { maxLength: 25 },
)

/** The newest of each reading, of two at one instant the greater: as plainly as it can be said. */
function newest(list: readonly { readings: Readings; at: Instant }[]) {
  const known: Record<string, { value: number | string | boolean; at: Instant }> = {}
  for (const { readings: values, at } of list) {
    for (const [name, value] of Object.entries(values)) {
      const before = known[name]
      if (!before || at > before.at || (at === before.at && value > before.value)) known[name] = { value, at }
    }
  }
  return known
}

const shown = (store: ReturnType<typeof createReadingColumns>, row: number) =>
  Object.fromEntries(readingsOf(store, row).map(({ name, value, at }) => [name, { value, at }]))

describe('readings', () => {
  test('are the newest of each kind, to the digit and the millisecond, however the table grew', () => {
    fc.assert(
      fc.property(tellings, fc.nat(25), (list, place) => {
        const store = createReadingColumns(2)
        growReadings(store, 4)
        for (const [index, { row, readings: values, at }] of list.entries()) {
          if (index === place) growReadings(store, 9)
          keepReadings(store, row, values, at)
        }
        for (let row = 0; row < 4; row++) {
          expect(shown(store, row)).toEqual(newest(list.filter((one) => one.row === row)))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('of a merged terminal are as if all had been told by the other one', () => {
    fc.assert(
      fc.property(tellings, (list) => {
        const store = createReadingColumns(4)
        for (const { row, readings: values, at } of list) keepReadings(store, row, values, at)
        mergeReadings(store, 0, 1)
        clearReadings(store, 0)
        expect(shown(store, 1)).toEqual(newest(list.filter(({ row }) => row <= 1)))
        expect(shown(store, 0)).toEqual({})
      }),
      { numRuns: 200 },
    )
  })

  test.each([12.6, 0.1, 24.37, 999.999, 16_777_215, 4095.75, 1234.567, -40.5, 0])(
    'of %s are shown as they were sent',
    (value) => {
      const store = createReadingColumns(1)
      keepReadings(store, 0, { fuel1: value, voltage: value, mileageM: value }, T0)
      const values = readingsOf(store, 0).map((reading) => reading.value)
      expect(values).toEqual([value, value, value])
    },
  )

  test('that are stored as the same number are the same, whichever came first', () => {
    const close = [12.600_000_1, 12.600_000_2]
    const told = (values: readonly number[]) => {
      const store = createReadingColumns(1)
      for (const voltage of values) keepReadings(store, 0, { voltage }, T0)
      return readingsOf(store, 0)
    }
    expect(told(close)).toEqual(told(close.toReversed()))
  })

  test('are asked for one by one', () => {
    const store = createReadingColumns(2)
    keepReadings(store, 1, { voltage: 24.3, gpsJamming: true, firmware: '1.2' }, T0 + 7)
    expect(readingValue(store, 'voltage', 1)).toBe(24.3)
    expect(readingValue(store, 'gpsJamming', 1)).toBe(1)
    expect(readingValue(store, 'voltage', 0)).toBeUndefined()
    expect([readingAt(store, 'voltage', 1), readingAt(store, 'rpm', 1)]).toEqual([T0 + 7, 0])
    expect([firmwareOf(store, 1), firmwareOf(store, 0)]).toEqual([{ value: '1.2', at: T0 + 7 }, undefined])
  })

  test('of before a clock was set back are as they were', () => {
    const store = createReadingColumns(3)
    const turn = 2 ** 32
    const now = 411 * turn + 1000
    for (const [row, at] of [now - turn, now, now + turn].entries()) {
      keepReadings(store, row, { voltage: 24, firmware: '2.0' }, at)
    }
    clampReadings(store, now)
    expect([0, 1, 2].map((row) => readingAt(store, 'voltage', row))).toEqual([now - turn, now, now])
    expect([0, 1, 2].map((row) => firmwareOf(store, row)?.at)).toEqual([now - turn, now, now])
  })

  test('of after the wall clock was set back give way to newer ones', () => {
    const store = createReadingColumns(1)
    keepReadings(store, 0, { voltage: 24, firmware: '2.0' }, T0 + 500)
    clampReadings(store, T0)
    keepReadings(store, 0, { voltage: 23, firmware: '1.0' }, T0 + 1)
    expect(shown(store, 0)).toEqual({
      voltage: { value: 23, at: T0 + 1 },
      firmware: { value: '1.0', at: T0 + 1 },
    })
  })
})
