import type { Instant } from '../time.ts'
import { type EgtsSubrecord, fromEgtsTime, readEgtsSubrecord } from './egts-subrecord.ts'
import { u16, u32 } from './little-endian.ts'

/** One record of a packet. */
export type EgtsRecord = {
  /** 0 to 65,535; what an answer refers to. */
  readonly number: number
  /** Whom it is about; undefined: the terminal of the connection. */
  readonly objectId: number | undefined
  /** When it was made; a relay puts its own time here. */
  readonly at: Instant | undefined
  readonly service: number
  readonly subrecords: readonly EgtsSubrecord[]
  /** What of it could not be read. */
  readonly faults: readonly string[]
}

type EgtsRecords = {
  readonly records: readonly EgtsRecord[]
  /** Why the rest of the data could not be read. */
  readonly fault?: string
}

const FIRST_BYTES = 5
const SERVICE_BYTES = 2
const SUBRECORD_HEAD_BYTES = 3

/** Takes the data of a packet apart: `length, number, flags, [object], [event], [time], services, subrecords`. */
export function readEgtsRecords(body: Uint8Array): EgtsRecords {
  const records: EgtsRecord[] = []
  for (let at = 0; at < body.length; ) {
    const flags = body[at + 4] ?? 0
    const objectAt = at + FIRST_BYTES
    const eventAt = objectAt + ((flags & 1) === 0 ? 0 : 4)
    const timeAt = eventAt + ((flags & 2) === 0 ? 0 : 4)
    const servicesAt = timeAt + ((flags & 4) === 0 ? 0 : 4)
    const start = servicesAt + SERVICE_BYTES
    const end = start + u16(body, at)
    if (end > body.length) {
      return { records, fault: `record ${records.length + 1} of a packet is longer than the packet` }
    }
    const objectId = eventAt === objectAt ? 0 : u32(body, objectAt)
    const service = body[servicesAt] ?? 0
    records.push({
      number: u16(body, at + 2),
      objectId: objectId === 0 ? undefined : objectId,
      at: servicesAt === timeAt ? undefined : fromEgtsTime(u32(body, timeAt)),
      service,
      ...readSubrecords(body.subarray(start, end), service),
    })
    at = end
  }
  return { records }
}

function readSubrecords(data: Uint8Array, service: number): Pick<EgtsRecord, 'subrecords' | 'faults'> {
  const subrecords: EgtsSubrecord[] = []
  const faults: string[] = []
  for (let at = 0; at < data.length; ) {
    const type = data[at] ?? 0
    const start = at + SUBRECORD_HEAD_BYTES
    const end = start + u16(data, at + 1)
    if (end > data.length) {
      faults.push(`subrecord ${type} is longer than its record`)
      break
    }
    const subrecord = readEgtsSubrecord(service, type, data.subarray(start, end))
    if (subrecord === undefined) faults.push(`subrecord ${type} of ${end - start} bytes is too short`)
    else subrecords.push(subrecord)
    at = end
  }
  return { subrecords, faults }
}
