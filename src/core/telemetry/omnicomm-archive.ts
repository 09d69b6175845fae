import { u16, u32 } from './little-endian.ts'
import { type BadRecord, type OmnicommRecord, readRecord } from './omnicomm-record.ts'

/** The payload of a frame with data (reference/omnicomm-terminal-protocol.md 4). */
export type Archive = {
  /** Running number of the last record, unsigned, 32 bits. */
  readonly recordId: number
  /** Time of the first record, in seconds of Omnicomm time. */
  readonly headerTime: number
  readonly priority: number
  /** In the order of the frame. A list that is cut ends in a bad one. */
  readonly records: readonly (OmnicommRecord | BadRecord)[]
}

const HEADER_BYTES = 9
const SIZE_BYTES = 2

/** Undefined: the payload is too short to say what it is. */
export function readArchive(payload: Uint8Array): Archive | undefined {
  if (payload.length < HEADER_BYTES) return undefined
  return {
    recordId: u32(payload, 0),
    headerTime: u32(payload, 4),
    priority: payload[8] ?? 0,
    records: readRecords(payload),
  }
}

function readRecords(payload: Uint8Array): (OmnicommRecord | BadRecord)[] {
  const records: (OmnicommRecord | BadRecord)[] = []
  let at = HEADER_BYTES
  while (at < payload.length) {
    const begin = at + SIZE_BYTES
    const end = begin + u16(payload, at)
    if (begin > payload.length || end > payload.length) {
      records.push({ kind: 'bad', reason: 'the frame ends before it does' })
      return records
    }
    records.push(readRecord(payload, begin, end))
    at = end
  }
  return records
}
