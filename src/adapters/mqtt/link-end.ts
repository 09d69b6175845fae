import { SECOND } from '../../core/time.ts'

/** How one connection, or the attempt at one, came to its end. */
export type LinkEnd =
  /** No answer to speak of: no route, refused, TLS failed, name unknown, nothing within the time limit. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** The other side took the connection and closed it at our CONNECT without a CONNACK. */
  | { readonly kind: 'silent'; readonly detail: string }
  /** A CONNACK said no. */
  | { readonly kind: 'refused'; readonly cause: Refusal; readonly detail: string }
  /** It stood for `upMs` and broke. `kicked`: as it looks when another client has our client id. */
  | { readonly kind: 'lost'; readonly upMs: number; readonly kicked: boolean; readonly detail: string }

export type Refusal = 'version' | 'credentials' | 'other'

/** What was seen of the connection; codes as on the wire, null where there was none. */
export type LinkFacts = {
  /** Time since an accepting CONNACK. */
  readonly upMs: number | null
  readonly connackCode: number | null
  readonly disconnectCode: number | null
  /** The socket's own error. */
  readonly socketError: { readonly code: string | undefined; readonly message: string } | null
  /** Why this side ended it: keepalive, malformed packet, no answer. */
  readonly ownReason: string | null
}

/** The client gave up before the broker said anything at all (connection time limit). */
export const NO_CONNACK = 'no answer to CONNECT in time'

const TAKEN_OVER = 0x8e
/** MQTT 3.1.1 has no word for a takeover, and Mosquitto 2.0 uses none: a close this soon is what it looks like. */
const SOON_MS = 10 * SECOND
const PEER_CLOSED: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE'])

// MQTT 3.1.1 section 3.2.2.3 and MQTT 5 section 3.2.2.2; an old broker answers an MQTT 5 CONNECT in 3.1.1 codes.
const VERSION_CODES: ReadonlySet<number> = new Set([0x01, 0x84])
const CREDENTIAL_CODES: ReadonlySet<number> = new Set([0x04, 0x05, 0x86, 0x87, 0x8a, 0x8c])

/** Tells the ends apart. */
export function linkEnd(facts: LinkFacts): LinkEnd {
  const { connackCode, socketError, ownReason } = facts
  if (facts.upMs !== null) return lost(facts, facts.upMs)
  if (connackCode !== null && connackCode !== 0) {
    return { kind: 'refused', cause: refusal(connackCode), detail: `CONNACK ${hex(connackCode)}` }
  }
  if (ownReason === NO_CONNACK) return { kind: 'unreachable', detail: ownReason }
  if (socketError !== null && !PEER_CLOSED.has(socketError.code)) {
    return { kind: 'unreachable', detail: socketError.message }
  }
  return { kind: 'silent', detail: ownReason ?? 'closed at CONNECT without an answer' }
}

function lost(facts: LinkFacts, upMs: number): LinkEnd {
  const { disconnectCode, ownReason, socketError } = facts
  if (disconnectCode !== null) {
    const detail = `broker sent DISCONNECT ${hex(disconnectCode)}`
    return { kind: 'lost', upMs, kicked: disconnectCode === TAKEN_OVER, detail }
  }
  if (ownReason !== null) return { kind: 'lost', upMs, kicked: false, detail: ownReason }
  return {
    kind: 'lost',
    upMs,
    kicked: upMs < SOON_MS,
    detail: socketError?.message ?? 'closed by the broker',
  }
}

function refusal(code: number): Refusal {
  if (VERSION_CODES.has(code)) return 'version'
  return CREDENTIAL_CODES.has(code) ? 'credentials' : 'other'
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, '0')}`
}
