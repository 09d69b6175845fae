import type { Outage } from '../core/outage/outage.ts'
import { DAY, type Instant } from '../core/time.ts'
import type { OutageStore } from '../ports.ts'
import type { Ledger } from './prober-ledger.ts'

const PAGE = 100
/** Letters are given up before (spec/letters.md, Outbox). */
const LETTERS_LIVE_MS = 6 * DAY

/** Outages as people see them: what was decided and could not be saved yet is newer than what is stored. */
export async function createOutageList(
  store: Pick<OutageStore, 'outages'>,
  ledger: Pick<Ledger, 'clock' | 'unsaved'>,
  now: Instant,
) {
  /** Those of whom letters may still wait. */
  const cancelled = new Set<string>()

  async function page(limit: number, before?: string): Promise<readonly Outage[]> {
    const unsaved = ledger.unsaved()
    const stored = await store.outages(limit, before)
    return stored.map((outage) => unsaved.find(({ id }) => id === outage.id) ?? outage)
  }

  async function* all(): AsyncGenerator<Outage, undefined> {
    let last: string | undefined
    for (;;) {
      const outages = await page(PAGE, last)
      yield* outages
      last = outages.at(-1)?.id
      if (outages.length < PAGE) return
    }
  }

  function note({ id, state }: Outage): void {
    if (state === 'cancelled') cancelled.add(id)
  }

  for await (const outage of all()) {
    note(outage)
    if ((outage.end ?? now) < now - LETTERS_LIVE_MS) break
  }

  return {
    page,
    note,
    async find(id: string): Promise<Outage | undefined> {
      for await (const outage of all()) if (outage.id === id) return outage
      return undefined
    },
    /** Of outages that had not ended a few days ago. */
    isCancelled: (id: string): boolean => cancelled.has(id),
    /** Whether this is another outage than the one that goes on. */
    isOver: (id: string): boolean => ledger.clock().open?.outage.id !== id,
  }
}
