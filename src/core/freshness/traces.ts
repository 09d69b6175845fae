import { firmwareOf } from '../fleet/reading-columns.ts'
import { setSide } from '../fleet/side-columns.ts'
import type { TerminalTable } from '../fleet/terminal-table.ts'
import { validFix } from '../telemetry/fix.ts'
import { heard, type Observation, type Readings } from '../telemetry/observation.ts'
import type { Instant } from '../time.ts'
import { type Connects, createConnects, FAREWELL } from './diagnosis/connects.ts'
import { noteFix, noteNoFix } from './diagnosis/fix-trace.ts'
import { createPlaces, type Places } from './diagnosis/places.ts'
import { createSimSilence, type SimSilence } from './diagnosis/sim-silence.ts'
import { noteSupply } from './diagnosis/supply-trace.ts'
import { tellRoaming } from './diagnosis/trace-bits.ts'

/** What diagnosis remembers of the fleet beside the columns of the table; bounded, and begun anew at each start. */
export type Traces = {
  readonly connects: Connects
  readonly places: Places
  readonly simSilence: SimSilence
}

export function createTraces(): Traces {
  return { connects: createConnects(), places: createPlaces(), simSilence: createSimSilence() }
}

/**
 * Notes what the next observation of a terminal changes and diagnosis will ask for. Called before the registers move,
 * and never with what is older than the newest data: an archive tells of the past. These notes are kept beside the
 * registers and, unlike them, depend on the order of what comes.
 */
export function noteTraces(table: TerminalTable, row: number, observation: Observation): void {
  const { readings, fix, kind } = observation
  if (readings === undefined && fix === undefined) return
  const at = timeOf(observation)
  if (at === null || at < (table.dataAt[row] ?? 0)) return
  if (readings !== undefined) noteChanges(table, row, readings, at)
  if (kind === 'presence') return
  const isOn = readings?.ignition ?? ignitionOf(table, row)
  if (readings !== undefined) noteSupply(table, row, readings, isOn, at)
  const speedKmh = readings?.speedKmh ?? fix?.speedKmh
  if (fix !== undefined && validFix(fix, readings)) noteFix(table, row, fix, readings, speedKmh, at)
  else noteNoFix(table, row, isOn, speedKmh, at)
}

/** The terminal's data had a time that cannot be true. */
export function noteClockFault(table: TerminalTable, row: number, at: Instant): void {
  setSide(table.side, 'clockFaultAt', row, at)
}

/** What was delivered so late that its receipt says nothing of when the terminal was connected. */
export function noteLate(table: TerminalTable, row: number, observation: Observation): void {
  const { kind, receivedAt } = observation
  if (kind === 'snapshot' || receivedAt - heard(observation) <= FAREWELL) return
  setSide(table.side, 'lateAt', row, receivedAt)
}

/** As the registers take it; null: they take nothing. */
function timeOf(observation: Observation): Instant | null {
  const { kind, eventAt, receivedAt } = observation
  if (kind === 'snapshot') return eventAt === undefined || eventAt > receivedAt ? null : eventAt
  return Math.min(eventAt ?? Infinity, heard(observation))
}

function ignitionOf(table: TerminalTable, row: number): boolean | undefined {
  const ignition = table.ignition[row] ?? 0
  return ignition === 0 ? undefined : ignition === 2
}

/** Firmware and roaming: the first value that is ever told is no change. */
function noteChanges(table: TerminalTable, row: number, readings: Readings, at: Instant): void {
  const { firmware, roaming } = readings
  if (firmware !== undefined) {
    const known = firmwareOf(table.readings, row)
    if (known && known.value !== firmware && at >= known.at) setSide(table.side, 'firmwareAt', row, at)
  }
  if (roaming !== undefined && tellRoaming(table, row, roaming)) setSide(table.side, 'roamingAt', row, at)
}
