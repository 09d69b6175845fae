import { encodeEgtsPacket, PACKET_TYPE } from './egts-packet.ts'
import { AUTHORISATION_SERVICE } from './egts-subrecord.ts'
import { bytesOfU16 } from './little-endian.ts'

/** What is said of one record of the peer. */
export type RecordAnswer = { readonly number: number; readonly service: number; readonly status: number }

export type EgtsAnswers = {
  /** The one answer to a packet: its result, and a RECORD_RESPONSE per record, in a record per service. */
  response(requestId: number, result: number, answers: readonly RecordAnswer[]): Uint8Array
  /** A packet of our own with RESULT_CODE: the peer is let in. It answers that with a response. */
  admission(): Uint8Array
}

const RECORD_RESPONSE = 0
const RESULT_CODE = 9
const ADMITTED = 0

/**
 * Makes the packets that go to one peer. Packets and records are counted from 0; of the count the lower 16 bits are
 * sent, so that 0 follows 65,535.
 */
export function createEgtsAnswers(): EgtsAnswers {
  let packets = 0
  let records = 0

  function packet(type: number, body: readonly number[]): Uint8Array {
    const bytes = encodeEgtsPacket(type, packets, body)
    packets += 1
    return bytes
  }

  function record(service: number, subrecords: readonly number[]): readonly number[] {
    const number = bytesOfU16(records)
    records += 1
    return [...bytesOfU16(subrecords.length), ...number, 0, service, service, ...subrecords]
  }

  return {
    response(requestId, result, answers) {
      const body = [...bytesOfU16(requestId), result]
      for (const [service, subrecords] of byService(answers)) {
        for (const byte of record(service, subrecords)) body.push(byte)
      }
      return packet(PACKET_TYPE.response, body)
    },
    admission: () => packet(PACKET_TYPE.data, record(AUTHORISATION_SERVICE, [RESULT_CODE, 1, 0, ADMITTED])),
  }
}

/**
 * A subrecord of six bytes per record, whose own head takes seven or more: all answers to a packet fit into one, with
 * the services in the order in which they came.
 */
function byService(answers: readonly RecordAnswer[]): ReadonlyMap<number, readonly number[]> {
  const services = new Map<number, number[]>()
  for (const { number, service, status } of answers) {
    const subrecords = services.get(service) ?? []
    services.set(service, subrecords)
    subrecords.push(RECORD_RESPONSE, 3, 0, ...bytesOfU16(number), status)
  }
  return services
}
