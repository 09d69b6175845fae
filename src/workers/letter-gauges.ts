import type { LetterState } from '../core/letters/letter.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, Metrics, Outbox } from '../ports.ts'

const UNFINISHED: readonly LetterState[] = ['pending', 'sending', 'retry', 'ambiguous']
const FINISHED: readonly LetterState[] = ['sent', 'dead', 'superseded', 'filed']
const PAGE = 1000

/** Gauges of the outbox: letters by state, and how long the oldest one has been due without having left. */
export function createLetterGauges(deps: {
  readonly clock: Pick<Clock, 'now'>
  readonly outbox: Pick<Outbox, 'list'>
  readonly metrics: Metrics
}): { refresh(): Promise<void> } {
  const { clock, outbox, metrics } = deps

  async function refreshUnfinished(): Promise<void> {
    let oldest: number | undefined
    for (const state of UNFINISHED) {
      let after: string | undefined
      for (;;) {
        const page = await outbox.list({ state, limit: PAGE, ...(after !== undefined && { after }) })
        metrics.set('watch_letters', page.total, { state })
        for (const { dueAt } of page.items) oldest = Math.min(oldest ?? dueAt, dueAt)
        after = page.items.at(-1)?.id
        if (page.items.length < PAGE) break
      }
    }
    const seconds = oldest === undefined ? 0 : Math.max(0, clock.now() - oldest) / SECOND
    metrics.set('watch_letters_oldest_due_seconds', seconds)
  }

  return {
    async refresh() {
      try {
        await refreshUnfinished()
        for (const state of FINISHED) {
          metrics.set('watch_letters', (await outbox.list({ state, limit: 1 })).total, { state })
        }
      } catch {
        // The courier reports a store that does not answer; the gauges keep their last value.
      }
    },
  }
}
