import {
  blindnessOf,
  type DataPlane,
  noteDataPlane,
  type ServiceBlindness,
  type ServiceBlindnesses,
} from '../core/outage/service-blindness.ts'
import type { Round } from '../core/outage/verdict.ts'
import type { Ledger } from './prober-ledger.ts'

/** Keeps when the watched service itself could not have heard its terminals. */
export function createBlindnessWatch(ledger: Pick<Ledger, 'clock' | 'ended'>, planes: readonly DataPlane[]) {
  const byAccount = Map.groupBy(planes, ({ account }) => account)
  const dataPlanes = new Map<string, ServiceBlindness | null>()

  return {
    note(round: Round): void {
      for (const [account, own] of byAccount) {
        dataPlanes.set(account, noteDataPlane(dataPlanes.get(account) ?? null, round, own))
      }
    },
    now(): ServiceBlindnesses {
      const outage = ledger.clock().open?.outage ?? ledger.ended()
      return { outage: outage === null ? null : blindnessOf(outage), dataPlanes }
    },
  }
}
