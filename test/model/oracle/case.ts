import { type JournalEntry, type LetterKey, type Moment, nameOf, outageId } from './journal.ts'
import { type BookedLetter, hasLeft, isOnItsWay, type LetterBook } from './letter-book.ts'
import type { ExpectedOutage } from './outages.ts'
import type { LetterPolicy, Ms } from './trace.ts'
import { createUpdates } from './updates.ts'

type Tell = (text: string) => void
type Commit = Extract<JournalEntry, { kind: 'commit' }>

/** One outage through the journal: which letters may be written at each moment, and which must have been. */
export type OutageCase = {
  readonly outage: ExpectedOutage
  /** Wall time; null before, and once a step of the clock lies between. */
  readonly cancelledAt: () => Ms | null
  /** An operator sent the letter before the clock would have. */
  readonly ordered: () => boolean
  readonly row: (row: Extract<JournalEntry, { kind: 'stored' }>['row'], moment: Moment) => void
  readonly started: (at: Ms) => void
  readonly commit: (commit: Commit, moment: Moment, tell: Tell) => void
  /** A connection is opened for a letter that was claimed at that place. */
  readonly opened: (key: LetterKey, claimedAt: number, tell: Tell) => void
  readonly calm: (moment: Moment, tell: Tell) => void
}

