import { encodeFrame } from '../../src/core/telemetry/omnicomm-frame.ts'

/** Frames as they go over the wire (hex); the first three were captured, the others built from the description. */
export const OMNICOMM_FRAMES = {
  /** Terminal 354002529, firmware 308. */
  ident: 'c080080061a61915340100001dec',
  drained: 'c08600004566',
  /** Record 5325 of 2019-09-16T12:05:54Z. */
  archive:
    'c0866300cd1400002273231400580008011308a2e68da10110002006280030003800400048005000600068007000142b08ec979eb60410eeb7cc8c02180020002804300038a2e68da1012c33080010001800200028003000344308381000180220382800300244df2a',
  /** The same record as current data. */
  live: 'c0956300cd1400002273231400580008011308a2e68da10110002006280030003800400048005000600068007000142b08ec979eb60410eeb7cc8c02180020002804300038a2e68da1012c330800100018002000280030003443083810001802203828003002444fe1',
  /** Terminal 202000017: a byte of the checksum is C0. */
  identEscapedChecksum: 'c080080091460a0c3401000030dbdc',
  /** Terminal 215728298: C0 and DB in its number. */
  identEscapedNumber: 'c0800800aadbdcdbdd0c340100004b7b',
  requestFrom0: 'c0850400000000003125',
  requestFrom5326: 'c0850400ce1400006cab',
  requestFrom62311: 'c085040067f30000cc97',
  acknowledge5325: 'c0870400cd1400005350',
  acknowledge8: 'c08704000800000011dbdc',
  acknowledged5325: 'c0880400cd140000daba',
  clockRequest: 'c0930000edf5',
  /** 2023-09-25T15:59:00Z, from a server. */
  clock: 'c0940400c4a6b51be09e',
} as const

/** 2009-01-01T00:00:00Z. */
export const OMNICOMM_EPOCH = 1_230_768_000_000

export function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

export function joinBytes(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

export function u32Bytes(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
}

/** A frame as a terminal sends it. */
export function terminalFrame(command: number, payload: Uint8Array | readonly number[] = []): Uint8Array {
  return encodeFrame(command, Uint8Array.from(payload), 'big')
}

export function identFrame(terminalId: number, firmware: number): Uint8Array {
  return terminalFrame(0x80, [...u32Bytes(terminalId), ...u32Bytes(firmware)])
}

/** The payload of a frame with data; `headerTime` in seconds of Omnicomm time. */
export function archivePayload(
  recordId: number,
  headerTime: number,
  records: readonly (readonly number[])[],
): number[] {
  const sized = records.flatMap((record) => [record.length & 0xff, record.length >>> 8, ...record])
  return [...u32Bytes(recordId), ...u32Bytes(headerTime), 0, ...sized]
}

export function varint(value: number | bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt(value)
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return [...bytes, Number(rest)]
}

export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

export function tag(field: number, wire: number): number[] {
  return varint(field * 8 + wire)
}

export function numberField(field: number, value: number | bigint): number[] {
  return [...tag(field, 0), ...varint(value)]
}

export function signedField(field: number, value: number): number[] {
  return numberField(field, zigzag(value))
}

export function bytesField(field: number, bytes: readonly number[]): number[] {
  return [...tag(field, 2), ...varint(bytes.length), ...bytes]
}

export function textField(field: number, text: string): number[] {
  return bytesField(field, [...Buffer.from(text)])
}

export function group(field: number, ...fields: readonly (readonly number[])[]): number[] {
  return [...tag(field, 3), ...fields.flat(), ...tag(field, 4)]
}

/** Groups of a record by their usual contents. */
export const general = (...fields: readonly (readonly number[])[]): number[] => group(2, ...fields)
export const navigation = (...fields: readonly (readonly number[])[]): number[] => group(5, ...fields)

/** A record with the event `timer` and a time, in seconds of Omnicomm time. */
export function timedRecord(time: number): number[] {
  return [...bytesField(1, [1]), ...general(numberField(1, time))]
}
