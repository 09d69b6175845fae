/** A place in the bytes of one protobuf message. The first fault stays; what is read after it means nothing. */
export type Cursor = {
  readonly bytes: Uint8Array
  at: number
  /** Where the message ends. */
  readonly end: number
  fault: string | undefined
}

/** Wire types of protobuf. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const

/**
 * Takes the value of one field, whose tag has been read. False: it is none of ours, nothing was read, and the value
 * is skipped.
 */
export type TakeField<Target> = (target: Target, field: number, wire: number, cursor: Cursor) => boolean

const LONGEST_VARINT = 10
const DEEPEST_GROUP = 16

export function createCursor(bytes: Uint8Array, at: number, end: number): Cursor {
  return { bytes, at, end, fault: undefined }
}

/** Reads the fields of a message to its end. */
export function readMessage<Target>(cursor: Cursor, target: Target, take: TakeField<Target>): void {
  readFields(cursor, undefined, 0, target, take)
}

/** Reads the fields of a group, whose start tag has been read, with its end tag. */
export function readGroup<Target>(
  cursor: Cursor,
  group: number,
  target: Target,
  take: TakeField<Target>,
): void {
  readFields(cursor, group, 0, target, take)
}

/** The low 32 bits of a varint, unsigned. */
export function readUint32(cursor: Cursor): number {
  let value = 0
  for (let index = 0; index < LONGEST_VARINT; index += 1) {
    if (cursor.at >= cursor.end) {
      fail(cursor, 'it ends inside a number')
      return 0
    }
    const byte = cursor.bytes[cursor.at] ?? 0
    cursor.at += 1
    // Above 32 bits a shift would begin anew at 0.
    if (index < 5) value |= (byte & 0x7f) << (7 * index)
    if (byte < 0x80) return value >>> 0
  }
  fail(cursor, 'a number is longer than 10 bytes')
  return 0
}

/** What a `sint32` stands for: 0, -1, 1, -2 ... for 0, 1, 2, 3. */
export function fromZigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1)
}

/** Adds the values of a `repeated uint32` field, whether it is packed or not. False: it is of another type. */
export function takeUint32s(values: number[], wire: number, cursor: Cursor): boolean {
  if (wire === WIRE.varint) {
    values.push(readUint32(cursor))
    return true
  }
  if (wire !== WIRE.bytes) return false
  const end = readLength(cursor)
  const packed = createCursor(cursor.bytes, cursor.at, end)
  while (packed.at < end && packed.fault === undefined) values.push(readUint32(packed))
  if (packed.fault !== undefined) fail(cursor, packed.fault)
  cursor.at = end
  return true
}

/** The end of a length-delimited value that begins after its length, which is read here. */
export function readLength(cursor: Cursor): number {
  const length = readUint32(cursor)
  if (cursor.fault === undefined && length <= cursor.end - cursor.at) return cursor.at + length
  fail(cursor, 'a length reaches beyond its end')
  return cursor.end
}

function readFields<Target>(
  cursor: Cursor,
  group: number | undefined,
  depth: number,
  target: Target,
  take: TakeField<Target>,
): void {
  while (cursor.fault === undefined) {
    if (cursor.at >= cursor.end) {
      if (group !== undefined) fail(cursor, `it ends inside group ${group}`)
      return
    }
    const tag = readUint32(cursor)
    const field = tag >>> 3
    const wire = tag & 7
    if (cursor.fault !== undefined) return
    if (field === 0) fail(cursor, 'there is no field 0')
    else if (wire === WIRE.endGroup) {
      if (field !== group) fail(cursor, `group ${group ?? 'none'} is ended as group ${field}`)
      return
    } else if (!take(target, field, wire, cursor)) skip(cursor, field, wire, depth)
  }
}

function skip(cursor: Cursor, field: number, wire: number, depth: number): void {
  switch (wire) {
    case WIRE.varint:
      readUint32(cursor)
      return
    case WIRE.fixed64:
      skipBytes(cursor, 8)
      return
    case WIRE.bytes:
      cursor.at = readLength(cursor)
      return
    case WIRE.startGroup:
      if (depth >= DEEPEST_GROUP) fail(cursor, `groups are nested deeper than ${DEEPEST_GROUP}`)
      else readFields(cursor, field, depth + 1, undefined, takeNothing)
      return
    case WIRE.fixed32:
      skipBytes(cursor, 4)
      return
    default:
      fail(cursor, `there is no wire type ${wire}`)
  }
}

function takeNothing(): boolean {
  return false
}

function skipBytes(cursor: Cursor, count: number): void {
  if (count > cursor.end - cursor.at) fail(cursor, 'it ends inside a number')
  else cursor.at += count
}

function fail(cursor: Cursor, fault: string): void {
  cursor.fault ??= fault
}
