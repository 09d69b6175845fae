import { conflictsOf } from '../../src/core/fleet/conflicts.ts'
import { addSource, createFleet, type Fleet } from '../../src/core/fleet/fleet.ts'
import { identify } from '../../src/core/fleet/identify.ts'
import { applyPlan } from '../../src/core/fleet/import-apply.ts'
import { planImport } from '../../src/core/fleet/import-plan.ts'
import type { InventoryRow } from '../../src/core/fleet/inventory.ts'
import { inventoryCsv } from '../../src/core/fleet/inventory-export.ts'
import { packPages } from '../../src/core/fleet/packed-page.ts'
import { encodeChunk, encodeRows } from '../../src/core/fleet/register-codec.ts'
import { restoreFleet } from '../../src/core/fleet/restore.ts'
import { takeDirty } from '../../src/core/fleet/terminal-table.ts'
import { applyTreeVehicles } from '../../src/core/fleet/tree-import.ts'
import { NO_FLAPS } from '../../src/core/freshness/flaps.ts'
import { applyObservation } from '../../src/core/freshness/registers.ts'
import { createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import type { InventoryFromTree } from '../../src/core/online/tree-inventory.ts'
import { type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS, T0 } from './fleet-scenario.ts'
import { readInventoryCsv } from './inventory-file.ts'

export type NamesWorld = ReturnType<typeof namesWorld>

/** A fleet, what data of two sources, `a` and `b`, says of names in it, and what people import. */
export function namesWorld(fleet: Fleet = emptyFleet(), start: Instant = T0) {
  let now = start
  const leader = (name: string): InventoryRow | undefined => fleet.inventory.at(fleet.rows.get(name) ?? -1)
  const fleetSlice = (): InventoryRow[] => [...fleet.inventory].filter(({ mergedInto }) => mergedInto === '')

  function load(...lines: readonly string[]) {
    const csv = readInventoryCsv(new TextEncoder().encode(lines.join('\n')))
    const plan = drained(planImport(fleet, csv.rows, { replacements: 'followed' }))
    const rejected = [...csv.rejected, ...plan.rejected].map(({ reason }) => reason)
    if (rejected.length > 0) return { rejected, warnings: [], created: 0, merged: 0, replaced: [] }
    return { rejected, warnings: plan.warnings, ...drained(applyPlan(fleet, plan.rows, now)) }
  }

  return {
    fleet,
    load,
    leader,
    idOf: (name: string): string | undefined => leader(name)?.id,
    learntBy: (id: string): readonly string[] | undefined => leader(id)?.learnt.map(({ name }) => name),
    /** `a: T1 S1 S2`: source a brings live data of T1 that also calls it S1 and S2. The id that it counts for. `_` is a blank. */
    hear(text: string): string | undefined {
      const [source = '', terminalId = '', ...aliases] = text
        .split(/:? /)
        .map((one) => one.replaceAll('_', ' '))
      now += SECOND
      const observation = { terminalId, aliases, source, receivedAt: now, kind: 'live' as const }
      const number = fleet.sourceNumbers.get(source) ?? 0
      const row = identify(fleet, observation, number)
      applyObservation(fleet.table, row, observation, number)
      return fleet.inventory.at(row)?.id
    },
    wait(ms: number): void {
      now += ms
    },
    shown: (): string[] =>
      fleetSlice()
        .map(({ id }) => id)
        .sort(),
    contactAt: (name: string): Instant => fleet.table.contactAt[fleet.rows.get(name) ?? -1] ?? 0,
    now: (): Instant => now,
    tree: (...vehicles: readonly Partial<InventoryFromTree>[]) =>
      drained(
        applyTreeVehicles(
          fleet,
          vehicles.map((vehicle) => ({ ...NO_VEHICLE, ...vehicle })),
          now,
        ),
      ),
    conflicts: () => conflictsOf(fleet, 100),
    lines: (): string[] =>
      conflictsOf(fleet, 100).conflicts.map(
        ({ kind, name, terminals }) => `${kind} ${name}: ${terminals.join(' ')}`,
      ),
    exported: (): string => [...inventoryCsv(fleet.inventory)].join(''),
  }
}

/** The same world from what was stored of it. */
export function restarted({ fleet, now }: Pick<NamesWorld, 'fleet' | 'now'>): NamesWorld {
  const journal = [encodeRows(fleet.table, takeDirty(fleet.table))]
  const chunks = [{ bytes: encodeChunk(fleet.table, 0) }]
  const again = emptyFleet()
  restoreFleet(again, {
    terminals: packPages(fleet.inventory),
    chunks,
    journal,
    flaps: NO_FLAPS,
    counters: [],
    gaps: [],
  })
  return namesWorld(again, now())
}

const NO_VEHICLE: InventoryFromTree = {
  terminalId: '',
  uuid: '',
  name: '',
  group: '',
  client: '',
  dealer: '',
  model: '',
  intake: 'unknown',
}

function emptyFleet(): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  for (const id of ['a', 'b']) {
    addSource(fleet, createSourceWatch({ id, intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, T0, T0, []))
  }
  return fleet
}

export function drained<Result>(steps: Generator<number, Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
