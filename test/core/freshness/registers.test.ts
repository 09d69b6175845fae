import { describe, expect, test } from 'vitest'
import { createTable, ensureRow } from '../../../src/core/fleet/terminal-table.ts'
import { applyObservation, clockBehind, isParked, watchLag } from '../../../src/core/freshness/registers.ts'
import type { Fix, Observation, Readings } from '../../../src/core/telemetry/observation.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { T0 } from '../../support/fleet-scenario.ts'

const NAMES = ['contactAt', 'dataAt', 'liveAt', 'fixAt', 'linkAt'] as const

/** Registers after the observations, as seconds since T0; null: not moved. */
function after(...list: readonly Partial<Observation>[]): Record<string, number | null> {
  const table = tableAfter(...list)
  return Object.fromEntries(
    NAMES.map((name) => [name, table[name][0] ? ((table[name][0] ?? 0) - T0) / SECOND : null]),
  )
}

function tableAfter(...list: readonly Partial<Observation>[]) {
  const table = createTable()
  ensureRow(table, 0)
  for (const observation of list) {
    applyObservation(
      table,
      0,
      { terminalId: '1', source: 'gate', receivedAt: T0 + HOUR, kind: 'live', ...observation },
      1,
    )
  }
  return table
}

const fix = { latitude: 56, longitude: 43, satellites: 9 }
const ALL_NOW = { contactAt: 3600, dataAt: 3600, liveAt: 3600, linkAt: 3600 }
const NONE = { contactAt: null, dataAt: null, liveAt: null, fixAt: null, linkAt: null }

describe('the registers', () => {
  test.each<[string, Partial<Observation>, Record<string, number | null>]>([
    [
      'live data moves all but the fix',
      { heardAt: T0 + 3590 * SECOND, eventAt: T0 + 3580 * SECOND },
      { contactAt: 3590, dataAt: 3580, liveAt: 3590, linkAt: 3600 },
    ],
    [
      'an archive moves contact and data, not live',
      { kind: 'archive', eventAt: T0 + MINUTE },
      { contactAt: 3600, dataAt: 60, linkAt: 3600 },
    ],
    [
      'data without a time is as old as its hearing',
      {},
      { contactAt: 3600, dataAt: 3600, liveAt: 3600, linkAt: 3600 },
    ],
    [
      'data is never newer than its hearing',
      { eventAt: T0 + HOUR + MINUTE },
      { contactAt: 3600, dataAt: 3600, liveAt: 3600, linkAt: 3600 },
    ],
    ['live data with a fix and without any time has the fix now', { fix }, { ...ALL_NOW, fixAt: 3600 }],
    [
      'an archive without any time has a fix of an unknown day',
      { kind: 'archive', fix },
      { contactAt: 3600, dataAt: 3600, linkAt: 3600 },
    ],
    [
      'an archive whose fix has a time of its own has it at that time',
      { kind: 'archive', fix: { ...fix, at: T0 + MINUTE } },
      { contactAt: 3600, dataAt: 3600, linkAt: 3600, fixAt: 60 },
    ],
    [
      'a snapshot moves contact and data to its own time',
      { kind: 'snapshot', eventAt: T0 + MINUTE },
      { contactAt: 60, dataAt: 60 },
    ],
    ['a snapshot from the future moves nothing', { kind: 'snapshot', eventAt: T0 + HOUR + 1, fix }, {}],
    ['a snapshot without a time moves nothing', { kind: 'snapshot', fix }, {}],
    ['presence moves the link only', { kind: 'presence', eventAt: T0 + MINUTE }, { linkAt: 3600 }],
    [
      'a fix that comes with presence is a fix',
      { kind: 'presence', eventAt: T0 + MINUTE, fix },
      { linkAt: 3600, fixAt: 60 },
    ],
    [
      "a fix has its own time before the message's",
      { kind: 'archive', eventAt: T0 + MINUTE, fix: { ...fix, at: T0 + 50 * SECOND } },
      { contactAt: 3600, dataAt: 60, linkAt: 3600, fixAt: 50 },
    ],
    ['three satellites are no fix', { kind: 'presence', fix: { ...fix, satellites: 3 } }, { linkAt: 3600 }],
    [
      'four satellites among the readings are a fix',
      { kind: 'presence', fix: { latitude: 1, longitude: 1 }, readings: { satellites: 4 } },
      { linkAt: 3600, fixAt: 3600 },
    ],
    [
      "the source's own word is a fix",
      { kind: 'presence', fix: { latitude: 1, longitude: 1, valid: true } },
      { linkAt: 3600, fixAt: 3600 },
    ],
    [
      '0/0 is no fix',
      { kind: 'presence', fix: { latitude: 0, longitude: 0, satellites: 9 } },
      { linkAt: 3600 },
    ],
  ])('%s', (_name, observation, moved) => {
    expect(after(observation)).toEqual({ ...NONE, ...moved })
  })
})