export function createCase(outage: ExpectedOutage, book: LetterBook, policy: LetterPolicy): OutageCase {
  const subject = outageId(outage.start)
  const { by } = outage
  const updates = createUpdates(subject, policy)
  let ordered = false
  let cancelledAt: Ms | null = null
  /** Place of the newest FAIL of the running program. */
  let freshFail: number | null = null
  /** Present at every moment since the outage's end was stored. */
  let atTheEnd: Set<string> | null = null
  /** Present at every moment since the newest FAIL. */
  let atTheFail = new Set<string>()

  const isOpen = (place: number): boolean =>
    place > by.opened && (by.closed === null || place <= by.closed) && !isCancelled(place)
  const isCancelled = (place: number): boolean => by.cancelled !== null && place > by.cancelled
  const isClosed = (place: number): boolean => by.closed !== null && place > by.closed
  const isDue = (place: number): boolean => ordered || (by.due !== null && place > by.due)
  const mine = (): readonly BookedLetter[] => book.all().filter((one) => one.subject === subject)
  const theirs = (recipient: string, ...kinds: readonly string[]): readonly BookedLetter[] =>
    mine().filter((one) => one.recipient === recipient && kinds.includes(one.kind))
  /** Somebody who was removed and has come back has superseded ones, which count for nothing. */
  const standing = (recipient: string, ...kinds: readonly string[]): readonly BookedLetter[] =>
    theirs(recipient, ...kinds).filter(({ state }) => state !== 'superseded')
  const initialLeft = (recipient: string): boolean => theirs(recipient, 'initial').some(hasLeft)

  /** A further copy of what may have arrived goes on as it began. */
  const isAnswered = (initial: LetterKey): boolean =>
    book.get(initial)?.handedOver === true || theirs(initial.recipient, 'recovery').length > 0

  /** A fresh FAIL after a restart at or after the one that made it due, or an order. */
  function mayBegin({ place, runSince }: Moment): boolean {
    if (ordered) return true
    const fresh = freshFail !== null && runSince !== null && freshFail >= runSince
    return fresh && isDue(place) && (freshFail ?? 0) >= (by.due ?? 0)
  }

  function allows(key: LetterKey, moment: Moment): string | null {
    const { place, present } = moment
    if (!present.has(key.recipient)) return 'its recipient was removed'
    switch (key.kind) {
      case 'initial':
        if (!isOpen(place)) return 'the outage is not open'
        if (standing(key.recipient, 'initial').length > 0) return 'there is one already'
        return mayBegin(moment) ? null : 'nothing makes it due now'
      case 'update':
        return isOpen(place) ? null : 'the outage is not open'
      case 'recovery':
        if (!isClosed(place) || outage.cancelled) return 'the outage has not closed'
        return initialLeft(key.recipient) ? null : 'the initial letter has not left'
      case 'combined':
        if (!isClosed(place) || outage.cancelled) return 'the outage has not closed'
        if (!isDue(place)) return 'it was never due'
        return initialLeft(key.recipient) ? 'the initial letter has left' : null
      case 'correction':
        if (!isCancelled(place + 1)) return 'the outage is not cancelled'
        return mine().some((one) => one.recipient === key.recipient && hasLeft(one))
          ? null
          : 'no letter has left'
      default:
        return 'there is no such kind'
    }
  }

  function calmWhileOpen(moment: Moment, tell: Tell): void {
    if (mayBegin(moment)) {
      for (const recipient of atTheFail) {
        if (standing(recipient, 'initial').length === 0)
          tell(`no initial letter of ${subject} to ${recipient}`)
      }
    }
    updates.calm(moment, mine(), tell)
  }

  function calmAfterwards(tell: Tell): void {
    for (const one of mine()) {
      // One that was under way at the end, and broke, stands as long as what answers it waits behind it.
      if (theirs(one.recipient, 'recovery', 'correction').some(isOnItsWay)) continue
      if (one.state === 'unsent' && (one.kind === 'initial' || one.kind === 'update')) {
        tell(`not superseded after the end: ${nameOf(one)}`)
      }
    }
  }

  function calmWhenClosed(moment: Moment, tell: Tell): void {
    if (!isDue(moment.place)) return
    for (const recipient of atTheEnd ?? []) {
      const count = standing(recipient, 'recovery', 'combined').length
      if (count !== 1) tell(`${count} letters to ${recipient} about the end of ${subject}`)
    }
  }

  function calmWhenCancelled(tell: Tell): void {
    for (const recipient of atTheEnd ?? []) {
      const left = mine().some(
        (one) => one.kind !== 'correction' && one.recipient === recipient && hasLeft(one),
      )
      if (left && standing(recipient, 'correction').length === 0)
        tell(`no correction of ${subject} to ${recipient}`)
    }
  }

  return {
    outage,
    cancelledAt: () => cancelledAt,
    ordered: () => ordered,
    row(row, moment) {
      const { place, present } = moment
      updates.row(row, moment)
      if (row.kind === 'step') {
        cancelledAt = null
      }
      if (row.kind !== 'round') return
      if (place === by.closed && !outage.cancelled) atTheEnd = new Set(present)
      if (row.verdict !== 'fail') return
      freshFail = place
      atTheFail = new Set(present)
    },
    started: updates.started,
    commit(commit, moment, tell) {
      const { deed } = commit
      const about = deed?.outage === subject ? deed : null
      if (about?.action === 'send-letter') {
        ordered = true
        atTheFail = new Set(moment.present)
      }
      if (about?.action === 'cancel') {
        atTheEnd = new Set(moment.present)
        cancelledAt = commit.at
      }
      const written = commit.written.filter((key) => key.subject === subject)
      for (const key of written) {
        const reason = allows(key, moment)
        if (reason !== null) tell(`${nameOf(key)} was written, but ${reason}`)
      }
      updates.commit({ ...commit, written }, about, moment, mine(), tell)
    },
    opened(key, claimedAt, tell) {
      const { kind, recipient } = key
      if (key.subject !== subject) return
      if (
        kind === 'correction' &&
        !mine().some((one) => one.recipient === recipient && one.kind !== kind && hasLeft(one))
      )
        tell(`corrects what has not left: ${nameOf(key)}`)
      if (kind === 'initial' && isClosed(claimedAt) && !isAnswered(key))
        tell(`says after the end that it is not over: ${nameOf(key)}`)
    },
    calm(moment, tell) {
      const { place, present, runSince } = moment
      for (const group of [atTheFail, atTheEnd ?? []]) {
        for (const recipient of group) if (!present.has(recipient)) (group as Set<string>).delete(recipient)
      }
      // The first round of a run comes first; before it nothing has to follow.
      if (runSince === null || place <= runSince) return
      if (isOpen(place)) return calmWhileOpen(moment, tell)
      if (!isCancelled(place) && !isClosed(place)) return
      calmAfterwards(tell)
      if (isCancelled(place)) calmWhenCancelled(tell)
      else calmWhenClosed(moment, tell)
    },
  }
}
