import type { Letter } from '../core/letters/letter.ts'
import { readDelivery, supersede } from '../core/letters/retry.ts'
import { SECOND } from '../core/time.ts'
import type {
  ClaimedLetter,
  Clock,
  Delivery,
  Log,
  MailTransport,
  Metrics,
  Outbox,
  Settlement,
  Stop,
} from '../ports.ts'
import { createLetterGauges } from './letter-gauges.ts'
import { createRelayWatch } from './relay-watch.ts'
import { createSettler } from './settler.ts'

export type CourierDeps = {
  readonly clock: Clock
  readonly outbox: Outbox
  readonly transport: MailTransport
  readonly log: Log
  readonly metrics: Metrics
}

export type CourierOptions = {
  /** Letters under way at the same time. Default 5. */
  readonly maxConnections?: number
  /** Why a letter must not be sent any more (its recipient was removed), null when it may. Asked before each attempt. */
  readonly stale?: (letter: Letter) => string | null
}

export type Courier = {
  start(): void
  /** Waits up to 5 s for what is under way; what is not done then stays `sending` and is ambiguous at the next start. */
  stop(): Promise<void>
  /** Looks for letters at once; to be called after a commit that added some. */
  wake(): void
  /** Why letters cannot be sent at all: the outbox does not work. */
  troubles(): readonly string[]
  /** What a person should look at: a relay that fails. */
  warnings(): readonly string[]
}

const DEFAULT_CONNECTIONS = 5
const LOOK_EVERY_MS = 5 * SECOND
const STOP_WAIT_MS = 5 * SECOND

/** Sends the letters of the outbox, each over its own connection, and stores what became of every attempt. */
export function createCourier(deps: CourierDeps, options: CourierOptions = {}): Courier {
  const { clock, outbox, transport, log, metrics } = deps
  const maxConnections = options.maxConnections ?? DEFAULT_CONNECTIONS
  const settler = createSettler(deps)
  const relay = createRelayWatch(deps)
  const gauges = createLetterGauges(deps)
  const underWay = new Map<string, Promise<void>>()
  const timers: Stop[] = []
  let recovered = false
  let stopping = false
  let looking: Promise<void> | undefined
  let lookAgain = false
  let trouble: string | undefined

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
    if (count > 0) log.warn('Letters were being sent when the service ended; they go out again', { count })
  }

  async function claimAll(): Promise<void> {
    for (;;) {
      const free = maxConnections - underWay.size
      if (free <= 0 || stopping) return
      const claimed = await outbox.claim(clock.now(), free)
      for (const letter of claimed) begin(letter)
      if (claimed.length < free) return
    }
  }

  function begin(claimed: ClaimedLetter): void {
    const { id } = claimed.letter
    const done = attempt(claimed).finally(() => {
      underWay.delete(id)
      if (!stopping) void look()
    })
    underWay.set(id, done)
  }

  async function attempt(claimed: ClaimedLetter): Promise<void> {
    const { letter } = claimed
    const startedAt = clock.now()
    const reason = options.stale?.(letter) ?? null
    if (reason !== null) return settle(letter, supersede(letter, reason, startedAt))
    const delivery = await deliver(claimed)
    const othersAcceptedAt = await lastAcceptedByOthers(delivery, letter)
    const reading = readDelivery(delivery, { letter, startedAt, now: clock.now(), othersAcceptedAt })
    relay.note(reading.relay)
    await settle(letter, reading.settlement)
  }

  async function deliver({ letter, envelopeFrom, mime }: ClaimedLetter): Promise<Delivery> {
    try {
      return await transport.deliver({ from: envelopeFrom, to: letter.recipient, mime, id: letter.id })
    } catch (error) {
      // A transport does not throw. If it does, nobody knows how far it came: the careful reading is "perhaps sent".
      log.error('The mail transport failed unexpectedly', { letter: letter.id, error: String(error) })
      return { kind: 'broken', bodyHandedOver: true, reason: String(error) }
    }
  }

  /** Only a refused recipient's fate hangs on it. Unknown is null: the letter is tried again, never given up wrongly. */
  async function lastAcceptedByOthers(delivery: Delivery, letter: Letter): Promise<number | null> {
    if (delivery.kind !== 'refused' || delivery.stage !== 'rcpt') return null
    try {
      return await outbox.lastAcceptedAt(letter.recipient)
    } catch {
      return null
    }
  }

  async function settle(letter: Letter, settlement: Settlement): Promise<void> {
    if (await settler.settle(letter.id, settlement)) report(letter, settlement)
  }

  async function allDone(): Promise<void> {
    await looking
    await Promise.all(underWay.values())
  }

  function report(letter: Letter, { state, nextAt, attempt: { reply } }: Settlement): void {
    metrics.add('watch_letter_attempts_total', { result: state })
    const fields = { letter: letter.id, recipient: letter.recipient, kind: letter.kind, reply, nextAt }
    if (state === 'dead') log.error('A letter cannot be delivered; correct the address or the relay', fields)
    else if (state === 'ambiguous')
      log.warn('A letter may have been delivered; the same bytes go out again', fields)
    else if (state === 'retry') log.info('A letter was not accepted; it will be tried again', fields)
    else log.debug('A letter is done', { ...fields, state })
  }

  function reportTrouble(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    if (trouble === undefined) log.error('The outbox cannot be read; letters wait', { error: text })
    trouble = text
  }

  return {
    start() {
      void look()
      timers.push(clock.every(LOOK_EVERY_MS, look), clock.every(LOOK_EVERY_MS, gauges.refresh))
    },
    async stop() {
      stopping = true
      for (const stop of timers.splice(0)) stop()
      const limit = pause(clock, STOP_WAIT_MS)
      await Promise.race([allDone(), limit])
      settler.stop()
    },
    wake() {
      if (!stopping) void look()
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
