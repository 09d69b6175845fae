import type { Letter } from './letter.ts'
import { addressKey } from './mailbox.ts'

/** What a letter rests on, as it is now. */
export type LetterWorld = {
  /** Address keys of the recipients and of the operators. */
  readonly recipients: ReadonlySet<string>
  readonly operators: ReadonlySet<string>
  readonly isCancelled: (outageId: string) => boolean
  readonly isOver: (outageId: string) => boolean
}

/** Why a letter must not be sent any more; null when it may. Asked before each attempt (spec/letters.md, Outbox). */
export function staleReason(letter: Letter, world: LetterWorld): string | null {
  switch (letter.kind) {
    case 'test':
      return null
    case 'operator':
      return staleForOperator(letter, world)
    case 'initial':
    case 'update':
      return removed(letter, world.recipients) ?? overtaken(letter, world)
    case 'recovery':
    case 'combined':
    case 'correction':
    case 'announcement':
      return removed(letter, world.recipients)
  }
}

function removed({ recipient }: Letter, present: ReadonlySet<string>): string | null {
  return present.has(addressKey(recipient)) ? null : 'the recipient was removed'
}

function overtaken(letter: Letter, { isCancelled, isOver }: LetterWorld): string | null {
  if (isCancelled(letter.subject)) return 'the outage was cancelled'
  if (letter.bodyHandedOver || !isOver(letter.subject)) return null
  // An initial that was under way when the outage ended still goes: its recovery waits behind it and answers it. One
  // that was dead by then, and was put back into the queue later, has been replaced by a combined letter.
  const putBack = letter.attempts.some(({ result }) => result === 'requeued')
  return letter.kind === 'update' || putBack ? 'the outage is over' : null
}

const EARLY = /^(?:warning|reminder)-(.+)$/

function staleForOperator(letter: Letter, { operators, isCancelled, isOver }: LetterWorld): string | null {
  if (!operators.has(addressKey(letter.recipient))) return 'the address is no longer one of an operator'
  const outage = EARLY.exec(letter.subject)?.[1]
  if (outage === undefined) return null
  if (isOver(outage)) return 'the outage is over'
  return letter.subject.startsWith('warning-') && isCancelled(outage) ? 'the outage was cancelled' : null
}
