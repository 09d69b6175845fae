import type { Letter } from './letter.ts'

/**
 * Whether this letter, or a copy of it, may have reached its recipient. `sending` and `ambiguous` count: nobody
 * can prove that they did not. So does every letter whose body a relay has seen, even if it was refused then.
 */
export function hasLeft(letter: Letter): boolean {
  return letter.bodyHandedOver || ['sending', 'sent', 'ambiguous', 'filed'].includes(letter.state)
}

/** A letter that waits and that no relay has seen: another one may take its place. */
export function isUnsent(letter: Letter): boolean {
  return letter.state === 'pending' || (letter.state === 'retry' && !letter.bodyHandedOver)
}

/** Nothing happens to it any more, so the next letter to the same recipient may go. */
export function isSettled(letter: Letter): boolean {
  return ['sent', 'dead', 'superseded', 'filed'].includes(letter.state)
}
