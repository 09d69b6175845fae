import type { Settlement } from '../letters/delivery.ts'
import type { Letter, LetterKind } from '../letters/letter.ts'
import { SECOND } from '../time.ts'
import { nanosOf } from './nanos.ts'
import type { HistoryPoint } from './point.ts'

/** Those whose subject is the id of an outage. */
const ABOUT_OUTAGES: readonly LetterKind[] = ['initial', 'update', 'recovery', 'combined', 'correction']

/** The end of an attempt to send a letter. The address stays in the outbox: ids have a hash of it only. */
export function letterPoint(letter: Letter, { state, attempt }: Settlement): HistoryPoint {
  return {
    measurement: 'letter',
    tags: { kind: letter.kind, state },
    fields: {
      letter: letter.id,
      ...(ABOUT_OUTAGES.includes(letter.kind) ? { outage: letter.subject } : {}),
      late_seconds: Math.max(0, attempt.at - letter.dueAt) / SECOND,
      attempts: letter.attempts.length + 1,
    },
    at: attempt.at,
    nanos: nanosOf(letter.id),
  }
}
