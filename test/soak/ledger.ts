/** What the sender knows: which messages were acknowledged, by the broker (QoS 1) or by the service (202). */
export type Ledger = ReturnType<typeof createLedger>

export type Road = 'gate' | 'push'

type Acknowledged = { readonly eventAt: number; readonly ackAt: number }

/** Acknowledgements of a terminal that are remembered: at one message in some seconds the last minute at least. */
const KEPT = 8

export function createLedger() {
  const sent = { gate: 0, push: 0 }
  const acknowledged = { gate: 0, push: 0 }
  const refused = { gate: 0, push: 0 }
  const terminals = new Map<string, Acknowledged[]>()
  return {
    sent,
    acknowledged,
    refused,
    acknowledge(road: Road, id: string, eventAt: number): void {
      acknowledged[road] += 1
      const known = terminals.get(id)
      const entry = { eventAt, ackAt: Date.now() }
      if (known === undefined) terminals.set(id, [entry])
      else known.push(entry)
      if (known && known.length > KEPT) known.shift()
    },
    /** Data instants of the newest messages that were acknowledged before `at`, by terminal. */
    newestBefore(at: number): ReadonlyMap<string, number> {
      const newest = new Map<string, number>()
      for (const [id, entries] of terminals) {
        const before = entries.filter(({ ackAt }) => ackAt < at).map(({ eventAt }) => eventAt)
        if (before.length > 0) newest.set(id, Math.max(...before))
      }
      return newest
    },
  }
}
