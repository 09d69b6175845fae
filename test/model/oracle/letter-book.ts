import { type JournalEntry, type LetterKey, nameOf } from './journal.ts'

/**
 * `unsent`: pending, or to be tried again with a body that was never handed over. `offered`: claimed, whatever came
 * of it. `ambiguous`: perhaps delivered. The others are final.
 */
export type BookState = 'unsent' | 'offered' | 'ambiguous' | 'sent' | 'dead' | 'superseded'

export type BookedLetter = LetterKey & {
  state: BookState
  handedOver: boolean
  accepted: number
  copy: string | null
  /** Place of its commit in the journal. */
  readonly writtenBy: number
}

/** spec/letters.md, outbox: what the letters must have gone through, told from claims and what the relay saw. */
export function createLetterBook(fault: (text: string) => void) {
  const letters = new Map<string, BookedLetter>()

  function find(key: LetterKey): BookedLetter | undefined {
    const letter = letters.get(nameOf(key))
    if (letter === undefined) fault(`a letter that was never written: ${nameOf(key)}`)
    return letter
  }

  function claim(key: LetterKey): void {
    const letter = find(key)
    if (letter === undefined) return
    if (letter.state !== 'unsent' && letter.state !== 'ambiguous') {
      fault(`claimed although ${letter.state}: ${nameOf(key)}`)
    }
    for (const other of letters.values()) {
      const sameLine = other.subject === letter.subject && other.recipient === letter.recipient
      if (sameLine && isOnItsWay(other) && other.writtenBy < letter.writtenBy) {
        fault(`${nameOf(key)} overtakes ${nameOf(other)}`)
      }
    }
    letter.state = 'offered'
  }

  function offer({ letter: key, outcome, copy }: Extract<JournalEntry, { kind: 'offered' }>): void {
    const letter = find(key)
    if (letter === undefined) return
    if (letter.copy !== null && letter.copy !== copy) fault(`two different copies of ${nameOf(key)}`)
    letter.copy = copy
    if (outcome !== 'not-handed-over' && outcome !== 'refused-for-good') letter.handedOver = true
    if (outcome === 'accepted') letter.accepted++
  }

  function settle(key: LetterKey, state: string): void {
    const letter = find(key)
    if (letter === undefined) return
    if (state === 'sent' && letter.accepted === 0) fault(`sent without having been accepted: ${nameOf(key)}`)
    // Refused now, and perhaps delivered before: it is on its way for all that anybody knows.
    if (state === 'retry' || state === 'pending') letter.state = letter.handedOver ? 'ambiguous' : 'unsent'
    else letter.state = state as BookState
  }

  return {
    write(key: LetterKey, writtenBy: number): void {
      const name = nameOf(key)
      if (letters.has(name)) fault(`written twice: ${name}`)
      letters.set(name, { ...key, state: 'unsent', handedOver: false, accepted: 0, copy: null, writtenBy })
    },
    supersede(key: LetterKey): void {
      const letter = find(key)
      if (letter === undefined) return
      if (letter.state !== 'unsent') fault(`superseded although ${letter.state}: ${nameOf(key)}`)
      letter.state = 'superseded'
    },
    /** The program ended: what was being offered may have been delivered. */
    orphan(): void {
      for (const letter of letters.values()) {
        if (letter.state !== 'offered') continue
        letter.state = 'ambiguous'
        letter.handedOver = true
      }
    },
    claim,
    offer,
    settle,
    get: (key: LetterKey): BookedLetter | undefined => letters.get(nameOf(key)),
    all: (): readonly BookedLetter[] => [...letters.values()],
  }
}

export type LetterBook = ReturnType<typeof createLetterBook>

/** Not in a final state. */
export function isOnItsWay({ state }: BookedLetter): boolean {
  return state === 'unsent' || state === 'offered' || state === 'ambiguous'
}

/** A copy was accepted or may have been, or is being offered right now. */
export function hasLeft({ state, handedOver }: BookedLetter): boolean {
  return state === 'sent' || state === 'ambiguous' || state === 'offered' || handedOver
}
