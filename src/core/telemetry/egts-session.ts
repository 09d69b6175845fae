import type { Instant } from '../time.ts'
import { createEgtsAnswers, type EgtsAnswers, type RecordAnswer } from './egts-answer.ts'
import { type EgtsFrame, type EgtsPacket, PACKET_TYPE, RESULT, readEgtsPacket } from './egts-packet.ts'
import { createEgtsPeer, type EgtsPeer } from './egts-peer.ts'
import { type EgtsRecord, readEgtsRecords } from './egts-record.ts'
import { u16 } from './little-endian.ts'
import { createPendingBytes } from './pending-bytes.ts'
import type { Session, SessionStep } from './session.ts'

/** What a connection remembers beside unfinished bytes. */
type Ends = { readonly peer: EgtsPeer; readonly answers: EgtsAnswers }

/**
 * One connection that speaks EGTS, of a terminal or of a relay with many objects. Every packet of data is answered by
 * one response, and only when what it held has been stored; an identity also by a packet with RESULT_CODE. Responses
 * of the peer are not answered. After a broken packet the next one is not looked for: the peer comes back and sends
 * again what nobody acknowledged.
 */
export function createEgtsSession({ source }: { readonly source: string }): Session {
  const pending = createPendingBytes()
  const ends: Ends = { peer: createEgtsPeer(source), answers: createEgtsAnswers() }
  let isClosed = false

  return {
    receive(bytes, receivedAt) {
      if (isClosed) return []
      pending.append(bytes)
      const steps: SessionStep[] = []
      while (!isClosed) {
        const frame = readEgtsPacket(pending.bytes())
        if (frame.kind === 'unfinished') break
        for (const step of frameSteps(frame, receivedAt, ends)) steps.push(step)
        isClosed = steps.at(-1)?.kind === 'close'
        pending.drop(frame.kind === 'packet' ? frame.packet.length : Infinity)
      }
      return steps
    },
  }
}

function frameSteps(
  frame: Exclude<EgtsFrame, { kind: 'unfinished' }>,
  receivedAt: Instant,
  ends: Ends,
): readonly SessionStep[] {
  switch (frame.kind) {
    case 'packet':
      return packetSteps(frame.packet, receivedAt, ends)
    case 'garbage':
      return [{ kind: 'close', end: 'garbage', detail: frame.detail }]
    case 'bad-checksum': {
      const close: SessionStep = { kind: 'close', end: 'bad-checksum', detail: frame.detail }
      return frame.type === PACKET_TYPE.response
        ? [close]
        : [reply(ends.answers.response(frame.packetId, frame.result, [])), close]
    }
  }
}

function packetSteps(packet: EgtsPacket, receivedAt: Instant, ends: Ends): readonly SessionStep[] {
  const { type, body } = packet
  if (type === PACKET_TYPE.response) return []
  const refused = (result: number, detail: string): readonly SessionStep[] => [
    { kind: 'rejected', reason: 'unknown-shape', detail },
    reply(ends.answers.response(packet.packetId, result, [])),
  ]
  if (packet.isEncrypted) return refused(RESULT.cannotDecrypt, 'an encrypted packet')
  if (packet.isCompressed) return refused(RESULT.unsupported, 'a compressed packet')
  if (type === PACKET_TYPE.data) return dataSteps(packet.packetId, body, receivedAt, ends)
  if (type !== PACKET_TYPE.signedData) return refused(RESULT.unsupported, `a packet of type ${type}`)
  const unsigned = withoutSignature(body)
  return unsigned === undefined
    ? refused(RESULT.badData, 'a signature that is longer than its packet')
    : dataSteps(packet.packetId, unsigned, receivedAt, ends)
}

/** The signature is not checked: there are no keys here, and data without one is taken as well. */
function withoutSignature(body: Uint8Array): Uint8Array | undefined {
  const start = 2 + u16(body, 0)
  return start <= body.length ? body.subarray(start) : undefined
}

function dataSteps(
  packetId: number,
  body: Uint8Array,
  receivedAt: Instant,
  { peer, answers }: Ends,
): readonly SessionStep[] {
  const steps: SessionStep[] = []
  const statuses: RecordAnswer[] = []
  const { records, fault } = readEgtsRecords(body)
  for (const record of records) {
    const taken = peer.take(record, receivedAt)
    for (const step of taken.steps) steps.push(step)
    if (taken.status === undefined) continue
    statuses.push({ number: record.number, service: record.service, status: taken.status })
  }
  if (fault !== undefined) steps.push({ kind: 'rejected', reason: 'unknown-shape', detail: fault })
  const result = fault !== undefined && records.length === 0 ? RESULT.badData : RESULT.ok
  const isDurable = steps.some((step) => step.kind === 'observed' && step.observation.kind !== 'presence')
  steps.push(reply(answers.response(packetId, result, statuses), isDurable))
  if (records.some(wantsAdmission)) steps.push(reply(answers.admission(), isDurable))
  if (!peer.hasNamed() && statuses.some(({ status }) => status === RESULT.idNotFound)) {
    steps.push({ kind: 'close', end: 'no-identity', detail: 'data of an object that nothing names' })
  }
  return steps
}

/** An identity, of a terminal or of a relay, and what follows it in an extended authorisation. */
function wantsAdmission({ subrecords }: EgtsRecord): boolean {
  return subrecords.some(({ kind }) => kind === 'terminal' || kind === 'authorisation')
}

function reply(bytes: Uint8Array, isDurable = false): SessionStep {
  return isDurable ? { kind: 'reply', bytes, durable: true } : { kind: 'reply', bytes }
}
