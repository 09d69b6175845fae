import type { Letter } from '../core/letters/letter.ts'
import { asksFor, type LetterFacts, type LetterWorld } from '../core/letters/stale.ts'
import type { OutageStore, Outbox } from '../ports.ts'

export type LetterFactsDeps = {
  readonly outbox: Pick<Outbox, 'list'>
  readonly outages: Pick<OutageStore, 'outages'>
  readonly isOver: LetterWorld['isOver']
}

/** Letters about older ones say nothing that could change. */
const NEWEST_OUTAGES = 20
/** Letters of one outage to one recipient: one an hour, of five days. */
const MOST_LETTERS = 200

/** What is stored that says whether a letter still holds. Rejects with StoreError. */
export async function letterFacts(letter: Letter, deps: LetterFactsDeps): Promise<LetterFacts> {
  const { subject, recipient } = letter
  const asked = asksFor(letter, deps)
  const outages = asked.outage === null ? [] : await deps.outages.outages(NEWEST_OUTAGES)
  const theirs = asked.theirs
    ? (await deps.outbox.list({ subject, recipient, limit: MOST_LETTERS })).items
    : []
  return { outage: outages.find(({ id }) => id === asked.outage), theirs }
}
