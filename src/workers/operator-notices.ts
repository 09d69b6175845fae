import type { NewLetter } from '../core/letters/letter.ts'
import { type Notice, noticeIdentity } from '../core/letters/notice.ts'
import { dayOf, type OperatorLetter } from '../core/letters/operator-letter.ts'
import { type Instant, MINUTE } from '../core/time.ts'
import type { Clock, Log, Metrics, Notices, Outbox, Stop } from '../ports.ts'

export type OperatorNoticesDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly outbox: Pick<Outbox, 'add'>
  /** Writes a letter to every operator; none when there are no operators. */
  readonly write: (letter: OperatorLetter, at: Instant) => Promise<readonly NewLetter[]>
  /** Called when letters were stored, so that they leave at once. */
  readonly stored: () => void
}

export type OperatorNotices = Notices & {
  start(): void
  /** Stores what waits, if that is possible at once. */
  stop(): Promise<void>
}

/** As many notices wait at most; what is more is in the log. */
const MAX_WAITING = 1000
/** What the log says of a notice; null: who raises it has said so. */
const LOGGED: Readonly<
  Record<Notice['topic'], { readonly level: 'warn' | 'error'; readonly text: string } | null>
> = {
  'component-unusable': { level: 'warn', text: 'a component cannot be watched' },
  'account-unusable': null,
  'control-silent': { level: 'warn', text: 'a control host is silent while another answers' },
  'relay-refuses': null,
  'letter-dead': null,
  'request-overdue': { level: 'warn', text: 'a request to support is overdue' },
  'audit-failed': null,
}

/**
 * Tells operators: a line in the log and a letter, once per thing, cause and day of the zone, so that whoever finds that it
 * lasts raises it again and again. What comes in the minute after a letter of the same topic goes into one letter together:
 * a thousand dead letters are no thousand notices.
 */
export function createOperatorNotices(
  deps: OperatorNoticesDeps,
  options: { readonly timezone: () => string },
): OperatorNotices {
  const { clock, log, metrics } = deps
  let day = ''
  const raised = new Set<string>()
  let waiting: Notice[] = []
  const toldThisMinute = new Set<Notice['topic']>()
  let stopTimer: Stop = () => {}
  let storing: Promise<void> = Promise.resolve()
  let failing = false

  /** False: it was raised today already. */
  function note(notice: Notice): boolean {
    const today = dayOf(clock.now(), options.timezone())
    if (today !== day) raised.clear()
    day = today
    const identity = noticeIdentity(notice)
    if (raised.has(identity)) return false
    raised.add(identity)
    return true
  }

  async function store(): Promise<void> {
    const batch = waiting
    waiting = []
    try {
      const at = clock.now()
      const letters: NewLetter[] = []
      for (const [topic, notices] of Map.groupBy(batch, (notice) => notice.topic)) {
        const [first, ...more] = notices
        if (first === undefined) continue
        letters.push(...(await deps.write({ kind: 'notice', notices: [first, ...more] }, at)))
        toldThisMinute.add(topic)
      }
      if (letters.length > 0) {
        await deps.outbox.add(letters)
        deps.stored()
      }
      if (failing) log.info('notices to operators can be stored again')
      failing = false
    } catch (error) {
      waiting = [...batch, ...waiting].slice(0, MAX_WAITING)
      if (!failing) log.error('notices to operators cannot be stored; they wait', { error: String(error) })
      failing = true
    }
  }

  /** One at a time, so that a letter is not written twice. */
  function flush(): Promise<void> {
    storing = storing.then(() => (waiting.length > 0 ? store() : undefined))
    return storing
  }

  return {
    raise(notice) {
      if (!note(notice)) return
      const { topic, key, reason } = notice
      const logged = LOGGED[topic]
      if (logged) log[logged.level](logged.text, { key, reason })
      metrics.add('watch_notices_total', { topic })
      // A dead letter about dead letters would go round in circles.
      if (topic === 'letter-dead' && key.startsWith('notice-')) return
      if (waiting.length < MAX_WAITING) waiting.push(notice)
      if (!toldThisMinute.has(topic) && !failing) void flush()
    },
    start() {
      stopTimer = clock.every(MINUTE, () => {
        toldThisMinute.clear()
        return flush()
      })
    },
    async stop() {
      stopTimer()
      await flush()
    },
  }
}
