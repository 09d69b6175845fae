import { judgeSize, UNSIZED } from '../core/online/completeness.ts'
import type { VehicleTree } from '../core/online/tree.ts'
import { type InventoryFromTree, inventoryFromTree, type TreePlaces } from '../core/online/tree-inventory.ts'
import { type Instant, MINUTE } from '../core/time.ts'
import type { Clock, VehicleService } from '../ports.ts'
import { faultOf, type OnlineFault, sizeFaultOf } from './online-fault.ts'
import type { Trouble } from './online-trouble.ts'

export type OnlineTreeDeps = {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly trouble: Trouble
  readonly service: Pick<VehicleService, 'tree'>
  /** Takes the whole tree over as inventory; resolves when it is stored. */
  readonly apply: (vehicles: readonly InventoryFromTree[]) => Promise<unknown>
}

export type OnlineTreeOptions = TreePlaces & { readonly everyMs: number }

/** The heaviest call, so never sooner than this, even when the last one brought nothing. */
const RETRY_MS = 10 * MINUTE

/** Reads the tree of vehicles, right after a good poll when its time has come: one at a time, and never in vain. */
export function createOnlineTree(deps: OnlineTreeDeps, options: OnlineTreeOptions) {
  const { clock, service, trouble } = deps
  const { everyMs } = options
  let size = UNSIZED
  let dueMs = -Infinity
  let reading = false
  let stopped = false
  let taken: { readonly at: Instant; readonly vehicles: number } | null = null

  async function read(): Promise<void> {
    const answer = await service.tree()
    if (stopped) return
    const fault = answer.kind === 'answered' ? await take(answer.value) : faultOf(answer)
    if (fault === null) trouble.clear()
    else trouble.raise(fault)
    dueMs = clock.monotonic() + (fault === null ? everyMs : Math.min(everyMs, RETRY_MS))
  }

  async function take({ vehicles }: VehicleTree): Promise<OnlineFault | null> {
    const inventory = inventoryFromTree(vehicles, options)
    const { judgement, after } = judgeSize(size, inventory.length, clock.monotonic())
    const before = size.rows
    size = after
    if (judgement !== 'good') return sizeFaultOf(judgement, 'vehicles', inventory.length, before)
    try {
      await deps.apply(inventory)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return {
        key: 'store',
        why: 'own-fault',
        text: `see the log: the tree could not be taken over: ${message}`,
      }
    }
    taken = { at: clock.now(), vehicles: inventory.length }
    return null
  }

  return {
    /** A poll was good: the service answers. */
    async afterPoll(): Promise<void> {
      if (reading || stopped || clock.monotonic() < dueMs) return
      reading = true
      try {
        await read()
      } finally {
        reading = false
      }
    },
    health: () => ({ treeAt: taken?.at ?? null, treeVehicles: taken?.vehicles ?? null }),
    trouble: trouble.text,
    stop(): void {
      stopped = true
    },
  }
}
