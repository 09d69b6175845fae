import {
  blindnessOf,
  noteDataPlane,
  type ServiceBlindness,
  type ServiceBlindnesses,
} from '../core/outage/service-blindness.ts'
import type { Round } from '../core/outage/verdict.ts'
import type { Ledger } from './prober-ledger.ts'

/** Keeps when the watched service itself could not have heard its terminals. */
export function createBlindnessWatch(ledger: Pick<Ledger, 'clock' | 'ended'>, stalledAfterMs: number) {
  let dataPlane: ServiceBlindness | null = null

  return {
    note(round: Round): void {
      dataPlane = noteDataPlane(dataPlane, round, stalledAfterMs)
    },
    now(): ServiceBlindnesses {
      const outage = ledger.clock().open?.outage ?? ledger.ended()
      return { outage: outage === null ? null : blindnessOf(outage), dataPlane }
    },
  }
}
