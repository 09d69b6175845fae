import type { Fleet } from '../core/fleet/fleet.ts'
import type { FleetFlush } from '../ports.ts'

type Changes = Pick<FleetFlush, 'terminals' | 'counters' | 'mergers' | 'incidents' | 'baselines'>

/** Takes for a flush what has changed in the fleet beside registers and states; `giveBack` when it was not stored. */
export function takeChanges(fleet: Fleet): Changes & { giveBack(): void } {
  const inventory = [...fleet.changedInventory]
  fleet.changedInventory.clear()
  const counted = [...fleet.changedCounters]
  fleet.changedCounters.clear()
  const { mergers, changedIncidents, changedBaselines } = fleet
  fleet.mergers = []
  fleet.changedIncidents = []
  fleet.changedBaselines = []
  return {
    terminals: inventory.flatMap((row) => fleet.inventory.at(row) ?? []),
    counters: counted.flatMap((terminalId) => fleet.counters.get(terminalId) ?? []),
    mergers,
    incidents: changedIncidents,
    baselines: changedBaselines,
    giveBack() {
      for (const row of inventory) fleet.changedInventory.add(row)
      for (const terminalId of counted) fleet.changedCounters.add(terminalId)
      fleet.mergers = [...mergers, ...fleet.mergers]
      fleet.changedIncidents = [...changedIncidents, ...fleet.changedIncidents]
      fleet.changedBaselines = [...changedBaselines, ...fleet.changedBaselines]
    },
  }
}
