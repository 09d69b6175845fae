import type { OutageEvent } from '../core/outage/clock.ts'
import { toIso } from '../core/time.ts'
import type { Log } from '../ports.ts'

const ANNOUNCEMENTS: Readonly<Record<OutageEvent['kind'], { level: 'info' | 'warn'; text: string }>> = {
  opened: { level: 'warn', text: 'an outage opened' },
  warned: { level: 'warn', text: 'an outage has lasted long enough to warn the operators' },
  'letter-due': { level: 'warn', text: 'a letter is due' },
  'operator-alarm': {
    level: 'warn',
    text: 'an outage may be long enough for a letter, but part of it was not observed',
  },
  intermittent: { level: 'warn', text: 'an outage is intermittent' },
  closed: { level: 'info', text: 'an outage closed' },
}

/** Writes what a row decided into the log. */
export function tellEvents(log: Log, events: readonly OutageEvent[]): void {
  for (const { kind, outage } of events) {
    const { level, text } = ANNOUNCEMENTS[kind]
    log[level](text, {
      outage: outage.id,
      start: toIso(outage.start),
      ...(outage.end === null ? {} : { end: toIso(outage.end) }),
      downMs: outage.downMs,
      possibleMs: outage.possibleMs,
      failed: outage.failed,
    })
  }
}
