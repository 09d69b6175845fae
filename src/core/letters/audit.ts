import { letterDueAt } from '../outage/action.ts'
import type { Outage } from '../outage/outage.ts'
import { DAY, type Instant, MINUTE } from '../time.ts'
import { hasLeft, isSettled } from './left.ts'
import type { Letter } from './letter.ts'
import { addressKey } from './mailbox.ts'
import { LONGEST_PAUSE_MS } from './pauses.ts'

/** Somebody who gets letters. */
export type AuditedRecipient = {
  readonly email: string
  /** Since when he is known to this run. */
  readonly since: Instant
  /** This run saw him come: he was no recipient before `since`. */
  readonly joined?: boolean
}

export type AuditOptions = {
  /** Who joins an outage gets his letter with the next FAIL; two rounds pass before it is missed. */
  readonly graceMs: number
  /** Since when an attempt is under way; undefined when nobody has seen it before. */
  readonly attemptSince: (letter: Letter) => Instant | undefined
  /** Since when letters are carried: before, none had its turn. */
  readonly carriedSince: Instant
}

/** How long an outage is proven after its end: letters are given up after five days. */
const AUDITED_MS = 6 * DAY
/** A letter whose turn has come is taken within seconds; with many of them, as long as they move. */
const TURN_MS = MINUTE

/** Whether the letters of an outage are to be proven at all. */
export function isAudited(outage: Outage, now: Instant): boolean {
  return letterDueAt(outage) !== null && (outage.end === null || outage.end > now - AUDITED_MS)
}

/**
 * What is wrong with the letters of one outage (spec/letters.md, Auditor); empty when every recipient has a letter
 * that was sent, is dead, or has a next attempt. `letters` are all of this outage, the newest first.
 */
export function auditLetters(
  outage: Outage,
  letters: readonly Letter[],
  recipients: readonly AuditedRecipient[],
  now: Instant,
  options: AuditOptions,
): readonly string[] {
  const name = `outage ${outage.id}`
  // Of one who was removed nothing is asked any more; who was told of an error must be told that it was one.
  if (outage.state !== 'cancelled' && recipients.length === 0) return [`${name}: there are no recipients`]
  const byAddress = Map.groupBy(letters, (letter) => addressKey(letter.recipient))
  const moving = isMoving(letters, now)
  const untold = letters.every(({ state }) => state === 'superseded')
  const proofs = recipients.map((recipient) => {
    const theirs = byAddress.get(addressKey(recipient.email)) ?? []
    const proof = proofFor(outage, theirs, recipient, { now, moving, untold, ...options })
    return { email: recipient.email, proof }
  })
  return [
    ...listed(`${name}: no letter to`, proofs, 'missing'),
    ...listed(`${name}: no next attempt for the letter to`, proofs, 'stuck'),
    ...listed(`${name}: only a file, as no SMTP is configured, for`, proofs, 'filed'),
    ...allDead(name, proofs),
  ]
}

type Proof = 'proven' | 'dead' | 'not-asked' | 'missing' | 'stuck' | 'filed'
type Proofs = readonly { readonly email: string; readonly proof: Proof }[]
type Look = AuditOptions & {
  readonly now: Instant
  readonly moving: boolean
  /** Nobody has a letter of this outage. */
  readonly untold: boolean
}

function proofFor(outage: Outage, theirs: readonly Letter[], recipient: AuditedRecipient, look: Look): Proof {
  const kinds = provingKinds(outage)
  const proving = theirs.filter(({ kind, state }) => kinds.includes(kind) && state !== 'superseded')
  if (proving.length === 0) return isAsked(outage, theirs, recipient, look) ? 'missing' : 'not-asked'
  if (proving.some(({ state }) => state === 'sent')) return 'proven'
  if (proving.some((letter) => !isSettled(letter))) {
    // Letters to one address wait for one another: the oldest that is not settled speaks for those behind it.
    const head = theirs.findLast((letter) => !isSettled(letter))
    return head === undefined || hasFuture(head, look) ? 'proven' : 'stuck'
  }
  return proving.some(({ state }) => state === 'dead') ? 'dead' : 'filed'
}

/** The letters that prove that somebody was told. */
function provingKinds({ state }: Outage): readonly Letter['kind'][] {
  switch (state) {
    case 'open':
      // An update says all that the initial says: it tells also who only has a file of that.
      return ['initial', 'update']
    case 'closed':
      return ['recovery', 'combined']
    case 'cancelled':
      return ['correction']
  }
}

function isAsked(
  outage: Outage,
  theirs: readonly Letter[],
  { since, joined = false }: AuditedRecipient,
  { now, untold, graceMs }: Look,
): boolean {
  const had = theirs.filter(({ state }) => state !== 'superseded')
  // Who was removed got nothing more, not even the end; that he is back does not change that.
  if (joined && outage.end !== null && since > outage.end) return false
  if (outage.state === 'cancelled') return had.some((letter) => hasLeft(letter) && letter.state !== 'filed')
  // Who joins waits for the next FAIL. A due letter that nobody has at all waits for it too, but not unnoticed.
  if (outage.end === null && untold && now > since + graceMs) return true
  return had.length > 0 || outage.latestFailAt > since + graceMs
}

function hasFuture(letter: Letter, { now, moving, attemptSince, carriedSince }: Look): boolean {
  if (letter.state === 'sending') return now - (attemptSince(letter) ?? now) <= LONGEST_PAUSE_MS
  // What waited while nobody carried letters, or was planned by a clock that was set meanwhile, is about to be taken.
  if (Math.abs(now - carriedSince) < TURN_MS) return true
  const nextAt = letter.nextAt ?? letter.dueAt
  // What lies further ahead than any wait was planned by a clock that was ahead: its turn is now.
  if (nextAt > now) return nextAt <= now + LONGEST_PAUSE_MS || moving
  return now - nextAt <= (moving ? LONGEST_PAUSE_MS : TURN_MS)
}

/** Whether the outbox works on these letters: somebody's attempt is under way or ended a moment ago. */
function isMoving(letters: readonly Letter[], now: Instant): boolean {
  return letters.some(({ state, attempts }) => {
    const last = attempts.at(-1)
    return state === 'sending' || (last !== undefined && Math.abs(now - last.at) <= TURN_MS)
  })
}

const NAMED = 3

function listed(what: string, proofs: Proofs, wanted: Proof): readonly string[] {
  const found = proofs.filter(({ proof }) => proof === wanted).map(({ email }) => email)
  if (found.length === 0) return []
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : ''
  return [`${what} ${found.slice(0, NAMED).join(', ')}${more}`]
}

function allDead(name: string, proofs: Proofs): readonly string[] {
  const asked = proofs.filter(({ proof }) => proof !== 'not-asked')
  const dead = asked.length > 0 && asked.every(({ proof }) => proof === 'dead')
  return dead ? [`${name}: the letters to all recipients were given up`] : []
}
