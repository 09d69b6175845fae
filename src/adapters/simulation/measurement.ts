import { HOUR } from '../../core/time.ts'
import type { SimulatedTerminal } from './cast.ts'
import type { Report } from './character.ts'
import { createRandom } from './random.ts'
import { type Place, placeOn } from './roads.ts'

/** What a terminal measured; units as in its names, `speedKmh` 0 while it stands. */
export type Measurement = {
  /** Absent: no position could be found. */
  readonly place?: Place
  readonly speedKmh: number
  readonly satellites: number
  readonly ignition: boolean
  readonly voltage: number
  readonly gsmPercent: number
  readonly fuelLitres: number
}

/** Litres an hour, so that the level is seen to fall. */
const CONSUMPTION = 18

/** Depends on the terminal and the moment of the report only. */
export function measure(terminal: SimulatedTerminal, { measuredMs, hasFix }: Report): Measurement {
  const random = createRandom(terminal.seed * 7919 + Math.floor(measuredMs / 1000))
  const drives = terminal.character.kind !== 'parked'
  const hours = drives ? measuredMs / HOUR : 0
  const place = placeOn(terminal.road, terminal.startKm + terminal.speedKmh * hours)
  const level = terminal.tankLitres * (0.35 + 0.6 * createRandom(terminal.seed)())
  return {
    ...(hasFix ? { place } : {}),
    speedKmh: drives && hasFix ? round(terminal.speedKmh * (0.9 + 0.2 * random()), 1) : 0,
    satellites: hasFix ? 8 + Math.floor(7 * random()) : Math.floor(3 * random()),
    ignition: drives,
    voltage: round(terminal.netVoltage * (drives ? 1.15 : 1.04) + 0.3 * random(), 2),
    gsmPercent: 40 + Math.floor(60 * random()),
    fuelLitres: round(Math.max(5, level - CONSUMPTION * hours), 1),
  }
}

/** To so many digits after the point. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
