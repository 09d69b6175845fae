import { numberWithin } from './limits.ts'
import type { Readings } from './observation.ts'
import type { OmnicommFlags } from './omnicomm-flags.ts'
import type { General } from './omnicomm-groups.ts'
import type { OmnicommRecord } from './omnicomm-record.ts'
import { ofCan, ofObd, type VehicleNumbers } from './omnicomm-vehicle.ts'
import { BOOLEAN_READINGS, NUMBER_READINGS, type NumberReading } from './target.ts'

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

const POWER_CUT = 12
const POWER_BACK = 7
const SENSOR_READY = 2
const SENSORS = ([1, 2, 3, 4, 5, 6, 7, 8] as const).map(
  (n) => ({ reading: `fuel${n}`, state: `state${n}`, level: `level${n}` }) as const,
)

/**
 * What a record says beside its position. The speed by sensor (General.VImp) is left out: its unit differs between
 * schema generations by a factor of ten, and a terminal without such a sensor sends 0. So is General.Mileage, which
 * is an increment.
 */
export function readingsOf(record: OmnicommRecord, flags: OmnicommFlags): Readings {
  const { general = {}, navigation } = record
  const can = ofCan(record.can ?? {})
  const obd = ofObd(record.obd ?? {})
  const readings: Mutable<Readings> = {}
  setNumber(readings, 'voltage', divided(general.supplyVoltage, 10))
  setNumber(readings, 'batteryPercent', general.batteryPercent)
  setNumber(
    readings,
    'speedKmh',
    navigation === undefined ? (can.speedKmh ?? obd.speedKmh) : divided(navigation.speed, 10),
  )
  setNumber(readings, 'satellites', navigation?.satellites)
  setNumber(readings, 'gsmPercent', percentOfSignal(general.gsmQuality))
  setNumber(readings, 'rpm', rpmOf(general, can, obd))
  setNumber(readings, 'mileageM', can.totalDistanceM)
  setFuel(readings, record)
  setFlags(readings, flags)
  if (record.firmware !== undefined) readings.firmware = record.firmware
  const alarm = powerAlarmOf(record.events)
  if (alarm !== undefined) readings.powerAlarm = alarm
  return readings
}

/** A division rounds to the nearest number that is written with as many decimals: 276 / 10 is 27.6. */
export function divided(raw: number | undefined, divisor: number): number | undefined {
  return raw === undefined ? undefined : raw / divisor
}

function setNumber(readings: Mutable<Readings>, name: NumberReading, value: number | undefined): void {
  const believed = numberWithin(value, NUMBER_READINGS[name])
  if (believed !== undefined) readings[name] = believed
}

/** Up to 5 a class, from 0 none to 5 excellent; above that real terminals send per cent. */
function percentOfSignal(quality: number | undefined): number | undefined {
  return quality === undefined || quality > 5 ? quality : quality * 20
}

/**
 * By the terminal's own input, else from the vehicle. Terminals without such an input send 0 for it, so a zero stands
 * only where nobody else knows.
 */
function rpmOf({ sensorRpm }: General, can: VehicleNumbers, obd: VehicleNumbers): number | undefined {
  return sensorRpm !== undefined && sensorRpm > 0 ? sensorRpm : (can.rpm ?? obd.rpm ?? sensorRpm)
}

/** Levels of the sensors that are ready, or do not say how they are. */
function setFuel(readings: Mutable<Readings>, { fuelSensors }: OmnicommRecord): void {
  if (fuelSensors === undefined) return
  for (const { reading, state, level } of SENSORS) {
    const said = fuelSensors[state]
    if (said === undefined || said === SENSOR_READY) setNumber(readings, reading, fuelSensors[level])
  }
}

function setFlags(readings: Mutable<Readings>, flags: OmnicommFlags): void {
  for (const name of BOOLEAN_READINGS) {
    if (name === 'powerAlarm') continue
    const isSet = flags[name]
    if (isSet !== undefined) readings[name] = isSet
  }
}

/** The later one where a record has both. */
function powerAlarmOf(events: readonly number[]): boolean | undefined {
  const event = events.findLast((code) => code === POWER_CUT || code === POWER_BACK)
  return event === undefined ? undefined : event === POWER_CUT
}
