import { expect, test } from 'vitest'
import { stateObservation } from '../../../src/core/online/told-state.ts'
import { decodeVehicleState } from '../../../src/core/online/vehicle-state.ts'
import { T0 } from '../../support/fleet-scenario.ts'

const CALL = { terminalId: '1', source: 'online', receivedAt: T0 + 1000 }

function observed(json: unknown) {
  const state = decodeVehicleState(json)
  return state && stateObservation(state, CALL)
}

test('a state is a snapshot as of its last data', () => {
  expect(
    observed({
      lastDataDate: T0 / 1000,
      lastGPS: { latitude: 55.75, longitude: 37.61 },
      lastGPSSat: 9,
      currentSpeed: 68.5,
      currentIgn: true,
      voltage: 27.6,
    }),
  ).toEqual({
    ...CALL,
    kind: 'snapshot',
    eventAt: T0,
    readings: { voltage: 27.6, ignition: true, speedKmh: 68.5, satellites: 9 },
    fix: { latitude: 55.75, longitude: 37.61, speedKmh: 68.5, satellites: 9 },
  })
})

test('what is missing or beyond its limits is left out and is never 0', () => {
  const state = {
    lastDataDate: T0,
    voltage: -1,
    currentSpeed: 1e9,
    lastGPSSat: 2.5,
    lastGPS: { latitude: 1, longitude: 2 },
  }
  expect(observed(state)).toMatchObject({ eventAt: T0, readings: {}, fix: { latitude: 1, longitude: 2 } })
  expect(observed({ lastDataDate: T0, voltage: null })).not.toHaveProperty('fix')
})

test('a state that says nothing of its time is none', () => {
  expect(observed({ voltage: 27.6 })).toBeUndefined()
  expect(observed({ lastDataDate: 0, voltage: 27.6 })).toBeUndefined()
})
