import { describe, expect, test } from 'vitest'
import type { CanNumbers, ObdNumbers } from '../../../src/core/telemetry/omnicomm-groups.ts'
import { ofCan, ofObd, type VehicleNumbers } from '../../../src/core/telemetry/omnicomm-vehicle.ts'

describe('a CAN number', () => {
  const cases: readonly (readonly [CanNumbers, VehicleNumbers])[] = [
    [{ fuelLevel: 0 }, { fuelPercent: 0 }],
    [{ fuelLevel: 128 }, { fuelPercent: 51.2 }],
    [{ fuelLevel: 250 }, { fuelPercent: 100 }],
    [{ fuelLevel: 251 }, {}],
    [{ coolantTemperature: 0 }, { coolantCelsius: -40 }],
    [{ coolantTemperature: 253 }, { coolantCelsius: 213 }],
    [{ coolantTemperature: 254 }, {}],
    [{ engineSpeed: 65_023 }, { rpm: 8127.875 }],
    [{ engineSpeed: 65_024 }, {}],
    [{ totalDistance: 8 }, { totalDistanceM: 1000 }],
    [{ totalDistance: 4_261_412_863 }, { totalDistanceM: 532_676_607_875 }],
    [{ totalDistance: 4_261_412_864 }, {}],
    [{ totalDistance: 4_294_967_295 }, {}],
    [{ engineHours: 7 }, { engineHours: 0.35 }],
    [{ engineHours: 4_261_412_864 }, {}],
    [{ totalFuelUsed: 7 }, { totalFuelUsedLitres: 3.5 }],
    [{ totalFuelUsed: 4_278_190_080 }, {}],
    [{ speed: 15_616 }, { speedKmh: 61 }],
    [{ speed: 15_700 }, { speedKmh: 61.3 }],
    [{ speed: 65_535 }, {}],
  ]

  test.each(cases)('%j means %j', (can, numbers) => {
    expect(ofCan(can)).toEqual(numbers)
  })
})

describe('an OBD number', () => {
  const cases: readonly (readonly [ObdNumbers, VehicleNumbers])[] = [
    [{ speed: 0xffff_ff3c }, { speedKmh: 60 }],
    [{ moduleVoltage: 0xd036 }, { moduleVoltage: 14.032 }],
    [{ engineSpeed: 0x0201 }, { rpm: 64.5 }],
    [{ fuelLevel: 255 }, { fuelPercent: 100 }],
    [{ fuelLevel: 100 }, { fuelPercent: 39.2 }],
  ]

  test.each(cases)('%j means %j', (obd, numbers) => {
    expect(ofObd(obd)).toEqual(numbers)
  })
})
