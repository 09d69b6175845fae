import { isUnsent } from './left.ts'
import type { Letter, Recipient } from './letter.ts'
import { letterId } from './letter-id.ts'
import { addressKey } from './mailbox.ts'
import { type PlanOptions, wasTold, withoutDoubles } from './plan.ts'

/** An announcement that is to be written: sequence 1, or 2 when it takes the first one back. */
export type PlannedAnnouncement = {
  readonly id: string
  readonly subject: string
  readonly kind: 'announcement'
  readonly sequence: 1 | 2
  readonly recipient: Recipient
  readonly repliesTo?: string
}

/**
 * The letters that planned work owes and does not have yet. Its withdrawal goes to those whom the announcement may
 * have reached; announcements that wait are superseded by it. `letters` are all of this window, the newest first.
 */
export function planAnnouncement(
  windowId: string,
  withdrawn: boolean,
  letters: readonly Letter[],
  recipients: readonly Recipient[],
  options: Pick<PlanOptions, 'filedIsLeft'>,
): { readonly add: readonly PlannedAnnouncement[]; readonly supersede: readonly string[] } {
  const byAddress = Map.groupBy(letters, (letter) => addressKey(letter.recipient))
  const sequence = withdrawn ? 2 : 1
  const add = withoutDoubles(recipients).flatMap((recipient): readonly PlannedAnnouncement[] => {
    const theirs = byAddress.get(addressKey(recipient.email)) ?? []
    if (theirs.some((letter) => letter.sequence === sequence)) return []
    const first = theirs.find((letter) => letter.sequence === 1 && wasTold(letter, options))
    if (withdrawn && !first) return []
    const email = theirs.at(-1)?.recipient ?? recipient.email
    const key = { subject: windowId, kind: 'announcement' as const, sequence, recipient: email } as const
    const id = letterId(key)
    return [{ ...key, id, recipient: { ...recipient, email }, ...(first && { repliesTo: first.messageId }) }]
  })
  const waiting = withdrawn ? letters.filter((letter) => letter.sequence === 1 && isUnsent(letter)) : []
  return { add, supersede: waiting.map(({ id }) => id) }
}
