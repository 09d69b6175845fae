import type { Instant } from '../time.ts'
import { egtsName, egtsObservations, egtsPresence } from './egts.ts'
import { RESULT } from './egts-packet.ts'
import type { EgtsRecord } from './egts-record.ts'
import { AUTHORISATION_SERVICE, type EgtsTerminal } from './egts-subrecord.ts'
import type { SessionStep } from './session.ts'

/** Who is at the other end, as far as the records so far have said. */
export type EgtsPeer = {
  /** What follows from a record, and the status of its answer; no status: it answers us, and is not answered. */
  take(
    record: EgtsRecord,
    receivedAt: Instant,
  ): { readonly steps: readonly SessionStep[]; readonly status?: number }
  /** Whether any object or terminal has been named on this connection. */
  hasNamed(): boolean
}

/** A peer that has not said anything. */
export function createEgtsPeer(source: string): EgtsPeer {
  let terminal: EgtsTerminal | undefined
  let hasNamed = false

  function introduced({ subrecords }: EgtsRecord, receivedAt: Instant): SessionStep[] {
    const steps: SessionStep[] = []
    for (const subrecord of subrecords) {
      if (subrecord.kind !== 'terminal') continue
      terminal = subrecord.terminal
      const name = egtsName(undefined, terminal)
      if (name === undefined) continue
      hasNamed = true
      const observation = egtsPresence(name, { source, receivedAt })
      steps.push({ kind: 'identified', terminalId: name.terminalId }, { kind: 'observed', observation })
    }
    return steps
  }

  return {
    hasNamed: () => hasNamed,
    take(record, receivedAt) {
      const { number, service, subrecords } = record
      const steps = record.faults.map((fault) => rejected('bad-value', `record ${number}: ${fault}`))
      if (subrecords.length === 0 && steps.length > 0) return { steps, status: RESULT.badData }
      if (isConfirmation(record)) return { steps }
      if (service === AUTHORISATION_SERVICE) {
        return { steps: [...steps, ...introduced(record, receivedAt)], status: RESULT.ok }
      }
      const name = egtsName(record.objectId, terminal)
      if (name === undefined) {
        const detail = `record ${number} names no object, and no terminal has named itself`
        return { steps: [...steps, rejected('no-terminal', detail)], status: RESULT.idNotFound }
      }
      hasNamed = true
      for (const observation of egtsObservations(record, name, { source, receivedAt })) {
        steps.push({ kind: 'observed', observation })
      }
      return { steps, status: RESULT.ok }
    },
  }
}

function isConfirmation({ subrecords }: EgtsRecord): boolean {
  return subrecords.length > 0 && subrecords.every(({ kind }) => kind === 'confirmation')
}

function rejected(reason: 'bad-value' | 'no-terminal', detail: string): SessionStep {
  return { kind: 'rejected', reason, detail }
}
