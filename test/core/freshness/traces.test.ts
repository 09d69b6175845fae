import { describe, expect, test } from 'vitest'
import { setSide, sideValue } from '../../../src/core/fleet/side-columns.ts'
import { createTable } from '../../../src/core/fleet/terminal-table.ts'
import { lasting, supplySystem } from '../../../src/core/freshness/diagnosis/trace-bits.ts'
import { applyObservation, clampRegisters } from '../../../src/core/freshness/registers.ts'
import { noteTraces } from '../../../src/core/freshness/traces.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { T0 } from '../../support/fleet-scenario.ts'

/** A table whose only row takes these observations, a minute apart. */
function tableAfter(...list: readonly Partial<Observation>[]) {
  const table = createTable()
  table.size = 1
  list.forEach((more, i) => {
    const observation: Observation = {
      terminalId: '1',
      source: 'gate',
      kind: 'live',
      receivedAt: T0 + i * MINUTE,
      ...more,
    }
    noteTraces(table, 0, observation)
    applyObservation(table, 0, observation, 1)
  })
  return {
    lasting: (name: Parameters<typeof lasting>[1]): number => lasting(table, name, 0),
    roamingAt: sideValue(table.side, 'roamingAt', 0),
    supplyBefore: sideValue(table.side, 'supplyBefore', 0),
    system: supplySystem(table, 0),
  }
}

describe('what is noted of observations', () => {
  test('nothing is, of a healthy vehicle that drives, but its system', () => {
    const healthy = { ignition: true, voltage: 13.8, roaming: false, backupPower: false, speedKmh: 60 }
    const seen = tableAfter(
      { readings: healthy, fix: { latitude: 55.1, longitude: 37, valid: true } },
      { readings: healthy, fix: { latitude: 55.2, longitude: 37, valid: true } },
    )
    expect([seen.system, seen.roamingAt]).toEqual([12, 0])
    for (const name of ['supplyAtRest', 'powerLostAt', 'noFixSince', 'stuckSince'] as const) {
      expect([name, seen.lasting(name)]).toEqual([name, 0])
    }
  })

  test('the supply from which it falls is that at the last rise since the ignition went off', () => {
    const off = (voltage: number) => ({ readings: { ignition: false, voltage } })
    expect(tableAfter({ readings: { ignition: true, voltage: 14 } }, off(12.7)).lasting('supplyAtRest')).toBe(
      12.7,
    )
    expect(tableAfter(off(12.7), off(12.1), off(11.9)).lasting('supplyAtRest')).toBe(12.7)
    expect(tableAfter(off(12.7), off(11.5), off(11.9)).lasting('supplyAtRest')).toBe(11.9)
    expect(tableAfter(off(12.7), { readings: { ignition: true, voltage: 14 } }).lasting('supplyAtRest')).toBe(
      0,
    )
  })

  test('older data than the newest changes nothing', () => {
    const seen = tableAfter(
      { readings: { voltage: 13.8 } },
      { kind: 'archive', eventAt: T0 - MINUTE, readings: { voltage: 0.5 } },
    )
    expect(seen.lasting('powerLostAt')).toBe(0)
  })

  test('a stored value from the future, or without a time, changes nothing', () => {
    const alarm = { powerAlarm: true }
    expect(tableAfter({ kind: 'snapshot', readings: alarm }).lasting('powerLostAt')).toBe(0)
    expect(tableAfter({ kind: 'snapshot', eventAt: T0 + 1, readings: alarm }).lasting('powerLostAt')).toBe(0)
    expect(tableAfter({ kind: 'snapshot', eventAt: T0, readings: alarm }).lasting('powerLostAt')).toBe(T0)
  })

  test('a terminal without positions misses none', () => {
    expect(
      tableAfter({ readings: { ignition: true } }, { readings: { ignition: true } }).lasting('noFixSince'),
    ).toBe(0)
  })

  test('a message without readings and position says nothing of a lost position', () => {
    const fix = { latitude: 55, longitude: 37, valid: true }
    expect(tableAfter({ fix, readings: { ignition: true } }, {}).lasting('noFixSince')).toBe(0)
    expect(
      tableAfter({ fix, readings: { ignition: true } }, { readings: { rpm: 900 } }).lasting('noFixSince'),
    ).toBe(T0 + MINUTE)
  })
})

describe('the system of a vehicle', () => {
  test.each([
    [[], null],
    [[9], null],
    [[9.1], 12],
    [[18], 12],
    [[18.1], 24],
    [[13.8, 30, 13.8], 12],
    [[13.8, 27, 27.1], 24],
    [[24.2, 11], 24],
  ])('of supplies of %j V is %j', (volts, expected) => {
    expect(tableAfter(...volts.map((voltage) => ({ readings: { voltage } }))).system).toBe(expected)
  })
})

test('a loss is noted once, with the supply before it', () => {
  const seen = tableAfter(...[13.5, 7, 0.2].map((voltage) => ({ readings: { voltage } })))
  expect([seen.lasting('powerLostAt'), seen.supplyBefore]).toEqual([T0 + MINUTE, 13.5])
})

test('a trip without a voltage ends the rest of the supply', () => {
  const off = (voltage: number) => ({ readings: { ignition: false, voltage } })
  expect(tableAfter(off(12.7), { readings: { ignition: true } }, off(11.6)).lasting('supplyAtRest')).toBe(
    11.6,
  )
})

test('nothing that was noted is left in the future when the clock was set back', () => {
  const table = createTable()
  table.size = 1
  const noted = { firmwareAt: T0 + MINUTE, lateAt: T0 + MINUTE, roamingAt: T0 - MINUTE, supplyBefore: 13.8 }
  const names = ['firmwareAt', 'lateAt', 'roamingAt', 'supplyBefore'] as const
  for (const name of names) setSide(table.side, name, 0, noted[name])
  clampRegisters(table, T0)
  expect(names.map((name) => sideValue(table.side, name, 0))).toEqual([T0, T0, T0 - MINUTE, 13.8])
})
