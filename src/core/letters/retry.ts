import { DAY, type Instant, MINUTE } from '../time.ts'
import type { Delivery, Settlement } from './delivery.ts'
import type { Attempt, Letter } from './letter.ts'
import { AMBIGUOUS_PAUSE_MS } from './pauses.ts'

/**
 * What an attempt says about the relay. `refusal`: the code (5xx) with which it refuses for good, so that a person has to
 * act; null: it may pass.
 */
export type RelayReading =
  | { readonly kind: 'working' }
  | { readonly kind: 'failing'; readonly refusal: number | null; readonly reason: string }
  /** The attempt says nothing about it: the recipient was refused, not the relay's service. */
  | { readonly kind: 'unjudged' }

export type DeliveryContext = {
  readonly letter: Letter
  readonly startedAt: Instant
  readonly now: Instant
  /** When this relay last accepted a letter to somebody else. */
  readonly othersAcceptedAt: Instant | null
}

/** Waiting times after the first, second, ... failed attempt; the last one repeats. */
const RETRY_DELAYS_MS = [1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE)
const GIVE_UP_MS = 5 * DAY
/** Result of the attempt that stands for an operator's requeue (ports.ts, Outbox). */
const REQUEUED = 'requeued'
/** A bare refusal of a recipient is believed if the relay took a letter for somebody else within this time. */
const RELAY_PROVEN_MS = DAY

/** Reads the end of an attempt: what becomes of the letter and what it says about the relay (spec/letters.md, Outbox). */
export function readDelivery(
  delivery: Delivery,
  context: DeliveryContext,
): { readonly settlement: Settlement; readonly relay: RelayReading } {
  switch (delivery.kind) {
    case 'accepted': {
      const end = { state: 'sent', nextAt: null, sentAt: context.now, bodyHandedOver: true } as const
      return { settlement: settle(end, delivery.reply, context), relay: { kind: 'working' } }
    }
    case 'filed': {
      const end = { state: 'filed', nextAt: null, sentAt: null, bodyHandedOver: false } as const
      return { settlement: settle(end, delivery.path, context), relay: { kind: 'unjudged' } }
    }
    case 'broken':
      return {
        settlement: again(
          delivery.bodyHandedOver ? 'ambiguous' : 'retry',
          delivery,
          delivery.reason,
          context,
        ),
        relay: { kind: 'failing', refusal: null, reason: delivery.reason },
      }
    case 'refused':
      return readRefusal(delivery, context)
  }
}

/** A letter that is overtaken by events ends here; `reason` says by which. */
export function supersede(letter: Letter, reason: string, now: Instant): Settlement {
  const end = { state: 'superseded', nextAt: null, sentAt: null, bodyHandedOver: false } as const
  return settle(end, reason, { letter, startedAt: now, now, othersAcceptedAt: null })
}

type Refused = Extract<Delivery, { kind: 'refused' }>

function readRefusal(delivery: Refused, context: DeliveryContext): ReturnType<typeof readDelivery> {
  if (isDeadAddress(delivery, context)) {
    const end = { state: 'dead', nextAt: null, sentAt: null, bodyHandedOver: false } as const
    return { settlement: settle(end, delivery.reply, context), relay: { kind: 'unjudged' } }
  }
  const seen = { bodyHandedOver: delivery.stage === 'body' }
  const settlement = again('retry', seen, delivery.reply, context)
  // Greylisting and full mailboxes are the recipient's side; the relay does its work.
  if (delivery.stage === 'rcpt' && delivery.code < 500) return { settlement, relay: { kind: 'unjudged' } }
  const refusal = delivery.code >= 500 ? delivery.code : null
  return { settlement, relay: { kind: 'failing', refusal, reason: delivery.reply } }
}

/** RFC 3463 3.2: the sender's address is wrong. Relays that check it at RCPT only would otherwise kill every letter. */
const BAD_SENDER = ['5.1.7', '5.1.8']

/**
 * Only a refused RCPT can condemn an address: with an enhanced code of the classes "address" (5.1.x) or "mailbox"
 * (5.2.x), or bare from a relay that is known to work. 554 says "no service" or "policy": that is the relay's.
 */
function isDeadAddress(delivery: Refused, context: DeliveryContext): boolean {
  if (delivery.stage !== 'rcpt' || delivery.code < 500) return false
  if (delivery.enhanced !== undefined) {
    return /^5\.[12]\.\d+$/.test(delivery.enhanced) && !BAD_SENDER.includes(delivery.enhanced)
  }
  const { othersAcceptedAt, now } = context
  return delivery.code !== 554 && othersAcceptedAt !== null && now - othersAcceptedAt <= RELAY_PROVEN_MS
}

function again(
  state: 'retry' | 'ambiguous',
  seen: { readonly bodyHandedOver: boolean },
  reply: string,
  context: DeliveryContext,
): Settlement {
  const { now } = context
  const { since, attempts } = currentTrial(context.letter)
  const giveUpAt = since + GIVE_UP_MS
  if (now >= giveUpAt) return settle({ state: 'dead', nextAt: null, sentAt: null, ...seen }, reply, context)
  const step = Math.min(attempts.length, RETRY_DELAYS_MS.length - 1)
  const pause = state === 'ambiguous' ? AMBIGUOUS_PAUSE_MS : (RETRY_DELAYS_MS[step] ?? AMBIGUOUS_PAUSE_MS)
  const nextAt = Math.min(now + pause, giveUpAt)
  return settle({ state, nextAt, sentAt: null, ...seen }, reply, context)
}

/** A letter that an operator put back into the queue starts over: its waiting times and its 5 days. */
function currentTrial({ dueAt, attempts }: Letter): {
  readonly since: Instant
  readonly attempts: readonly Attempt[]
} {
  const last = attempts.findLastIndex(({ result }) => result === REQUEUED)
  return { since: attempts[last]?.at ?? dueAt, attempts: attempts.slice(last + 1) }
}

function settle(end: Omit<Settlement, 'attempt'>, reply: string, context: DeliveryContext): Settlement {
  return {
    ...end,
    bodyHandedOver: end.bodyHandedOver || context.letter.bodyHandedOver,
    attempt: { at: context.startedAt, result: end.state, reply },
  }
}
