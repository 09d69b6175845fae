import type { Letter } from '../core/letters/letter.ts'
import { isPatient } from '../core/letters/patience.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { ClaimedLetter, Clock, Log, MailTransport, Metrics, Notices, Outbox, Stop } from '../ports.ts'
import type { Claiming } from './claim-hold.ts'
import { createClockWatch } from './clock-watch.ts'
import { createConnectionLimit } from './connection-limit.ts'
import { createLetterAttempts } from './letter-attempts.ts'
import { createLetterGauges } from './letter-gauges.ts'
import { createRelayWatch } from './relay-watch.ts'
import { createSettler } from './settler.ts'

export type CourierDeps = {
  readonly clock: Clock
  readonly outbox: Outbox
  readonly transport: MailTransport
  readonly log: Log
  readonly metrics: Metrics
  /** Hears of letters that were given up and of a relay that refuses. */
  readonly notices: Notices
}

export type CourierOptions = {
  /** Letters under way at the same time, those that hang not counted (connection-limit.ts). Default 20. */
  readonly maxConnections?: number
  /** Since when this relay has been in use: what was accepted before says nothing about it. Default: for ever. */
  readonly relaySince?: Instant
  /** Why a letter must not be sent any more (its recipient was removed), null when it may. Asked before each attempt. */
  readonly stale?: (letter: Letter) => string | null | Promise<string | null>
  /** Letters are claimed through it: others may hold claims. Default: at once. */
  readonly claiming?: Claiming
  /** Breaks off what is under way, so that a stop can tell what was not handed over from what may have been. */
  readonly cutOff?: () => void
}

export type Courier = {
  start(): void
  /**
   * Waits 4 s for what is under way and cuts off what is not done then. What has no end after another second stays
   * `sending` and is ambiguous at the next start.
   */
  stop(): Promise<void>
  /** Looks for letters at once; to be called after a commit that added some. */
  wake(): void
  /** Why letters cannot be sent at all: the outbox does not work. */
  troubles(): readonly string[]
  /** What a person should look at: a relay that fails. */
  warnings(): readonly string[]
}

const DEFAULT_CONNECTIONS = 20
const LOOK_EVERY_MS = 5 * SECOND
const STOP_WAIT_MS = 4 * SECOND
const CUT_OFF_WAIT_MS = SECOND

/** Sends the letters of the outbox, each over its own connection, and stores what became of every attempt. */
export function createCourier(deps: CourierDeps, options: CourierOptions = {}): Courier {
  const { clock, outbox, log, metrics } = deps
  const claiming: Claiming = options.claiming ?? ((take) => take())
  const connections = createConnectionLimit(clock, options.maxConnections ?? DEFAULT_CONNECTIONS)
  const settler = createSettler(deps)
  const relay = createRelayWatch(deps)
  // What we cut off ourselves says nothing about the relay.
  const judge: Pick<typeof relay, 'note'> = { note: (reading) => (cut ? undefined : relay.note(reading)) }
  const attempts = createLetterAttempts({ ...deps, connections, settler, relay: judge }, options)
  const gauges = createLetterGauges(deps)
  const clockWatch = createClockWatch(clock, LOOK_EVERY_MS)
  const underWay = new Map<string, Promise<void>>()
  const timers: Stop[] = []
  let recovered = false
  let started = false
  let stopping = false
  let cut = false
  let looking: Promise<void> | undefined
  let lookAgain = false
  let trouble: string | undefined
  let setBackMs = 0

  /** One look at a time; a wake during it makes another one follow. */
  function look(): Promise<void> {
    lookAgain = true
    looking ??= lookUntilQuiet()
    return looking
  }

  async function lookUntilQuiet(): Promise<void> {
    while (lookAgain && !stopping) {
      lookAgain = false
      try {
        await recoverOnce()
        await followClock()
        await claimAll()
        trouble = undefined
      } catch (error) {
        reportTrouble(error)
      }
      if (underWay.size === 0) await gauges.refresh()
    }
    // In the same turn as the last look at `lookAgain`: a wake in between would be lost.
    looking = undefined
  }

  /** Before the first claim only: later it would take our own attempts for those of a dead process. */
  async function recoverOnce(): Promise<void> {
    if (recovered) return
    const count = await outbox.recover(clock.now())
    recovered = true
    if (count === 0) return
    metrics.add('watch_letter_attempts_total', { result: 'ambiguous' }, count)
    log.warn('Letters were being sent when the service ended; they go out again', { count })
  }

  /** A wall clock that was set back would keep every waiting letter for as long as the step. */
  async function followClock(): Promise<void> {
    for (const event of clockWatch.look()) {
      if (event.kind === 'step') setBackMs = Math.max(0, setBackMs - event.deltaMs)
    }
    if (setBackMs === 0) return
    await outbox.hasten(clock.now(), setBackMs)
    setBackMs = 0
  }

  /**
   * Letters that were never tried go first, and those about terminals after all others. An attempt that ends looks
   * again, so one round is enough.
   */
  async function claimAll(): Promise<void> {
    await claimSome(connections.room().any, 'urgent', 'pending')
    await claimSome(connections.room().again, 'urgent')
    await claimSome(connections.room().patient, 'patient', 'pending')
    await claimSome(connections.room().patientAgain, 'patient')
  }

  async function claimSome(room: number, which: 'urgent' | 'patient', only?: 'pending'): Promise<void> {
    if (room === 0 || stopping) return
    // Claims may be held for longer than the stop waits: nothing may be claimed and begun by one who is gone.
    const take = async (): Promise<readonly ClaimedLetter[]> =>
      stopping ? [] : outbox.claim(clock.now(), room, only, which)
    const claimed = await claiming(take)
    if (!cut) for (const letter of claimed) begin(letter)
  }

  function begin(claimed: ClaimedLetter): void {
    const { id, attempts: earlier } = claimed.letter
    connections.begin(id, { again: earlier.length > 0, patient: isPatient(claimed.letter) })
    const done = attempts.make(claimed).finally(() => {
      connections.end(id)
      underWay.delete(id)
      if (!stopping) void look()
    })
    underWay.set(id, done)
  }

  async function allDone(): Promise<void> {
    await looking
    await Promise.all(underWay.values())
  }

  function reportTrouble(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    if (trouble === undefined) log.error('The outbox cannot be read; letters wait', { error: text })
    trouble = text
  }

  return {
    start() {
      started = true
      void look()
      timers.push(clock.every(LOOK_EVERY_MS, look), clock.every(LOOK_EVERY_MS, gauges.refresh))
    },
    async stop() {
      stopping = true
      for (const stop of timers.splice(0)) stop()
      const done = allDone()
      await Promise.race([done, pause(clock, STOP_WAIT_MS)])
      cut = true
      options.cutOff?.()
      await Promise.race([done, pause(clock, CUT_OFF_WAIT_MS)])
      settler.stop()
    },
    wake() {
      // Before its start another courier may still be sending, and a look would take its letters for cut off.
      if (started && !stopping) void look()
    },
    troubles: () => [...(trouble === undefined ? [] : [`letters: ${trouble}`]), ...settler.troubles()],
    warnings: relay.warnings,
  }
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}