test.each([
  ['minutes', 10 * MINUTE],
  ['years, of which the column of lags does not hold the seconds', 400_000_008_192],
])('a clock that is behind by a constant lag of %s is known as such', (_name, lagMs) => {
  const table = createTable()
  ensureRow(table, 0)
  for (let n = 0; n < 12; n++) {
    const heard = T0 + n * MINUTE
    table.contactAt[0] = heard
    watchLag(table, 0, lagMs + (n % 3) * SECOND, heard, 2 * MINUTE)
  }
  expect(clockBehind(table, 0)).toBe(true)
  watchLag(table, 0, lagMs - 5 * MINUTE, T0 + HOUR, 2 * MINUTE)
  expect(clockBehind(table, 0)).toBe(false)
})

describe('parked', () => {
  const at = (minute: number, readings: Readings): Partial<Observation> => ({
    kind: 'archive',
    eventAt: T0 + minute * MINUTE,
    readings,
  })
  const located = (minute: number, more: Partial<Fix>): Partial<Observation> => ({
    kind: 'archive',
    eventAt: T0 + minute * MINUTE,
    fix: { ...fix, ...more },
  })
  test.each<[string, Partial<Observation>[], boolean]>([
    ['nothing known is not parked', [at(1, {})], false],
    ['ignition off', [at(1, { ignition: false })], true],
    ['ignition on and standing', [at(1, { ignition: true, speedKmh: 0 })], false],
    ['no ignition, 3 km/h', [at(1, { speedKmh: 3 })], true],
    ['no ignition, over 3 km/h', [at(1, { speedKmh: 3.1 })], false],
    ['ignition off and speed of the same moment', [at(1, { ignition: false, speedKmh: 20 })], true],
    ['ignition off and a newer speed', [at(1, { ignition: false }), at(2, { speedKmh: 20 })], false],
    [
      'ignition off and an older speed that came later',
      [at(2, { ignition: false }), at(1, { speedKmh: 20 })],
      true,
    ],
    ['an older ignition that came later', [at(2, { ignition: true }), at(1, { ignition: false })], false],
    ['ignition off again after the drive', [at(1, { speedKmh: 20 }), at(2, { ignition: false })], true],
    ['standing by the speed of the fix alone', [located(1, { speedKmh: 3 })], true],
    [
      'ignition off and a newer speed of a fix',
      [at(1, { ignition: false }), located(2, { speedKmh: 20 })],
      false,
    ],
    [
      'ignition off and the speed of a fix from before that is told again',
      [at(2, { ignition: false }), located(3, { speedKmh: 20, at: T0 + MINUTE })],
      true,
    ],
    ['the speed of a position that is not valid', [located(1, { speedKmh: 3, satellites: 2 })], false],
    [
      'the reading of the vehicle beside the speed of the fix',
      [{ ...located(1, { speedKmh: 3 }), readings: { speedKmh: 20 } }],
      false,
    ],
  ])('%s', (_name, list, parked) => {
    expect(isParked(tableAfter(...list), 0)).toBe(parked)
  })
})
