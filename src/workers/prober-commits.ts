import type { AuditEntry } from '../core/audit.ts'
import type { LetterChange } from '../core/letters/letter.ts'
import type { Owing } from '../core/letters/owing.ts'
import { letterDueAt } from '../core/outage/action.ts'
import { nextBulletin, startBulletins } from '../core/outage/bulletins.ts'
import type { Outage } from '../core/outage/outage.ts'
import type { Proven } from '../core/outage/proven.ts'
import type { Instant } from '../core/time.ts'
import { type Clock, type OutageStore, StoreError } from '../ports.ts'
import type { HoldClaims } from './claim-hold.ts'

/** Decides which letters these outages owe and makes their bytes. */
export type LetterPlanner = {
  plan(owing: readonly Owing[], at: Instant): Promise<LetterChange>
  /**
   * Tells operators that an outage that was cancelled as false still fails; `sequence` counts from 1. One that was
   * told before adds nothing.
   */
  reminder(outage: Outage, sequence: number, at: Instant): Promise<LetterChange>
}

export type CommitDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<OutageStore, 'commit'>
  readonly letters: LetterPlanner
  /** None of the letters that are to be replaced leaves between plan and transaction. */
  readonly holdClaims: HoldClaims
  /** What letters may say about `at`. */
  readonly proven: (at: Instant) => Proven
  /** Whether this run has seen a FAIL of that outage: fresh evidence (spec/outage-clock.md 5). */
  readonly witnessed: (outageId: string) => boolean
  /** Called when letters were stored, so that they leave at once. */
  readonly lettersStored: () => void
}

/** A change that nobody keeps when it cannot be stored: an action, an update whose time has come. */
export type Order = {
  readonly at: Instant
  readonly outage: Outage
  /** The recipients are told something new. */
  readonly news: boolean
  readonly audit: readonly AuditEntry[]
}

/** Outages with the letters that follow from them, in one transaction. Calls must not overlap. */
export function createCommits(deps: CommitDeps, updateEveryMs: number) {
  const mayStart = ({ id, handling }: Outage): boolean => handling.ordered !== null || deps.witnessed(id)

  /** The series of letters begins with the first ones and goes on with news; what is not due is only stored. */
  function advanced(outage: Outage, news: boolean, at: Instant): Outage {
    if (outage.state !== 'open' || letterDueAt(outage) === null) return outage
    if (outage.bulletins.at === null) {
      return mayStart(outage) ? { ...outage, bulletins: startBulletins(at, updateEveryMs) } : outage
    }
    return news ? { ...outage, bulletins: nextBulletin(outage.bulletins, at, updateEveryMs) } : outage
  }

  /** Number of the reminder that is due when an outage fails that was cancelled; 0: none yet. */
  function reminderAt({ state, end, handling }: Outage, at: Instant): number {
    if (state !== 'cancelled' || end !== null || handling.cancelled === null) return 0
    return Math.max(0, Math.floor((at - handling.cancelled.at) / updateEveryMs))
  }

  async function lettersFor(outages: readonly Outage[], order: Order | null, at: Instant) {
    const proven = deps.proven(at)
    const owing = outages
      .filter((outage) => owes(outage, order))
      .map((outage): Owing => ({ outage, proven, mayStart: mayStart(outage) }))
    const changes: LetterChange[] = owing.length === 0 ? [] : [await deps.letters.plan(owing, at)]
    for (const outage of outages) {
      // Who cancels it knows that it fails.
      const number = outage.id === order?.outage.id ? 0 : reminderAt(outage, at)
      if (number > 0) changes.push(await deps.letters.reminder(outage, number, at))
    }
    return {
      add: changes.flatMap(({ add }) => add),
      supersede: changes.flatMap(({ supersede }) => supersede),
    }
  }

  /** Gives the outages as they were stored. Rejects when nothing was. */
  return async function commit(changed: readonly Outage[], order: Order | null): Promise<readonly Outage[]> {
    const at = order?.at ?? deps.clock.now()
    const others = changed.filter(({ id }) => id !== order?.outage.id)
    const outages = [
      ...others.map((outage) => advanced(outage, false, at)),
      ...(order === null ? [] : [advanced(order.outage, order.news, at)]),
    ]
    const isWritten = await deps.holdClaims(async () => {
      const letters = await lettersFor(outages, order, at)
      const outcome = await deps.store.commit({ outages, letters, audit: order?.audit ?? [] })
      if (outcome === 'conflict') throw claimedError()
      return letters.add.length > 0
    })
    if (isWritten) deps.lettersStored()
    return outages
  }
}

function claimedError(): StoreError {
  return new StoreError('other', 'A letter was claimed although claims were held: nothing was stored.')
}

/** A cancelled outage owes its corrections at once and nothing ever after. */
function owes(outage: Outage, order: Order | null): boolean {
  if (outage.state === 'cancelled') return order?.outage.id === outage.id
  const { warnedAt, operatorAlarmAt, intermittent } = outage
  return letterDueAt(outage) !== null || warnedAt !== null || operatorAlarmAt !== null || intermittent
}
