import type { Transition } from '../core/freshness/state.ts'
import { letterPoint } from '../core/history/letter.ts'
import { createNanoPlaces } from '../core/history/nanos.ts'
import { outagePoints } from '../core/history/outage.ts'
import { roundPoints } from '../core/history/round.ts'
import { transitionPoint } from '../core/history/transition.ts'
import type { Letter } from '../core/letters/letter.ts'
import type { Outage } from '../core/outage/outage.ts'
import type { FleetStore, OutageStore, Outbox, Stores } from '../ports.ts'
import type { HistoryOffer } from './history-queue.ts'

/** The same stores; what was stored is told to the history, and never waits for it. */
export function tellHistory<All extends Pick<Stores, 'fleet' | 'outages' | 'outbox'>>(
  stores: All,
  offer: HistoryOffer,
): All {
  return {
    ...stores,
    fleet: tellingFleet(stores.fleet, offer),
    outages: tellingOutages(stores.outages, offer),
    outbox: tellingOutbox(stores.outbox, offer),
  }
}

function tellingFleet(store: FleetStore, offer: HistoryOffer): FleetStore {
  const places = createNanoPlaces()
  const tell = (transitions: readonly Transition[]): void =>
    offer(transitions, (transition) => transitionPoint(transition, places))
  return {
    ...store,
    async flush(flush) {
      await store.flush(flush)
      tell(flush.transitions)
    },
    async checkpoint(part) {
      await store.checkpoint(part)
      if (part.flush) tell(part.flush.transitions)
    },
  }
}

function tellingOutages(store: OutageStore, offer: HistoryOffer): OutageStore {
  /** Those that have not ended, as they were saved last. */
  const known = new Map<string, Outage>()
  const remember = (outage: Outage): void => {
    if (outage.end === null) known.set(outage.id, outage)
    else known.delete(outage.id)
  }
  return {
    ...store,
    async load() {
      const outages = await store.load()
      for (const outage of outages) remember(outage)
      return outages
    },
    async append(row) {
      await store.append(row)
      if (row.kind === 'round') offer(roundPoints(row), (point) => point)
    },
    async commit(change) {
      const outcome = await store.commit(change)
      if (outcome === 'conflict') return outcome
      for (const outage of change.outages) {
        offer(outagePoints(known.get(outage.id), outage), (point) => point)
        remember(outage)
      }
      return outcome
    },
  }
}

function tellingOutbox(store: Outbox, offer: HistoryOffer): Outbox {
  /** Letters that are under way. */
  const claimed = new Map<string, Letter>()
  return {
    ...store,
    async claim(...args) {
      const letters = await store.claim(...args)
      for (const { letter } of letters) claimed.set(letter.id, letter)
      return letters
    },
    async settle(id, outcome) {
      await store.settle(id, outcome)
      const letter = claimed.get(id)
      claimed.delete(id)
      if (letter) offer([letter], () => letterPoint(letter, outcome))
    },
  }
}
