import { loseLink, notePoll } from '../core/freshness/polled-watch.ts'
import { beginBlind, beginDraining, endCause, type SourceWatch } from '../core/freshness/source-watch.ts'
import type { Clock, Log, PollEvents, SourceEvents, TerminalEvents } from '../ports.ts'
import type { Ingest } from './ingest.ts'
import type { RecordingTap } from './recorder.ts'

export type SourceInputsDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  /** Who records what is taken in. */
  readonly recording?: RecordingTap
}

/** Where the inputs of sources report to what they hear, and when they do not. */
export function createSourceInputs({ clock, log, recording }: SourceInputsDeps) {
  /** Why the newest poll of a source was not good. */
  const pollFaults = new Map<string, string>()

  /** Where an adapter with a link of its own reports to; the source is blind until it is connected. */
  function events(watch: SourceWatch, ingest: Pick<Ingest, 'received' | 'room'>): SourceEvents {
    beginBlind(watch, 'link', clock.now())
    return {
      received: ingest.received,
      room: () => ingest.room(watch.id),
      connected(at, resumed) {
        if (watch.causes.has('link')) log.info('source is heard', { source: watch.id, resumed })
        endCause(watch, 'link', at)
        if (resumed) beginDraining(watch, at)
      },
      disconnected(since, reason) {
        if (!watch.causes.has('link')) log.warn('source is not heard', { source: watch.id, reason })
        beginBlind(watch, 'link', Math.min(since, clock.now()))
      },
      dropped: (since) => beginBlind(watch, 'dropped', Math.min(since, clock.now())),
      dropsEnded: (at) => endCause(watch, 'dropped', at),
    }
  }

  /** Where a listener for terminals reports to; the source is blind until it takes connections. */
  function terminalEvents(
    watch: SourceWatch,
    ingest: Pick<Ingest, 'observed' | 'counted' | 'reject'>,
    stored: () => Promise<boolean>,
  ): TerminalEvents {
    const { connected, disconnected } = events(watch, { received: () => {}, room: () => null })
    return {
      connected,
      disconnected,
      observed: ingest.observed,
      counted: ingest.counted,
      rejected: (reason, detail) => ingest.reject(watch.id, reason, detail),
      stored,
    }
  }

  /** Where a poller reports to; the source is blind until its first good poll. */
  function pollEvents(watch: SourceWatch): PollEvents {
    loseLink(watch, clock.now())
    return {
      good(poll) {
        if (watch.causes.has('link')) log.info('source is heard', { source: watch.id })
        notePoll(watch, poll)
        recording?.current?.polled(watch.id, poll)
        pollFaults.delete(watch.id)
      },
      failed(reason) {
        pollFaults.set(watch.id, reason)
      },
    }
  }

  /** A source without a link of its own is heard as long as this program runs. */
  function heard(watch: SourceWatch): void {
    endCause(watch, 'link', clock.now())
  }

  /** The input of the source was closed: nothing is heard of it from now on. */
  function closed(watch: SourceWatch): void {
    const now = clock.now()
    loseLink(watch, now)
    // Who began these is gone and cannot end them.
    for (const cause of ['lag', 'dropped'] as const) endCause(watch, cause, now)
  }

  return {
    events,
    terminalEvents,
    pollEvents,
    heard,
    closed,
    /** Why nothing is known of a polled source. */
    pollFault: ({ id }: SourceWatch): string => pollFaults.get(id) ?? 'no answer yet',
  }
}
