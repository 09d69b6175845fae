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

/**
 * Why a letter must not be sent any more; null when it may. Asked before each attempt (spec/letters.md, Outbox).
 * `newestUpdate`: number of the newest update of its outage, 0 when there is none.
 */
export function staleReason(letter: Letter, world: LetterWorld, newestUpdate = 0): string | null {
  switch (letter.kind) {
    case 'test':
      return null
    case 'operator':
      return isPatient(letter) ? removed(letter, world.readers) : staleForOperator(letter, world)
    case 'initial':
    case 'update':
      return removed(letter, world.recipients) ?? overtaken(letter, world, newestUpdate)
    case 'recovery':
    case 'combined':
    case 'correction':
      return removed(letter, world.recipients)
    case 'announcement':
      return removed(letter, world.recipients) ?? withdrawn(letter, world)
  }
}

function removed({ recipient }: Letter, present: ReadonlySet<string>): string | null {
  return present.has(addressKey(recipient)) ? null : 'the recipient was removed'
}

function overtaken(
  letter: Letter,
  { isCancelled, isOver }: LetterWorld,
  newestUpdate: number,
): string | null {
  if (isCancelled(letter.subject)) return 'the outage was cancelled'
  if (mayHaveArrived(letter)) return null
  // One that was under way when the next was written, or was put back into the queue later, is old news by now.
  if (letter.kind === 'update' && letter.sequence < newestUpdate) return 'a later update takes its place'
  if (!isOver(letter.subject)) return null
  // An initial that was under way when the outage ended still goes: its recovery waits behind it and answers it. One
  // that was dead by then, and was put back into the queue later, has been replaced by a combined letter.
  const putBack = letter.attempts.some(({ result }) => result === 'requeued')
  return letter.kind === 'update' || putBack ? 'the outage is over' : null
}

/** One that takes an announcement back has the sequence 2. */
function withdrawn(letter: Letter, { isPlanned }: LetterWorld): string | null {
  const holds = letter.sequence > 1 || mayHaveArrived(letter) || isPlanned(letter.subject)
  return holds ? null : 'the planned work was withdrawn or is over'
}

/** It goes once more, and what follows waits behind it; unless it was dead meanwhile, and somebody has put it back. */
function mayHaveArrived({ bodyHandedOver, attempts }: Letter): boolean {
  return bodyHandedOver && attempts.at(-1)?.result !== 'requeued'
}

const EARLY = /^(?:warning|reminder)-(.+)$/

function staleForOperator(letter: Letter, { operators, isCancelled, isOver }: LetterWorld): string | null {
  if (!operators.has(addressKey(letter.recipient))) return 'the address is no longer one of an operator'
  const outage = EARLY.exec(letter.subject)?.[1]
  if (outage === undefined) return null
  if (isOver(outage)) return 'the outage is over'
  return letter.subject.startsWith('warning-') && isCancelled(outage) ? 'the outage was cancelled' : null
}
