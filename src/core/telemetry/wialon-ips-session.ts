import type { Instant } from '../time.ts'
import type { Session, SessionStep } from './session.ts'
import { type WialonContext, wialonObservation, wialonPresence } from './wialon-ips.ts'
import { createWialonLines } from './wialon-ips-lines.ts'
import { readWialonPacket, type WialonPacket, type WialonVersion } from './wialon-ips-packet.ts'

/** Who logged in on this connection, and in which version of the protocol. */
type Login = { readonly terminalId: string; readonly version: WialonVersion }

/**
 * One connection that speaks Wialon IPS 1.x or 2.x. Data is acknowledged (`#AD#1`, `#ASD#1`, `#AB#n`) only when it has
 * been stored, since the terminal then forgets it; what cannot be read is answered with the protocol's code and
 * rejected. Who has logged in may do so again, nobody else.
 */
export function createWialonIpsSession({ source }: { readonly source: string }): Session {
  const lines = createWialonLines()
  let login: Login | undefined
  let isClosed = false

  function stepsOf(packet: WialonPacket, receivedAt: Instant): readonly SessionStep[] {
    if (packet.kind === 'login') {
      // One device per connection: else one connection could invent any number of them.
      if (login !== undefined && login.terminalId !== packet.terminalId) return otherDevice(login, packet)
      login = packet
    }
    if (packet.kind === 'file') lines.skip(packet.followingBytes)
    return login === undefined
      ? beforeLogin(packet)
      : afterLogin(packet, { terminalId: login.terminalId, source, receivedAt })
  }

  return {
    receive(bytes, receivedAt) {
      if (isClosed) return []
      const steps: SessionStep[] = []
      lines.append(bytes)
      for (let line = lines.next(); line !== undefined && !isClosed; line = lines.next()) {
        const packet = line.kind === 'line' ? readWialonPacket(line.bytes, login?.version) : line
        for (const step of stepsOf(packet, receivedAt)) steps.push(step)
        isClosed = steps.at(-1)?.kind === 'close'
      }
      return steps
    },
  }
}

function otherDevice(before: Login, packet: Login): readonly SessionStep[] {
  const detail = `${before.terminalId} logged in as ${packet.terminalId} afterwards`
  return [{ kind: 'close', end: 'no-identity', detail }]
}

function beforeLogin(packet: WialonPacket): readonly SessionStep[] {
  switch (packet.kind) {
    case 'ping':
      return [reply(packet.answer)]
    case 'no-login':
      return refusedLogin(packet)
    case 'garbage':
      return [close(packet.detail)]
    case 'login':
    case 'data':
    case 'black-box':
    case 'message':
    case 'file':
    case 'fault': {
      const detail = `${packet.kind} before a login`
      return [
        { kind: 'rejected', reason: 'no-terminal', detail },
        { kind: 'close', end: 'no-identity', detail },
      ]
    }
  }
}

function afterLogin(packet: WialonPacket, context: WialonContext): readonly SessionStep[] {
  const present = (): SessionStep => ({ kind: 'observed', observation: wialonPresence(context) })
  switch (packet.kind) {
    case 'login':
      return [{ kind: 'identified', terminalId: context.terminalId }, present(), reply(packet.answer)]
    case 'data':
      return [
        { kind: 'observed', observation: wialonObservation(packet.record, 'live', context) },
        { ...reply(packet.answer), durable: true },
      ]
    case 'black-box':
      return blackBox(packet, context)
    case 'ping':
    case 'message':
      return [present(), reply(packet.answer)]
    case 'file':
      return packet.answer === undefined ? [present()] : [present(), reply(packet.answer)]
    case 'no-login':
      return refusedLogin(packet)
    case 'fault':
      return packet.answer === undefined
        ? [rejected(packet.detail, 'unknown-shape')]
        : [rejected(packet.detail, 'bad-value'), reply(packet.answer)]
    case 'garbage':
      return [close(packet.detail)]
  }
}

function blackBox(
  { records, faults, answer }: WialonPacket & { readonly kind: 'black-box' },
  context: WialonContext,
): readonly SessionStep[] {
  return [
    ...records.map((record): SessionStep => {
      return { kind: 'observed', observation: wialonObservation(record, 'archive', context) }
    }),
    ...faults.map((detail) => rejected(detail, 'bad-value')),
    { ...reply(answer), durable: true },
  ]
}

function refusedLogin({
  checksum,
  detail,
  answer,
}: WialonPacket & { readonly kind: 'no-login' }): readonly SessionStep[] {
  return [
    rejected(detail, checksum ? 'bad-value' : 'no-terminal'),
    reply(answer),
    { kind: 'close', end: checksum ? 'bad-checksum' : 'no-identity', detail },
  ]
}

function rejected(detail: string, reason: 'bad-value' | 'unknown-shape' | 'no-terminal'): SessionStep {
  return { kind: 'rejected', reason, detail }
}

function close(detail: string): SessionStep {
  return { kind: 'close', end: 'garbage', detail }
}

const ENCODER = new TextEncoder()

function reply(answer: string): SessionStep & { readonly kind: 'reply' } {
  return { kind: 'reply', bytes: ENCODER.encode(`${answer}\r\n`) }
}
