import { LETTER_STATES } from '../json/letter.ts'
import type { LetterCounts } from '../letter-counts.ts'
import type { Reader } from './page.ts'

/** `отправлено: 12, не доставлено: 1`; empty when there is no letter. */
export function letterCountsText({ texts, format }: Reader, counts: LetterCounts): string {
  return LETTER_STATES.filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${texts.letter[state]}: ${format.number(counts[state] ?? 0)}`)
    .join(', ')
}
