import { type Cursor, fromZigzag, readGroup, readUint32, WIRE } from './protobuf.ts'

/** The number fields of a group by their numbers. */
export type FieldTable<Name extends string> = ReadonlyMap<number, Field<Name>>

type Field<Name extends string> = { readonly name: Name; readonly signed: boolean }

/** The numbers that a group had. An absent one was not sent. */
export type Numbers<Name extends string> = { readonly [Key in Name]?: number }

/** General (reference/omnicomm-terminal-protocol.md 5.2), raw. */
export const GENERAL = fields(
  {
    time: 1,
    statusBits: 4,
    mileage: 5,
    sensorSpeed: 6,
    sensorRpm: 7,
    supplyVoltage: 8,
    batteryPercent: 9,
    engineHours: 17,
    gsmQuality: 18,
    wifiQuality: 19,
  },
  { acceleration: 10, accelerationX: 12, accelerationY: 13, accelerationZ: 14 },
)

/** NAV (5.4), raw: 1e-7 degrees, 0.1 km/h, 0.1 m, seconds of Omnicomm time. */
export const NAVIGATION = fields(
  { speed: 3, course: 4, satellites: 5, time: 7 },
  { latitude: 1, longitude: 2, altitude: 6 },
)

/** UniDt (5.5): raw values of the universal inputs. */
export const INPUTS = fields({}, { input1: 1, input2: 2, input3: 3, input4: 4, input5: 5, input6: 6 })

const SENSORS = [1, 2, 3, 4, 5, 6, 7, 8] as const
type Sensor = (typeof SENSORS)[number]

/** LLSDt (5.6): level as the sensor gives it, its state code, degrees Celsius. */
export const FUEL_SENSORS = new Map(SENSORS.flatMap(fieldsOfSensor))

/** CanDt (5.7) by suspect parameter numbers of J1939, raw. */
export const CAN = fields(
  {
    fuelLevel: 96,
    coolantTemperature: 110,
    engineSpeed: 190,
    totalDistance: 245,
    engineHours: 247,
    totalFuelUsed: 250,
    speed: 1624,
  },
  {},
)

/** OBDDt (5.9), raw: the bytes A to D of an answer, A lowest. */
export const OBD = fields({ speed: 1, moduleVoltage: 4, engineSpeed: 5, fuelLevel: 6 }, {})

/** Other.OneWire (5.8): degrees Celsius; the signed-byte minimum means that there is no sensor. */
export const TEMPERATURES = fields(
  {},
  {
    temperature1: 1,
    temperature2: 2,
    temperature3: 3,
    temperature4: 4,
    temperature5: 5,
    temperature6: 6,
    temperature7: 7,
    temperature8: 8,
  },
)

export type General = NumbersOf<typeof GENERAL>
export type Navigation = NumbersOf<typeof NAVIGATION>
export type Inputs = NumbersOf<typeof INPUTS>
export type FuelSensors = NumbersOf<typeof FUEL_SENSORS>
export type CanNumbers = NumbersOf<typeof CAN>
export type ObdNumbers = NumbersOf<typeof OBD>
export type Temperatures = NumbersOf<typeof TEMPERATURES>

/**
 * Reads the fields of a group, whose start tag has been read, with its end tag. A repeated group adds to what its
 * predecessor had; the last value of a field stays.
 */
export function readNumbers<Name extends string>(
  cursor: Cursor,
  group: number,
  table: FieldTable<Name>,
  before: Numbers<Name> | undefined,
): Numbers<Name> {
  const gathered: Gathered<Name> = { table, numbers: { ...before } }
  readGroup(cursor, group, gathered, takeNumber)
  return gathered.numbers
}

type Gathered<Name extends string> = {
  readonly table: FieldTable<Name>
  readonly numbers: { [Key in Name]?: number }
}

function takeNumber<Name extends string>(
  { table, numbers }: Gathered<Name>,
  field: number,
  wire: number,
  cursor: Cursor,
): boolean {
  const known = wire === WIRE.varint ? table.get(field) : undefined
  if (known === undefined) return false
  const value = readUint32(cursor)
  numbers[known.name] = known.signed ? fromZigzag(value) : value
  return true
}

type NumbersOf<Table> = Table extends FieldTable<infer Name> ? Numbers<Name> : never

function fieldsOfSensor(sensor: Sensor): [number, Field<`${'temperature' | 'level' | 'state'}${Sensor}`>][] {
  return [
    [3 * sensor - 2, { name: `temperature${sensor}`, signed: true }],
    [3 * sensor - 1, { name: `level${sensor}`, signed: false }],
    [3 * sensor, { name: `state${sensor}`, signed: true }],
  ]
}

function fields<Unsigned extends string, Signed extends string>(
  unsigned: Readonly<Record<Unsigned, number>>,
  signed: Readonly<Record<Signed, number>>,
): FieldTable<Unsigned | Signed> {
  const table = new Map<number, Field<Unsigned | Signed>>()
  for (const name in unsigned) table.set(unsigned[name], { name, signed: false })
  for (const name in signed) table.set(signed[name], { name, signed: true })
  return table
}
