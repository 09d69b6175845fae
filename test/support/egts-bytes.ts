import { crc8 } from '../../src/core/telemetry/crc8.ts'
import { crc16CcittFalse } from '../../src/core/telemetry/crc16.ts'

/** The example of reference/payloads.md 5: object 200000123, a record from the black box, of `SAMPLE_AT`. */
export const EGTS_SAMPLE =
  '0100000b002300010001df18000100017bc2eb0b02021015006e842b1effffff9fdedddd3d1ba40176d2040000004a8f'

/** `SAMPLE_AT` in seconds since 2010. */
export const SAMPLE_NTM = 1_768_472_430 - 1_262_304_000

type PacketParts = {
  readonly type?: number
  readonly packetId?: number
  readonly flags?: number
  readonly headerBytes?: number
  readonly body?: Uint8Array
}

/** A packet with right checksums. A header longer than 11 bytes is filled up with 0x5A. */
export function egtsPacket({
  type = 1,
  packetId = 1,
  flags = 0,
  headerBytes = 11,
  body,
}: PacketParts): Uint8Array {
  const data = body ?? new Uint8Array()
  const header = new Uint8Array(headerBytes).fill(0x5a)
  header.set([1, 0, flags, headerBytes, 0, ...u16(data.length), ...u16(packetId), type])
  header[headerBytes - 1] = crc8(header, 0, headerBytes - 1)
  return joined(header, data, data.length > 0 ? u16(crc16CcittFalse(data, 0, data.length)) : [])
}

type RecordParts = {
  readonly number?: number
  readonly objectId?: number
  readonly eventId?: number
  readonly time?: number
  readonly service?: number
}

/** A record of the telemetry service, unless another is said. */
export function egtsRecord(parts: RecordParts, ...subrecords: readonly Uint8Array[]): Uint8Array {
  const { number = 0, objectId, eventId, time, service = 2 } = parts
  const data = joined(...subrecords)
  const flags =
    (objectId === undefined ? 0 : 1) | (eventId === undefined ? 0 : 2) | (time === undefined ? 0 : 4)
  const optional = [objectId, eventId, time].flatMap((value) => (value === undefined ? [] : u32(value)))
  return joined([...u16(data.length), ...u16(number), flags, ...optional, service, service], data)
}

export function subrecord(type: number, data: ArrayLike<number>): Uint8Array {
  return joined([type, ...u16(data.length)], data)
}

type PositionParts = {
  readonly time?: number
  readonly latitude?: number
  readonly longitude?: number
  readonly flags?: number
  readonly motion?: number
  readonly direction?: number
  readonly odometer?: number
  readonly altitude?: number
}

/** POS_DATA: at 56.25, 43.5 with a valid live fix at `SAMPLE_AT`, standing still, unless another thing is said. */
export function positionData(parts: PositionParts): Uint8Array {
  const latitude = Math.round(((parts.latitude ?? 56.25) / 90) * 0xffff_ffff)
  const longitude = Math.round(((parts.longitude ?? 43.5) / 180) * 0xffff_ffff)
  return subrecord(16, [
    ...u32(parts.time ?? SAMPLE_NTM),
    ...u32(latitude),
    ...u32(longitude),
    (parts.flags ?? 1) | (parts.altitude === undefined ? 0 : 0x80),
    ...u16(parts.motion ?? 0),
    parts.direction ?? 0,
    ...u32(parts.odometer ?? 0).slice(0, 3),
    ...[0, 0],
    ...(parts.altitude === undefined ? [] : u32(parts.altitude).slice(0, 3)),
  ])
}

/** TERM_IDENTITY with a unit id and, where it is said, an IMEI of 15 characters. */
export function identityData(unitId: number, imei?: string): Uint8Array {
  const text = imei === undefined ? [] : [...new TextEncoder().encode(imei)]
  return subrecord(1, [...u32(unitId), imei === undefined ? 0 : 2, ...text])
}

export function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

export function u16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff]
}

export function u32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
}
