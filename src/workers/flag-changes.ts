import type { FlagChange, FlagStore } from '../ports.ts'

const PAGE = 2000

/**
 * Hands on all changes that were stored after the one with the number `after`, page by page; resolves to the number of
 * the last one. Rejects with StoreError.
 */
export async function readChanges(
  flags: Pick<FlagStore, 'changes'>,
  after: number,
  take: (changes: readonly FlagChange[]) => void,
): Promise<number> {
  for (let last = after; ; ) {
    const page = await flags.changes(last, PAGE)
    take(page)
    last = page.at(-1)?.number ?? last
    if (page.length < PAGE) return last
  }
}
