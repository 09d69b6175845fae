import type { JournalEntry } from '../oracle/journal.ts'

/** Everything that a good number of random traces must have had, lest they prove nothing. */
export const HAPPENINGS = [
  ...[
    'initial',
    'update',
    'recovery',
    'combined',
    'correction',
    'warning',
    'alarm',
    'reminder',
    'intermittent',
  ],
  ...['expected-resolution', 'message', 'confirm', 'cancel', 'send-letter'],
  ...['accepted', 'not-handed-over', 'lost', 'refused-for-good'],
  ...['sent', 'retry', 'ambiguous', 'dead', 'superseded'],
  ...['unavailable', 'answers-again', 'not-observable', 'killed'],
]

/** What this entry adds to them. */
export function happenings(entry: JournalEntry): readonly string[] {
  switch (entry.kind) {
    case 'commit':
      return [
        ...entry.written.map(({ kind, subject }) =>
          kind === 'operator' ? (subject.split('-')[0] ?? '') : kind,
        ),
        ...(entry.deed === null ? [] : [entry.deed.action]),
      ]
    case 'offered':
      return [entry.outcome]
    case 'settled':
      return [entry.state]
    case 'said':
      return [entry.proven.kind]
    case 'killed':
      return [entry.kind]
    default:
      return []
  }
}
