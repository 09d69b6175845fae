import { letterDueAt } from '../outage/action.ts'
import type { Outage } from '../outage/outage.ts'
import type { Instant } from '../time.ts'
import { hasLeft, isUnsent } from './left.ts'
import type { Letter, Recipient } from './letter.ts'
import { letterId } from './letter-id.ts'
import { addressKey } from './mailbox.ts'
import type { Owing } from './owing.ts'

/** A letter that is to be written. */
export type PlannedLetter = {
  readonly id: string
  readonly subject: string
  readonly kind: 'initial' | 'update' | 'recovery' | 'combined' | 'correction'
  readonly sequence: number
  readonly recipient: Recipient
  /** Message-ID of the letter that it follows up. */
  readonly repliesTo?: string
  /** When the letter before it was written: what is younger is news to its reader. */
  readonly newSince?: Instant
}

export type LetterPlan = { readonly add: readonly PlannedLetter[]; readonly supersede: readonly string[] }

export type PlanOptions = {
  /** Now. */
  readonly at: Instant
  /**
   * Whether a letter in a file counts as left: so it does while files are all there is (default). Once letters are
   * sent, who only has a file has been told nothing.
   */
  readonly filedIsLeft?: boolean
}

const NOTHING: LetterPlan = { add: [], supersede: [] }

/**
 * The letters to recipients that an outage owes and does not have yet, and those that are overtaken (spec/letters.md,
 * Kinds and Outbox). `letters` are all letters of this outage, the newest first. What is missing is read from them
 * alone, so that planning twice gives the same rows.
 */
export function planLetters(
  owing: Owing,
  letters: readonly Letter[],
  recipients: readonly Recipient[],
  options: PlanOptions,
): LetterPlan {
  const { outage } = owing
  if (letterDueAt(outage) === null) return NOTHING
  const byAddress = Map.groupBy(letters, (letter) => addressKey(letter.recipient))
  const choose = chooser(owing, letters, options)
  const add = withoutDoubles(recipients).flatMap((recipient) => {
    const theirs = byAddress.get(addressKey(recipient.email)) ?? []
    const choice = choose(theirs)
    // Order is kept per spelling of the address: what follows goes to the spelling of what went before.
    const email = theirs.at(-1)?.recipient ?? recipient.email
    return choice ? [planFor(outage, choice, { ...recipient, email })] : []
  })
  return {
    // The order of the rows tells later which initials carried the news of an update (see `carries`).
    add: [...add.filter(({ kind }) => kind !== 'initial'), ...add.filter(({ kind }) => kind === 'initial')],
    supersede: letters.filter((letter) => isOvertaken(letter, outage)).map(({ id }) => id),
  }
}

type Choice = Pick<PlannedLetter, 'kind' | 'sequence' | 'repliesTo' | 'newSince'>
/** Which letter somebody is owed who has `theirs`, the newest first. */
type Chooser = (theirs: readonly Letter[]) => Choice | undefined

function chooser({ outage, mayStart }: Owing, letters: readonly Letter[], options: PlanOptions): Chooser {
  switch (outage.state) {
    case 'cancelled':
      return (theirs) => chooseCorrection(theirs, options)
    case 'closed':
      return (theirs) => chooseEnding(theirs, options)
    case 'open': {
      const update = updateChooser(outage, letters, options)
      return (theirs) => update(theirs) ?? (mayStart ? chooseInitial(theirs, options) : undefined)
    }
  }
}

/**
 * A superseded initial is one of somebody who was removed and has come back: nothing proves that he was told, so the
 * next sequence is a new row. The same holds for one that only lies in a file since letters are sent.
 */
function chooseInitial(theirs: readonly Letter[], options: PlanOptions): Choice | undefined {
  const initials = theirs.filter(({ kind }) => kind === 'initial')
  if (initials.some((letter) => letter.state !== 'superseded' && !isOnlyFiled(letter, options)))
    return undefined
  return { kind: 'initial', sequence: 1 + initials.length }
}

function isOnlyFiled({ state, bodyHandedOver }: Letter, { filedIsLeft = true }: PlanOptions): boolean {
  return state === 'filed' && !bodyHandedOver && !filedIsLeft
}

