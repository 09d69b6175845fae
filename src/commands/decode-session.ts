import { createEgtsSession } from '../core/telemetry/egts-session.ts'
import { parseHex, toHex } from '../core/telemetry/hex.ts'
import type { Observation } from '../core/telemetry/observation.ts'
import type { Session, SessionStep } from '../core/telemetry/session.ts'
import { createWialonIpsSession } from '../core/telemetry/wialon-ips-session.ts'
import type { Instant } from '../core/time.ts'

export type SessionFormat = 'wialon-ips' | 'egts'

/** What a connection made of one line. */
type SessionLine =
  | {
      readonly observations: readonly Observation[]
      /** As the peer would get them: text without the line's end (Wialon IPS), hex (EGTS). */
      readonly replies: readonly string[]
      /** What was not understood, and why the connection was closed, if it was. */
      readonly rejected: readonly string[]
    }
  | { readonly error: string }

/**
 * Reads lines as the bytes of one connection: a line of Wialon IPS, or bytes of EGTS in hex (several packets, or a
 * part of one). What the peer has said of itself holds for the lines after it, until something closes the connection;
 * the next line then begins a new one. Without `receivedAt` the observations have 1970 there: the caller must put
 * another time in its place.
 */
export function createSessionLines(
  format: SessionFormat,
  source: string,
): (text: string, receivedAt: Instant | undefined) => SessionLine {
  const { open, read, show } = FORMATS[format]
  let session = open({ source })
  return (text, receivedAt) => {
    const bytes = read(text)
    if (bytes === undefined) return { error: 'not hexadecimal digits' }
    const steps = session.receive(bytes, receivedAt ?? 0)
    if (steps.at(-1)?.kind === 'close') session = open({ source })
    return summary(steps, show)
  }
}

type Format = {
  readonly open: (options: { readonly source: string }) => Session
  readonly read: (text: string) => Uint8Array | undefined
  readonly show: (reply: Uint8Array) => string
}

const ENCODER = new TextEncoder()
const DECODER = new TextDecoder()

const FORMATS: Readonly<Record<SessionFormat, Format>> = {
  'wialon-ips': {
    open: createWialonIpsSession,
    read: (text) => ENCODER.encode(`${text}\r\n`),
    show: (reply) => DECODER.decode(reply).trimEnd(),
  },
  egts: { open: createEgtsSession, read: parseHex, show: toHex },
}

function summary(steps: readonly SessionStep[], show: Format['show']): SessionLine {
  const observations: Observation[] = []
  const replies: string[] = []
  const rejected: string[] = []
  for (const step of steps) {
    if (step.kind === 'observed') observations.push(step.observation)
    else if (step.kind === 'reply') replies.push(show(step.bytes))
    else if (step.kind === 'rejected') rejected.push(`${step.reason}: ${step.detail}`)
    else if (step.kind === 'close') rejected.push(`closed, ${step.end}: ${step.detail}`)
  }
  const [only] = rejected
  return only !== undefined && rejected.length === 1 && observations.length + replies.length === 0
    ? { error: only }
    : { observations, replies, rejected }
}
