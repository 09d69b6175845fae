import { numberWithin } from './limits.ts'
import type { Readings } from './observation.ts'
import { NUMBER_READINGS, type NumberReading } from './target.ts'
import { excerpt, readBoolean } from './value.ts'
import { isAbsent, readDecimal } from './wialon-ips-values.ts'

type Params =
  | { readonly kind: 'params'; readonly readings: Readings }
  | { readonly kind: 'fault'; readonly detail: string }

/**
 * Parameters whose name says what they are in which unit: V for supplies (a supply in mV is beyond the limits and left
 * out), the terminal's own unit for fuel. `gsm`, `battery`, `mileage` and the like come in several units: not used.
 */
const NUMBERS: ReadonlyMap<string, NumberReading> = new Map<string, NumberReading>([
  ['pwr_ext', 'voltage'],
  ['pwr', 'voltage'],
  ['power', 'voltage'],
  ['pwr_int', 'batteryVoltage'],
  ['battery_level', 'batteryPercent'],
  ['batterylevel', 'batteryPercent'],
  ['battery_percent', 'batteryPercent'],
  ['rpm', 'rpm'],
  ['engine_rpm', 'rpm'],
  ['fuel1', 'fuel1'],
  ['fuel2', 'fuel2'],
  ['fuel3', 'fuel3'],
  ['fuel4', 'fuel4'],
  ['fuel5', 'fuel5'],
  ['fuel6', 'fuel6'],
  ['fuel7', 'fuel7'],
  ['fuel8', 'fuel8'],
])

const IGNITION: ReadonlySet<string> = new Set(['ign', 'ignition'])

/** `NAME:TYPE:VALUE,...` with type 1 whole, 2 decimal or 3 text. Of a name that comes twice the first is used. */
export function readParams(text: string): Params {
  const readings: { -readonly [Key in keyof Readings]: Readings[Key] } = {}
  if (isAbsent(text)) return { kind: 'params', readings }
  for (const param of text.split(',')) {
    if (param === '') continue
    const parts = /^([^:]+):([1-3]):(.*)$/.exec(param)
    if (parts === null) return { kind: 'fault', detail: `parameter ${excerpt(param)} is not name:type:value` }
    const [, name = '', type = '', value = ''] = parts
    const number = readDecimal(value)
    if (type !== '3' && number === undefined) {
      return { kind: 'fault', detail: `parameter ${excerpt(param)} is not a number` }
    }
    const key = name.toLowerCase()
    if (IGNITION.has(key)) {
      const ignition = readBoolean(number ?? value)
      if (ignition !== undefined) readings.ignition ??= ignition
      continue
    }
    const target = NUMBERS.get(key)
    const reading = target === undefined ? undefined : numberWithin(number, NUMBER_READINGS[target])
    if (target !== undefined && reading !== undefined) readings[target] ??= reading
  }
  return { kind: 'params', readings }
}
