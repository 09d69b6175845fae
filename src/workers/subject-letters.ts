import type { Letter } from '../core/letters/letter.ts'
import type { Outbox } from '../ports.ts'

const PAGE = 1000

/** All letters of one subject, the newest first. Rejects with StoreError. */
export async function lettersOf(outbox: Pick<Outbox, 'list'>, subject: string): Promise<readonly Letter[]> {
  const letters: Letter[] = []
  for (;;) {
    const after = letters.at(-1)?.id
    const { items } = await outbox.list({ subject, limit: PAGE, ...(after !== undefined && { after }) })
    letters.push(...items)
    if (items.length < PAGE) return letters
  }
}
