import type { Outage } from '../outage/outage.ts'
import type { Letter, Recipient } from './letter.ts'
import { letterId } from './letter-id.ts'
import { addressKey } from './mailbox.ts'

/** A letter that is to be written; `repliesTo` is the Message-ID of the letter that it follows up. */
export type PlannedLetter = {
  readonly id: string
  readonly subject: string
  readonly kind: 'initial' | 'recovery' | 'combined'
  readonly sequence: number
  readonly recipient: Recipient
  readonly repliesTo?: string
}

export type LetterPlan = { readonly add: readonly PlannedLetter[]; readonly supersede: readonly string[] }

export type PlanOptions = {
  /**
   * Whether a letter in a file counts as left: so it does while files are all there is (default). Once letters are
   * sent, who only has a file has been told nothing.
   */
  readonly filedIsLeft?: boolean
}

const NOTHING: LetterPlan = { add: [], supersede: [] }

/**
 * The letters that an outage owes and does not have yet (spec/letters.md, Kinds and Outbox). `letters` are all
 * letters of this outage. Whether an `initial` may be written now (it needs a fresh FAIL) is the caller's matter.
 */
export function planLetters(
  outage: Outage,
  letters: readonly Letter[],
  recipients: readonly Recipient[],
  options: PlanOptions = {},
): LetterPlan {
  if (outage.letterDueAt === null || outage.state === 'cancelled') return NOTHING
  const byAddress = Map.groupBy(letters, (letter) => addressKey(letter.recipient))
  const add = withoutDoubles(recipients).flatMap((recipient) => {
    const theirs = byAddress.get(addressKey(recipient.email)) ?? []
    const planned = outage.state === 'open' ? planOpen(theirs) : planClosed(theirs, options)
    // Order is kept per spelling of the address: what follows goes to the spelling of what went before.
    const email = theirs[0]?.recipient ?? recipient.email
    return planned ? [planFor(outage, planned, { ...recipient, email })] : []
  })
  return { add, supersede: outage.state === 'open' ? [] : letters.filter(isReplaceable).map(({ id }) => id) }
}

/**
 * Whether this letter, or a copy of it, may have reached its recipient. `sending` and `ambiguous` count: nobody
 * can prove that they did not. So does every letter whose body a relay has seen, even if it was refused then.
 */
export function hasLeft(letter: Letter): boolean {
  return letter.bodyHandedOver || ['sending', 'sent', 'ambiguous', 'filed'].includes(letter.state)
}

type Choice = Pick<PlannedLetter, 'kind' | 'sequence' | 'repliesTo'>

function planOpen(letters: readonly Letter[]): Choice | undefined {
  const initials = letters.filter(({ kind }) => kind === 'initial')
  if (initials.some((letter) => letter.state !== 'superseded' || hasLeft(letter))) return undefined
  // A superseded row is one of somebody who was removed and has come back: the next sequence is a new row.
  return { kind: 'initial', sequence: 1 + initials.length }
}

/**
 * A dead initial counts as not left: the recipient knows nothing yet, and the combined letter is one more try at
 * an address that may work again by now.
 */
function planClosed(letters: readonly Letter[], { filedIsLeft = true }: PlanOptions): Choice | undefined {
  const endings = letters.filter(({ kind }) => kind === 'recovery' || kind === 'combined')
  if (endings.some((letter) => letter.state !== 'superseded' || hasLeft(letter))) return undefined
  const told = (letter: Letter): boolean =>
    hasLeft(letter) && (filedIsLeft || letter.bodyHandedOver || letter.state !== 'filed')
  const initial = letters.find((letter) => letter.kind === 'initial' && told(letter))
  const kind = initial ? 'recovery' : 'combined'
  const sequence = 1 + endings.filter((letter) => letter.kind === kind).length
  return { kind, sequence, ...(initial && { repliesTo: initial.messageId }) }
}

/** An initial that waits and that no relay has seen; its place is taken by `combined`. */
function isReplaceable(letter: Letter): boolean {
  if (letter.kind !== 'initial') return false
  return letter.state === 'pending' || (letter.state === 'retry' && !letter.bodyHandedOver)
}

function planFor(outage: Outage, choice: Choice, recipient: Recipient): PlannedLetter {
  const key = { subject: outage.id, ...choice, recipient: recipient.email }
  return { id: letterId(key), subject: outage.id, ...choice, recipient }
}

function withoutDoubles(recipients: readonly Recipient[]): readonly Recipient[] {
  const seen = new Set<string>()
  return recipients.filter(({ email }) => !seen.has(addressKey(email)) && seen.add(addressKey(email)))
}
