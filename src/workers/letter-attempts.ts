import type { Letter } from '../core/letters/letter.ts'
import { addressKey } from '../core/letters/mailbox.ts'
import { isPatient } from '../core/letters/patience.ts'
import { readDelivery, supersede } from '../core/letters/retry.ts'
import type { Instant } from '../core/time.ts'
import type {
  ClaimedLetter,
  Clock,
  Delivery,
  Fields,
  Log,
  MailTransport,
  Metrics,
  Notices,
  Outbox,
  Settlement,
} from '../ports.ts'
import type { ConnectionLimit } from './connection-limit.ts'
import type { RelayWatch } from './relay-watch.ts'
import type { Settler } from './settler.ts'

export type LetterAttemptDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly outbox: Pick<Outbox, 'lastAcceptedAt'>
  readonly transport: MailTransport
  readonly log: Log
  readonly metrics: Metrics
  readonly notices: Notices
  readonly connections: Pick<ConnectionLimit, 'heard'>
  readonly settler: Pick<Settler, 'settle'>
  readonly relay: Pick<RelayWatch, 'note'>
}

export type LetterAttemptOptions = {
  readonly stale?: (letter: Letter) => string | null | Promise<string | null>
  readonly relaySince?: Instant
}

export type LetterAttempts = {
  /** Delivers a claimed letter once; resolves when the end is stored, or when the settler was stopped. */
  make(claimed: ClaimedLetter): Promise<void>
}

/** One attempt from the claimed row to the stored end: checked for being stale, handed over, read, settled. */
export function createLetterAttempts(deps: LetterAttemptDeps, options: LetterAttemptOptions): LetterAttempts {
  const { clock, outbox, transport, log, metrics, notices, connections, settler, relay } = deps

  async function make(claimed: ClaimedLetter): Promise<void> {
    const { letter } = claimed
    const startedAt = clock.now()
    const reason = await staleReason(letter)
    if (reason !== null) return settle(letter, supersede(letter, reason, startedAt))
    const delivery = await deliver(claimed)
    connections.heard(letter.id, delivery)
    const othersAcceptedAt = await lastAcceptedByOthers(delivery, letter)
    const reading = readDelivery(delivery, { letter, startedAt, now: clock.now(), othersAcceptedAt })
    relay.note(reading.relay)
    await settle(letter, reading.settlement)
  }

  /** A world that cannot be asked stops no letter: late news is better than none. */
  async function staleReason(letter: Letter): Promise<string | null> {
    try {
      return (await options.stale?.(letter)) ?? null
    } catch (error) {
      log.warn('Whether a letter still holds cannot be asked; it goes', {
        letter: letter.id,
        error: String(error),
      })
      return null
    }
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

  /**
   * Only a refused recipient's fate hangs on it. What another relay accepted proves nothing for this one. Unknown is
   * null: the letter is tried again, never given up wrongly.
   */
  async function lastAcceptedByOthers(delivery: Delivery, letter: Letter): Promise<Instant | null> {
    if (delivery.kind !== 'refused' || delivery.stage !== 'rcpt') return null
    try {
      const at = await outbox.lastAcceptedAt(letter.recipient)
      return at !== null && at >= (options.relaySince ?? at) ? at : null
    } catch {
      return null
    }
  }

  async function settle(letter: Letter, settlement: Settlement): Promise<void> {
    if (await settler.settle(letter.id, settlement)) report(letter, settlement)
  }

  function report(letter: Letter, { state, nextAt, attempt: { reply } }: Settlement): void {
    metrics.add('watch_letter_attempts_total', { result: state })
    const fields = { letter: letter.id, recipient: letter.recipient, kind: letter.kind, reply, nextAt }
    if (state === 'dead') reportDead(letter, fields)
    else if (state === 'ambiguous')
      log.warn('A letter may have been delivered; the same bytes go out again', fields)
    else if (state === 'retry') log.info('A letter was not accepted; it will be tried again', fields)
    else log.debug('A letter is done', { ...fields, state })
  }

  function reportDead(letter: Letter, fields: Fields & { readonly reply: string }): void {
    log.error('A letter cannot be delivered; correct the address or the relay', fields)
    notices.raise({
      topic: 'letter-dead',
      key: deadKey(letter),
      reason: `${letter.recipient}: ${fields.reply}`,
    })
  }

  return { make }
}

/**
 * A letter to an operator that cannot be delivered must not become another one to him, and so on for ever. Letters about
 * terminals come many times a day: each of their readers is told of once.
 */
function deadKey(letter: Letter): string {
  if (letter.kind !== 'operator') return letter.id
  return `${isPatient(letter) ? 'reader' : 'operator'} ${addressKey(letter.recipient)}`
}