function updateChooser(outage: Outage, letters: readonly Letter[], options: PlanOptions): Chooser {
  const { at } = options
  const { updates } = outage.bulletins
  const issuedAt = outage.bulletins.at ?? at
  if (updates === 0) return () => undefined
  const places = new Map(letters.map((letter, index) => [letter.id, index]))
  const oldest = letters.findLastIndex(({ kind, sequence }) => kind === 'update' && sequence === updates)

  /** Whether this initial was written with the update or after it, so that it said the same already. */
  function carries(initial: Letter): boolean {
    // One that was there when the update was issued got it then.
    if (initial.dueAt === issuedAt && at > issuedAt) return true
    if (oldest >= 0) return oldest > (places.get(initial.id) ?? oldest)
    // Nobody has the update yet. A date that lies ahead is one of before the clock was set back.
    return initial.dueAt > issuedAt && initial.dueAt <= at
  }

  return (theirs) => {
    const initial = theirs.find(({ kind }) => kind === 'initial')
    if (!initial || initial.state === 'dead' || initial.state === 'superseded') return undefined
    if (isOnlyFiled(initial, options)) return undefined
    if (theirs.some(({ kind, sequence }) => kind === 'update' && sequence === updates)) return undefined
    if (carries(initial)) return undefined
    const before = theirs.find(
      (letter) => hasLeft(letter) || (isUnsent(letter) && !isOvertaken(letter, outage)),
    )
    return {
      kind: 'update',
      sequence: updates,
      repliesTo: initial.messageId,
      newSince: (before ?? initial).dueAt,
    }
  }
}

/**
 * A dead initial counts as not left: the recipient knows nothing yet, and the combined letter is one more try at
 * an address that may work again by now.
 */
function chooseEnding(theirs: readonly Letter[], options: PlanOptions): Choice | undefined {
  const endings = theirs.filter(({ kind }) => kind === 'recovery' || kind === 'combined')
  if (endings.some((letter) => letter.state !== 'superseded' || hasLeft(letter))) return undefined
  const initial = theirs.find((letter) => letter.kind === 'initial' && wasTold(letter, options))
  const kind = initial ? 'recovery' : 'combined'
  const sequence = 1 + endings.filter((letter) => letter.kind === kind).length
  return { kind, sequence, ...(initial && { repliesTo: initial.messageId }) }
}

/** Whoever may have read anything about an outage that was none is told so. */
function chooseCorrection(theirs: readonly Letter[], options: PlanOptions): Choice | undefined {
  const corrections = theirs.filter(({ kind }) => kind === 'correction')
  if (corrections.some((letter) => letter.state !== 'superseded' || hasLeft(letter))) return undefined
  const told = theirs.filter((letter) => letter.kind !== 'correction' && wasTold(letter, options))
  const first = told.find(({ kind }) => kind === 'initial') ?? told.at(-1)
  if (!first) return undefined
  return { kind: 'correction', sequence: 1 + corrections.length, repliesTo: first.messageId }
}

/** Whether its recipient may have read it. */
export function wasTold(letter: Letter, { filedIsLeft = true }: Pick<PlanOptions, 'filedIsLeft'>): boolean {
  return hasLeft(letter) && (filedIsLeft || letter.bodyHandedOver || letter.state !== 'filed')
}

/** An initial or update that waits, that no relay has seen, and that would be false or old news by now. */
function isOvertaken(letter: Letter, outage: Outage): boolean {
  if (!isUnsent(letter)) return false
  if (outage.state === 'open') return letter.kind === 'update' && letter.sequence < outage.bulletins.updates
  return letter.kind === 'initial' || letter.kind === 'update'
}

function planFor(outage: Outage, choice: Choice, recipient: Recipient): PlannedLetter {
  const key = { subject: outage.id, ...choice, recipient: recipient.email }
  return { id: letterId(key), subject: outage.id, ...choice, recipient }
}

/** Each address once. */
export function withoutDoubles(recipients: readonly Recipient[]): readonly Recipient[] {
  const seen = new Set<string>()
  return recipients.filter(({ email }) => !seen.has(addressKey(email)) && seen.add(addressKey(email)))
}
