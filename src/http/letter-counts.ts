import type { LetterState } from '../core/letters/letter.ts'
import type { AppDeps } from './deps.ts'
import { LETTER_STATES } from './json/letter.ts'

/** How many letters are in each state; states without one may be absent. */
export type LetterCounts = Partial<Readonly<Record<LetterState, number>>>

/** Counts the letters of a subject without reading them: there may be thousands. */
export async function letterCounts(
  { letters }: Pick<AppDeps, 'letters'>,
  subject: string,
): Promise<LetterCounts> {
  const { total, items } = await letters.list({ subject, limit: 1 })
  const [only] = items
  if (only === undefined) return {}
  if (total === 1) return { [only.state]: 1 }
  const counts = LETTER_STATES.map(async (state) => {
    const found = await letters.list({ subject, state, limit: 1 })
    return [state, found.total] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}
