import { type Block, halve } from '../core/history/block.ts'
import type { TroubleAnswer } from '../core/history/pace.ts'
import type { HistoryAnswer, HistoryStore } from '../ports.ts'

export type Sifted = {
  readonly written: number
  readonly refused: number
  /** What kept the rest from being written; null: there is no rest. */
  readonly trouble: TroubleAnswer | null
  readonly left: readonly Block[]
}

/** Enough to find two or three faulty points among thousands. */
const MOST_WRITES = 64

/**
 * Finds the faulty points of a block that was refused, by writing its halves, and writes the others. After too many
 * writes, or without `patiently` at once, what is left is given up as faulty.
 */
export async function siftBlock(
  store: Pick<HistoryStore, 'write'>,
  block: Block,
  refusal: HistoryAnswer & { readonly kind: 'refused' },
  patiently: boolean,
): Promise<Sifted> {
  const { dropped } = refusal
  if (dropped !== undefined) {
    const refused = Math.min(dropped, block.points)
    return { written: block.points - refused, refused, trouble: null, left: [] }
  }
  if (!patiently || block.points === 1) return givenUp(0, 0, [block])
  const left: Block[] = [...halve(block)]
  let written = 0
  let refused = 0
  for (let writes = 0; writes < MOST_WRITES; writes++) {
    const next = left.shift()
    if (next === undefined) break
    const answer = await store.write(next.bytes)
    switch (answer.kind) {
      case 'written':
        written += next.points
        break
      case 'refused':
      case 'too-large':
        if (next.points === 1) refused++
        else left.unshift(...halve(next))
        break
      case 'denied':
      case 'missing':
      case 'busy':
      case 'failed':
        return { written, refused, trouble: answer, left: [next, ...left] }
    }
  }
  return givenUp(written, refused, left)
}

function givenUp(written: number, refused: number, left: readonly Block[]): Sifted {
  const rest = left.reduce((sum, { points }) => sum + points, 0)
  return { written, refused: refused + rest, trouble: null, left: [] }
}
