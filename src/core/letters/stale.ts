import { letterDueAt } from '../outage/action.ts'
import type { Outage } from '../outage/outage.ts'
import { hasLeft, isSettled } from './left.ts'
import type { Letter } from './letter.ts'
import { addressKey } from './mailbox.ts'
import { isPatient } from './patience.ts'

/** What a letter rests on, as it is now. */
export type LetterWorld = {
  /** Address keys of the recipients and of the operators. */
  readonly recipients: ReadonlySet<string>
  readonly operators: ReadonlySet<string>
  /** Those of digests, immediate notes and letters of incidents. */
  readonly readers: ReadonlySet<string>
  readonly isCancelled: (outageId: string) => boolean
  readonly isOver: (outageId: string) => boolean
  /** Whether there is this planned work, and it lies ahead or goes on. */
  readonly isPlanned: (windowId: string) => boolean
}

/** What is stored that a letter rests on: only what `asksFor` names is needed. */
export type LetterFacts = {
  /** The outage that it is about; undefined when it is none of the newest. */
  readonly outage: Outage | undefined
  /** All letters of its subject to its recipient. */
  readonly theirs: readonly Letter[]
}

const NO_FACTS: LetterFacts = { outage: undefined, theirs: [] }

/** Which facts must be known of a letter; most need none. */
export function asksFor(
  letter: Letter,
  { isOver }: Pick<LetterWorld, 'isOver'>,
): { readonly outage: string | null; readonly theirs: boolean } {
  const { kind, subject } = letter
  const [, topic, about = null] = (kind === 'operator' && ABOUT_OUTAGE.exec(subject)) || []
  return {
    outage: kind === 'update' ? subject : topic === 'alarm' ? about : null,
    theirs: takesBack(letter) || (kind === 'initial' && isOver(subject)),
  }
}

/** Why a letter must not be sent any more; null when it may. Asked before each attempt (spec/letters.md, Outbox). */
export function staleReason(letter: Letter, world: LetterWorld, facts = NO_FACTS): string | null {
  switch (letter.kind) {
    case 'test':
      return null
    case 'operator':
      return isPatient(letter) ? removed(letter, world.readers) : staleForOperator(letter, world, facts)
    case 'initial':
    case 'update':
      return removed(letter, world.recipients) ?? overtaken(letter, world, facts)
    case 'recovery':
    case 'combined':
      return removed(letter, world.recipients)
    case 'correction':
      return removed(letter, world.recipients) ?? baseless(letter, facts)
    case 'announcement':
      return removed(letter, world.recipients) ?? withdrawn(letter, world) ?? baseless(letter, facts)
  }
}

function removed({ recipient }: Letter, present: ReadonlySet<string>): string | null {
  return present.has(addressKey(recipient)) ? null : 'the recipient was removed'
}

function overtaken(
  letter: Letter,
  { isCancelled, isOver }: LetterWorld,
  { outage, theirs }: LetterFacts,
): string | null {
  if (isCancelled(letter.subject)) return 'the outage was cancelled'
  if (mayHaveArrived(letter)) return null
  // One that was under way when the next was written, or was put back into the queue later, is old news by now.
  const newest = outage?.bulletins.updates ?? 0
  if (letter.kind === 'update' && letter.sequence < newest) return 'a later update takes its place'
  if (!isOver(letter.subject)) return null
  // An initial that was under way when the outage ended still goes: its recovery waits behind it and answers it.
  // Without one the end is not stored yet, and a combined letter will tell it; or he was no recipient when it came.
  const isAnswered = theirs.some((other) => other.kind === 'recovery' && !isSettled(other))
  return letter.kind === 'initial' && isAnswered && !isPutBack(letter) ? null : 'the outage is over'
}

function withdrawn(letter: Letter, { isPlanned }: LetterWorld): string | null {
  const holds = takesBack(letter) || mayHaveArrived(letter) || isPlanned(letter.subject)
  return holds ? null : 'the planned work was withdrawn or is over'
}

/**
 * What it takes back may have been under way when it was written, and may never have arrived. Nothing before it is any
 * more: letters to one recipient wait for one another.
 */
function baseless(letter: Letter, { theirs }: LetterFacts): string | null {
  const isTold = theirs.some((other) => !takesBack(other) && hasLeft(other))
  return !takesBack(letter) || isTold ? null : 'the recipient was told nothing'
}

/** An announcement that takes the first one back has the sequence 2. */
function takesBack({ kind, sequence }: Letter): boolean {
  return kind === 'correction' || (kind === 'announcement' && sequence > 1)
}

/** It goes once more, and what follows waits behind it; unless it was dead meanwhile, and somebody has put it back. */
function mayHaveArrived(letter: Letter): boolean {
  return letter.bodyHandedOver && !isPutBack(letter)
}

function isPutBack({ attempts }: Letter): boolean {
  return attempts.at(-1)?.result === 'requeued'
}

const ABOUT_OUTAGE = /^(warning|alarm|intermittent|reminder)-(.+)$/

function staleForOperator(
  { recipient, subject }: Letter,
  { operators, isCancelled, isOver }: LetterWorld,
  { outage }: LetterFacts,
): string | null {
  if (!operators.has(addressKey(recipient))) return 'the address is no longer one of an operator'
  const [, topic, about] = ABOUT_OUTAGE.exec(subject) ?? []
  if (about === undefined) return null
  if ((topic === 'warning' || topic === 'reminder') && isOver(about)) return 'the outage is over'
  if (topic !== 'reminder' && isCancelled(about)) return 'the outage was cancelled'
  // It says that no letter has gone, and asks for the order to send it.
  const isDue = outage !== undefined && letterDueAt(outage) !== null
  return topic === 'alarm' && isDue ? 'the letter is due by now' : null
}
