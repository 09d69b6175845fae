import type { CanNumbers, ObdNumbers } from './omnicomm-groups.ts'

/** What the vehicle's own electronics say. Absent: not sent, or sent as "error" or "not available". */
export type VehicleNumbers = {
  readonly fuelPercent?: number
  readonly coolantCelsius?: number
  readonly rpm?: number
  readonly totalDistanceM?: number
  readonly engineHours?: number
  readonly totalFuelUsedLitres?: number
  readonly speedKmh?: number
  /** Supply of the control module, V. */
  readonly moduleVoltage?: number
}

/** First raw values that mean an error or nothing (reference/omnicomm-terminal-protocol.md 5.7: A, B and C). */
const NO_FUEL_LEVEL = 251
const NO_BYTE = 254
const NO_WORD = 65_024
const NO_LONG = 4_261_412_864

/** J1939 (CanDt); scales of reference/omnicomm-terminal-protocol.md 5.7. */
export function ofCan(can: CanNumbers): VehicleNumbers {
  return present({
    fuelPercent: below(NO_FUEL_LEVEL, can.fuelLevel, (raw) => (raw * 4) / 10),
    coolantCelsius: below(NO_BYTE, can.coolantTemperature, (raw) => raw - 40),
    rpm: below(NO_WORD, can.engineSpeed, (raw) => raw / 8),
    totalDistanceM: below(NO_LONG, can.totalDistance, (raw) => raw * 125),
    engineHours: below(NO_LONG, can.engineHours, (raw) => raw / 20),
    totalFuelUsedLitres: below(NO_LONG, can.totalFuelUsed, (raw) => raw / 2),
    speedKmh: below(NO_WORD, can.speed, (raw) => toTenths(raw / 256)),
  })
}

/** J1979 (OBDDt); formulas of reference/omnicomm-terminal-protocol.md 5.9. */
export function ofObd(obd: ObdNumbers): VehicleNumbers {
  return present({
    fuelPercent: ifSent(obd.fuelLevel, (raw) => toTenths((100 * (raw & 0xff)) / 255)),
    rpm: ifSent(obd.engineSpeed, (raw) => firstTwoBytes(raw) / 4),
    speedKmh: ifSent(obd.speed, (raw) => raw & 0xff),
    moduleVoltage: ifSent(obd.moduleVoltage, (raw) => firstTwoBytes(raw) / 1000),
  })
}

/** 256 A + B, where A is the lowest byte. */
function firstTwoBytes(raw: number): number {
  return (raw & 0xff) * 256 + ((raw >>> 8) & 0xff)
}

function toTenths(value: number): number {
  return Math.round(value * 10) / 10
}

function below(limit: number, raw: number | undefined, scale: (raw: number) => number): number | undefined {
  return raw === undefined || raw >= limit ? undefined : scale(raw)
}

function ifSent(raw: number | undefined, scale: (raw: number) => number): number | undefined {
  return raw === undefined ? undefined : scale(raw)
}

/** The same without what is undefined. */
function present(values: { readonly [Key in keyof VehicleNumbers]: number | undefined }): VehicleNumbers {
  const sent: { -readonly [Key in keyof VehicleNumbers]: VehicleNumbers[Key] } = {}
  for (const name in values) {
    const key = name as keyof VehicleNumbers
    const value = values[key]
    if (value !== undefined) sent[key] = value
  }
  return sent
}
