import { type Instant, MINUTE } from '../time.ts'
import type { ActionRefusal, Handling, OutageAction, Signature } from './handling.ts'
import type { Outage } from './outage.ts'

export type Acted =
  /** `news`: the recipients are to be told. An action that changes nothing gives back the same outage. */
  | { readonly kind: 'done'; readonly outage: Outage; readonly news: boolean }
  | { readonly kind: 'refused'; readonly reason: ActionRefusal }

/** The outage after the action of somebody, or why it is not possible. Nothing can be done about one that is over. */
export function act(outage: Outage, action: OutageAction, signature: Signature): Acted {
  if (outage.end !== null || outage.state === 'closed') return refused('closed')
  if (outage.state === 'cancelled') return refused('cancelled')
  switch (action.kind) {
    case 'expected-resolution':
      return expect(outage, action, signature)
    case 'message':
      return say(outage, action.text, signature)
    case 'confirm':
      return outage.handling.confirmed === null
        ? done(outage, { confirmed: signature }, false)
        : refused('already-confirmed')
    case 'cancel': {
      const cancelled = { ...signature, reason: action.reason }
      return done({ ...outage, state: 'cancelled' }, { cancelled }, false)
    }
    case 'send-letter':
      if (letterDueAt(outage) !== null && outage.bulletins.at !== null) return refused('already-written')
      return done(outage, { ordered: signature }, false)
  }
}

/** Since when the letter to the recipients is due, by the clock or because an operator ordered it; null: it is not. */
export function letterDueAt({ letterDueAt, handling }: Outage): Instant | null {
  return letterDueAt ?? handling.ordered?.at ?? null
}

/** A form that is sent twice is one message. */
const SAME_MESSAGE_MS = MINUTE

function say(outage: Outage, text: string, signature: Signature): Acted {
  const { message } = outage.handling
  const isSame = message?.text === text && Math.abs(signature.at - message.at) < SAME_MESSAGE_MS
  if (isSame) return { kind: 'done', outage, news: false }
  return done(outage, { message: { ...signature, text } }, true)
}

function expect(
  outage: Outage,
  { resolution, note }: Extract<OutageAction, { kind: 'expected-resolution' }>,
  signature: Signature,
): Acted {
  if (resolution !== null && resolution <= signature.at) return refused('past')
  const { expected } = outage.handling
  if ((expected?.resolution ?? null) === resolution && (expected?.note ?? '') === note) {
    return { kind: 'done', outage, news: false }
  }
  return done(outage, { expected: { ...signature, resolution, note } }, true)
}

function done(outage: Outage, change: Partial<Handling>, news: boolean): Acted {
  return { kind: 'done', outage: { ...outage, handling: { ...outage.handling, ...change } }, news }
}

function refused(reason: ActionRefusal): Acted {
  return { kind: 'refused', reason }
}
