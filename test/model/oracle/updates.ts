import type { Deed, JournalEntry, Moment } from './journal.ts'
import type { BookedLetter } from './letter-book.ts'
import type { LetterPolicy, Ms, TraceEvent } from './trace.ts'

type Tell = (text: string) => void

/** The clock that looks at `nextAt` ticks every second. */
const SLACK_MS = 2_000
/** A step of the clock is noticed within a round. */
const SLACK_AFTER_STEP_MS = 90_000

/** The series of updates of one outage: each with a reason, none missing, none to those who cannot know what it is about. */
export function createUpdates(subject: string, policy: LetterPolicy) {
  let newest = 0
  /** Before this there is none without news, */
  let nextAt: Ms | null = null
  /** and by then there is one. */
  let latestAt = 0
  let slackMs = SLACK_MS
  let expected = 'null'
  /** The newest update was issued when nobody could get it. */
  let unheard = false
  /** When the running program saw its first round since it began or since a step of the clock, and which run it is. */
  let seenAt: Ms | null = null
  let seenBy: number | null = null
  let overdue = 0
  let late = 0
  let setBack = false
  let lookedAt: Ms | null = null

  function isNews(deed: Deed | null): boolean {
    if (deed?.action === 'message') return true
    if (deed?.action !== 'expected-resolution' || deed.value === expected) return false
    expected = deed.value
    return true
  }

  /** Whose initial was written before, and can have been read or still will be. */
  function readers(moment: Moment, mine: readonly BookedLetter[]): readonly string[] {
    return mine
      .filter(({ kind, state, writtenBy }) => {
        return kind === 'initial' && state !== 'dead' && state !== 'superseded' && writtenBy < moment.entry
      })
      .map(({ recipient }) => recipient)
      .filter((recipient) => moment.present.has(recipient))
  }

  function arm(at: Ms): void {
    nextAt = at + policy.updateEveryMs
    latestAt = nextAt
    setBack = false
  }

  function hasten(at: Ms): void {
    if (nextAt === null || nextAt <= at + policy.updateEveryMs) return
    nextAt = at + policy.updateEveryMs
    setBack = true
  }

  return {
    row(row: TraceEvent, moment: Moment): void {
      if (row.kind === 'round') {
        if (seenAt === null || seenBy !== moment.runSince) seenAt = moment.at
        seenBy = moment.runSince
      }
      // No update waits longer than that, even when the clock was set back while nobody looked.
      hasten(row.kind === 'step' ? row.at : moment.at)
      if (row.kind !== 'step') return
      seenAt = null
      slackMs = SLACK_AFTER_STEP_MS
    },
    started(at: Ms): void {
      hasten(at)
      // That the clock was set back is stored with the next FAIL; until then each run finds out anew.
      if (setBack) latestAt = Math.max(latestAt, at + policy.updateEveryMs)
    },
    commit(
      { at, written }: Extract<JournalEntry, { kind: 'commit' }>,
      deed: Deed | null,
      moment: Moment,
      mine: readonly BookedLetter[],
      tell: Tell,
    ): void {
      const news = isNews(deed)
      const sent = written.filter(({ kind }) => kind === 'update')
      // Somebody who was removed and has come back is told the newest, which may have found nobody.
      const issued = sent.filter(({ sequence }) => sequence !== newest && !(unheard && !news))
      newest = Math.max(newest, ...sent.map(({ sequence }) => sequence))
      const running = nextAt !== null
      if (!running && sent.length > 0) tell(`an update of ${subject} before its first letter`)
      if (running && (news || issued.length > 0)) {
        if (!news && at < (nextAt ?? 0)) tell(`update ${newest} of ${subject} without a reason`)
        if (issued.some(({ sequence }) => sequence < newest)) tell(`an old update of ${subject}`)
        const to = readers(moment, mine)
        unheard = to.length === 0
        compare(subject, new Set(issued.map(({ recipient }) => recipient)), new Set(to), tell)
        arm(at)
        slackMs = SLACK_MS
      }
      for (const old of sent.length > 0 ? mine : []) {
        if (old.kind === 'update' && old.sequence < newest && old.state === 'unsent') {
          tell(`update ${newest} of ${subject} leaves ${old.sequence} to ${old.recipient} waiting`)
        }
      }
      if (!running && written.some(({ kind }) => kind === 'initial')) arm(at)
    },
    /** While the outage is open. */
    calm(moment: Moment, mine: readonly BookedLetter[], tell: Tell): void {
      if (nextAt === null || seenAt === null || seenBy !== moment.runSince) return
      // A clock that was set back is noticed at the next tick, which comes when time goes on.
      if (moment.at === lookedAt) return
      lookedAt = moment.at
      if (latestAt > moment.at + policy.updateEveryMs && ++late >= 2)
        latestAt = moment.at + policy.updateEveryMs
      if (latestAt <= moment.at + policy.updateEveryMs) late = 0
      if (moment.at <= Math.max(latestAt, seenAt) + slackMs) {
        overdue = 0
        return
      }
      // A step of the clock is known at the next tick.
      if (++overdue < 3) return
      if (readers(moment, mine).length === 0) {
        unheard = true
        arm(moment.at)
      } else tell(`the next update of ${subject} is overdue`)
    },
  }
}

function compare(subject: string, got: ReadonlySet<string>, wanted: ReadonlySet<string>, tell: Tell): void {
  for (const recipient of wanted) if (!got.has(recipient)) tell(`an update of ${subject} misses ${recipient}`)
  for (const recipient of got) if (!wanted.has(recipient)) tell(`an update of ${subject} to ${recipient}`)
}
