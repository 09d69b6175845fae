import type { OutageCase } from './case.ts'
import { type LetterKey, type Moment, nameOf, outageId } from './journal.ts'
import type { LetterPolicy, Ms } from './trace.ts'

type Tell = (text: string) => void

export type OperatorLetters = {
  readonly owns: (key: LetterKey) => boolean
  readonly written: (key: LetterKey, moment: Moment, tell: Tell) => void
  /** A connection is opened for a letter that was claimed at that place. */
  readonly opened: (key: LetterKey, claimedAt: number, tell: Tell) => void
  readonly calm: (moment: Moment, tell: Tell) => void
}

const TOPICS = ['warning', 'alarm', 'intermittent', 'reminder'] as const
type Topic = (typeof TOPICS)[number]

/** What operators are told about outages: once each, and reminders of a cancelled one that goes on failing. */
export function operatorLetters(cases: readonly OutageCase[], policy: LetterPolicy): OperatorLetters {
  const written = new Set<string>()
  const about = new Map<string, OutageCase>(
    cases.flatMap((one) => TOPICS.map((topic) => [`${topic}-${outageId(one.outage.start)}`, one] as const)),
  )
  const topicOf = (subject: string): Topic => subject.split('-')[0] as Topic

  function placeOf(topic: Topic, { outage: { by } }: OutageCase): number | null {
    switch (topic) {
      case 'warning':
        return by.warned
      case 'alarm':
        return by.alarmed
      case 'intermittent':
        return by.intermittent
      case 'reminder':
        return by.cancelled
    }
  }

  /** The n-th reminder comes when the outage has failed for n times `updateEvery` since it was cancelled. */
  function checkPace({ subject, sequence }: LetterKey, one: OutageCase, at: Ms, tell: Tell): void {
    const since = one.cancelledAt()
    if (since !== null && at < since + sequence * policy.updateEveryMs)
      tell(`${subject} ${sequence} comes too early`)
  }

  return {
    owns: ({ kind, subject }) => kind === 'operator' && about.has(subject),
    written(key, { at, place }, tell) {
      const one = about.get(key.subject)
      const topic = topicOf(key.subject)
      const since = one === undefined ? null : placeOf(topic, one)
      if (since === null || place <= since) tell(`${nameOf(key)} has no reason`)
      if (!policy.operators.includes(key.recipient)) tell(`${nameOf(key)} to one who is no operator`)
      if (topic === 'reminder' && one !== undefined) checkPace(key, one, at, tell)
      written.add(`${key.subject} ${key.recipient}`)
    },
    opened(key, claimedAt, tell) {
      const one = about.get(key.subject)
      if (one === undefined) return
      const topic = topicOf(key.subject)
      const { cancelled, due } = one.outage.by
      if (topic !== 'reminder' && cancelled !== null && claimedAt > cancelled)
        tell(`about a cancelled outage: ${nameOf(key)}`)
      if (topic === 'alarm' && (one.ordered() || (due !== null && claimedAt > due)))
        tell(`asks for what is due: ${nameOf(key)}`)
    },
    calm({ place, runSince }, tell) {
      if (runSince === null || place <= runSince) return
      for (const [subject, one] of about) {
        const topic = topicOf(subject)
        const since = placeOf(topic, one)
        const { closed, cancelled } = one.outage.by
        const over = [closed, cancelled].some((end) => end !== null && place > end)
        // What a dead program saw may be told late or never when the outage is over by then.
        // The alarm asks for the order, which came already.
        if (topic === 'alarm' && one.ordered()) continue
        if (topic === 'reminder' || over || since === null || since < runSince || place <= since) continue
        for (const operator of policy.operators) {
          if (!written.has(`${subject} ${operator}`)) tell(`operators were not told: ${subject}`)
        }
      }
    },
  }
}
