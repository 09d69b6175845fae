import { addSource, createFleet, type Fleet } from '../../src/core/fleet/fleet.ts'
import type { InventoryRow } from '../../src/core/fleet/inventory.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { rowFor } from '../../src/core/fleet/spoken-names.ts'
import { diagnose } from '../../src/core/freshness/diagnosis/diagnose.ts'
import type { Finding } from '../../src/core/freshness/diagnosis/finding.ts'
import { createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import { type State, stateOf, type Transition } from '../../src/core/freshness/state.ts'
import { sweep } from '../../src/core/freshness/sweep.ts'
import { takeObservation } from '../../src/core/freshness/take.ts'
import type { Observation, Readings } from '../../src/core/telemetry/observation.ts'
import { type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS, T0 } from './fleet-scenario.ts'

/** A fleet whose terminals speak through one pushed source, judged when it is asked for, on virtual time. */
export function createDiagnosisStage() {
  const fleet: Fleet = createFleet(DEFAULTS, 2 * MINUTE)
  addSource(
    fleet,
    createSourceWatch({ id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, T0, T0, []),
  )
  // The grace after the start is over.
  let now = T0 + 10 * MINUTE
  let judgedAt = now
  const transitions: Transition[] = []

  function judge(): void {
    transitions.push(...sweep(fleet, now, judgedAt))
    judgedAt = now
  }

  function rowOf(id: string): number {
    return fleet.rows.get(id) ?? rowFor(fleet, id, 1, now)
  }

  return {
    fleet,
    transitions,
    now: (): Instant => now,
    rowOf,
    judge,
    /** The terminal is heard now. */
    say(id: string, observation: Partial<Observation> = {}): void {
      const row = rowOf(id)
      takeObservation(
        fleet,
        row,
        { terminalId: id, source: 'gate', receivedAt: now, kind: 'live', ...observation },
        1,
      )
    },
    /** Data with these readings is heard now. */
    read(id: string, readings: Readings): void {
      this.say(id, { readings })
    },
    /** Time goes on, and everybody is judged at the end of it. */
    wait(ms: number): void {
      now += ms
      judge()
    },
    change(id: string, change: Partial<InventoryRow>): void {
      const terminal = fleet.inventory.at(rowOf(id))
      if (terminal) changeTerminal(fleet, { ...terminal, ...change })
    },
    state: (id: string): State | null => stateOf(fleet.table.state[rowOf(id)] ?? 0),
    finding: (id: string): Finding | null => diagnose(fleet, rowOf(id), now),
    /** `code/confidence`. */
    cause(id: string): string | null {
      const finding = diagnose(fleet, rowOf(id), now)
      return finding && `${finding.code}/${finding.confidence}`
    },
  }
}

/** Position of a vehicle that drives; each place is another one. */
export function fixAt(latitude: number, longitude = 37.6, speedKmh?: number) {
  return { latitude, longitude, valid: true, ...(speedKmh === undefined ? {} : { speedKmh }) }
}
