import type { Sms } from '../freshness/diagnosis/texts/advice.ts'
import type { Instant } from '../time.ts'
import type { ReasonCode, Verdict } from './check.ts'
import type { CheckFacts } from './check-facts.ts'
import type { CheckPoint } from './check-items.ts'

/** What the words of a check are made of. */
export type Telling = {
  readonly facts: CheckFacts
  readonly now: Instant
  /** `13:00`, on another day with its date. */
  readonly time: (at: Instant) => string
  /** `1 ч 2 мин`, as exact as people need it. */
  readonly span: (ms: number) => string
  /** The commands by which the terminal is asked, as its model takes them. */
  readonly sms: Sms
}

export type Say = (telling: Telling) => string

/** All that one language says of a check. */
export type CheckTexts = {
  readonly verdicts: Readonly<Record<Verdict, string>>
  readonly reasons: Readonly<Record<ReasonCode, Say>>
  /** By point and by what was found there. */
  readonly items: Readonly<Record<CheckPoint, Readonly<Record<string, Say>>>>
  /** What to do first about a reason, where the diagnosis knows no better. */
  readonly steps: Readonly<Record<ReasonCode, Say>>
}
