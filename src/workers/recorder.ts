import type { Fleet } from '../core/fleet/fleet.ts'
import type { Poll } from '../core/freshness/polls.ts'
import {
  blindLine,
  brokenLine,
  endLine,
  missingLine,
  observationLine,
  pollLine,
} from '../core/replay/recorded-line.ts'
import type { Observation } from '../core/telemetry/observation.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock, Log } from '../ports.ts'
import { createBlindLedger } from './blind-ledger.ts'

export type RecorderDeps = {
  readonly clock: Pick<Clock, 'now' | 'every'>
  readonly fleet: Fleet
  readonly log: Log
}

/** Where those who take something in tell of it. Null: nobody records. */
export type RecordingTap = { current: RecordingSink | null }

export type RecordingSink = {
  /** As it was taken in; `told`: a snapshot that was asked for, not of a poll. */
  observed(observation: Observation, told?: boolean): void
  /** The next poll of the source leaves out a terminal that it named before. */
  missing(source: string, terminalId: string, at: Instant): void
  polled(source: string, poll: Poll): void
  /** No good poll of the source was recorded yet: all of its values are news. */
  isNewTo(source: string): boolean
}

/** What is recorded. */
export type Recording = {
  /** The next lines; null: it is over. */
  next(): Promise<string | null>
  /** Nobody takes any more of it. */
  stop(): void
}

/** At once; each costs work with every message. */
const MOST_RECORDINGS = 2
/** So much may wait for its reader. */
const MOST_WAITING = 32 * 1024 * 1024
const PIECE = 64 * 1024
/** As often as the fleet is judged. */
const LOOK_EVERY = SECOND / 2
/**
 * After so long without a line comes an empty one, which readers of lines pass over. Proxies cut off what is silent for a
 * minute, and Node's fetch what is silent for five; a reader that hears nothing knows that the service is gone.
 */
const QUIET_LOOKS = (20 * SECOND) / LOOK_EVERY

/** Records what the service takes in, for `replay fleet`. While nobody asks for it, it costs nothing. */
export function createRecorder({ clock, fleet, log }: RecorderDeps) {
  const tap: RecordingTap = { current: null }
  const sessions = new Set<Session>()
  const unread = new Set<Session>()

  function each(tell: (session: Session) => void): void {
    for (const session of sessions) tell(session)
  }

  const sink: RecordingSink = {
    observed(observation, told = false) {
      const line = observationLine(observation, told)
      each((session) => session.add(line))
    },
    missing: (source, terminalId, at) => each((session) => session.add(missingLine(source, terminalId, at))),
    polled(source, poll) {
      each((session) => {
        session.add(pollLine(source, poll))
        session.polledSources.add(source)
      })
    },
    isNewTo: (source) => [...sessions].some((session) => !session.polledSources.has(source)),
  }

  function begin(forMs: number): Session {
    const session = createSession(fleet, clock.now(), clock.now() + forMs)
    sessions.add(session)
    tap.current = sink
    return session
  }

  /** Of so many that are over, and not of more, what waits is kept for its reader. */
  function keepUnread(session: Session): void {
    unread.add(session)
    for (const oldest of unread) {
      if (unread.size <= MOST_RECORDINGS) break
      unread.delete(oldest)
      oldest.close()
    }
  }

  /** Has its place until it is over; what it holds then waits for its reader. */
  function record(session: Session): Recording {
    const stopLooking = clock.every(LOOK_EVERY, () => {
      session.look(clock.now())
      if (!session.isOver()) return
      leave()
      keepUnread(session)
    })
    log.info('what is taken in is being recorded')
    const leave = (): void => {
      if (!sessions.delete(session)) return
      stopLooking()
      if (sessions.size === 0) tap.current = null
      log.info('the recording is over')
    }
    return {
      stop() {
        leave()
        unread.delete(session)
        session.close()
      },
      async next() {
        const piece = await session.next()
        if (piece !== null) return piece
        leave()
        unread.delete(session)
        return piece
      },
    }
  }

  return {
    tap,
    /** Begins at once; `busy`: there are as many as may be. */
    open(forMs: number): Recording | 'busy' {
      return sessions.size >= MOST_RECORDINGS ? 'busy' : record(begin(forMs))
    },
    /** The service stops: what was recorded until now is a whole recording. */
    stop: (): void => each((session) => session.end(clock.now())),
  }
}

type Session = ReturnType<typeof createSession>

function createSession(fleet: Fleet, startedAt: Instant, until: Instant) {
  const ledger = createBlindLedger([])
  const waiting: string[] = []
  let piece = ''
  let waitingCharacters = 0
  let isOver = false
  let quietLooks = 0
  let wake = (): void => {}
  // What was over before is no part of it.
  addBlind(startedAt)

  function add(line: string): void {
    if (isOver) return
    piece += line
    if (piece.length >= PIECE) flush()
    if (waitingCharacters > MOST_WAITING) finish(brokenLine('the reader takes less than is recorded'))
  }

  function flush(): void {
    if (piece === '') return
    waiting.push(piece)
    waitingCharacters += piece.length
    piece = ''
    quietLooks = 0
    wake()
  }

  function finish(line: string): void {
    if (isOver) return
    piece += line
    isOver = true
    flush()
  }

  /** A polled source is deaf while the service is; that its polls fail is told by their absence. */
  function addBlind(now: Instant): void {
    for (const { source, kind, from, to } of ledger.take(fleet.sources, now)) {
      const watch = fleet.sources[(fleet.sourceNumbers.get(source) ?? 0) - 1]
      const isOwn = kind === (watch?.polls ? 'service' : 'own')
      if (!isOwn || (to !== null && to <= startedAt)) continue
      add(blindLine(source, Math.max(from, startedAt), to))
    }
  }

  return {
    /** Sources of which a good poll was recorded. */
    polledSources: new Set<string>(),
    isOver: (): boolean => isOver,
    add,
    look(now: Instant): void {
      addBlind(now)
      if (piece === '') quietLooks += 1
      if (quietLooks >= QUIET_LOOKS) add('\n')
      flush()
      if (now >= until) finish(endLine(now))
    },
    end(now: Instant): void {
      addBlind(now)
      finish(endLine(now))
    },
    /** Nothing more is wanted, not even what waits. */
    close(): void {
      isOver = true
      piece = ''
      waiting.length = 0
      wake()
    },
    async next(): Promise<string | null> {
      while (waiting.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const next = waiting.shift() ?? null
      waitingCharacters -= next?.length ?? 0
      return next
    },
  }
}
