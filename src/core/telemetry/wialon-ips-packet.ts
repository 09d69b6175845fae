import { excerpt, readId } from './value.ts'
import { checkedEnd } from './wialon-ips-checksum.ts'
import { readWialonFile, type WialonFile } from './wialon-ips-file.ts'
import {
  LONG_FIELDS,
  type RecordResult,
  readWialonRecord,
  SHORT_FIELDS,
  type WialonRecord,
} from './wialon-ips-record.ts'

/** 1: without checksums. 2: each packet ends in one. The login says which. */
export type WialonVersion = 1 | 2

/** One line, read. `answer` is what the protocol wants to hear, without the line's end. */
export type WialonPacket =
  | {
      readonly kind: 'login'
      readonly version: WialonVersion
      readonly terminalId: string
      readonly answer: string
    }
  | { readonly kind: 'data'; readonly record: WialonRecord; readonly answer: string }
  | {
      readonly kind: 'black-box'
      readonly records: readonly WialonRecord[]
      /** What is wrong with the records that could not be read. */
      readonly faults: readonly string[]
      readonly answer: string
    }
  | { readonly kind: 'ping'; readonly answer: string }
  /** The driver wrote something; what, is not kept. */
  | { readonly kind: 'message'; readonly answer: string }
  | WialonFile
  /** A login that names nobody. */
  | {
      readonly kind: 'no-login'
      readonly checksum: boolean
      readonly detail: string
      readonly answer: string
    }
  | { readonly kind: 'fault'; readonly detail: string; readonly answer: string | undefined }

const WRONG_CHECKSUM = 'the checksum is wrong'

/** Reads a line without its end; `version` is that of the login, undefined before it. Never throws. */
export function readWialonPacket(line: Uint8Array, version: WialonVersion | undefined): WialonPacket {
  const second = line.indexOf(HASH, 1)
  const type = second === -1 ? '' : text(line, 1, second)
  const from = second + 1
  switch (type) {
    case 'L':
      return login(line, from)
    case 'P':
      return { kind: 'ping', answer: '#AP#' }
    case 'SD':
    case 'D':
      return data(line, from, type, version)
    case 'B':
      return blackBox(line, from, version)
    case 'M':
      return version === 2 && checkedEnd(line, from, inkEnd(line), ';') === undefined
        ? { kind: 'fault', detail: `#M#: ${WRONG_CHECKSUM}`, answer: '#AM#01' }
        : { kind: 'message', answer: '#AM#1' }
    case 'I':
    case 'T':
    case 'IT':
    case 'US':
    case 'UC':
      return readWialonFile(text(line, from, line.length).split(';'), type)
    default:
      return { kind: 'fault', detail: `unknown packet ${excerpt(text(line, 0, 40))}`, answer: undefined }
  }
}

/**
 * `imei;password` (version 1) or `version;imei;password;checksum` (version 2). The password is not looked at: there is
 * no list of passwords here, and whoever may connect may also send what it likes.
 */
function login(line: Uint8Array, from: number): WialonPacket {
  const fields = text(line, from, line.length).split(';')
  const isSecond = fields.length > 2
  const [first = '', second = ''] = fields
  if (isSecond && (fields.length !== 4 || !/^2(\.\d+)?$/.test(first))) {
    return noLogin(
      '#AL#0',
      `neither version 1 nor version 2: ${fields.length} fields, version ${excerpt(first)}`,
    )
  }
  if (isSecond && checkedEnd(line, from, inkEnd(line), ';') === undefined) {
    return { ...noLogin('#AL#10', `#L#: ${WRONG_CHECKSUM}`), checksum: true }
  }
  const name = isSecond ? second : first
  const terminalId = readId(name)
  return terminalId === undefined || terminalId === 'NA'
    ? noLogin('#AL#0', `${excerpt(name)} is no terminal id of 1 to 64 printable characters`)
    : { kind: 'login', version: isSecond ? 2 : 1, terminalId, answer: '#AL#1' }
}

function noLogin(answer: string, detail: string): WialonPacket & { readonly kind: 'no-login' } {
  return { kind: 'no-login', checksum: false, detail, answer }
}

function data(
  line: Uint8Array,
  from: number,
  type: 'SD' | 'D',
  version: WialonVersion | undefined,
): WialonPacket {
  const end = version === 2 ? checkedEnd(line, from, inkEnd(line), ';') : line.length
  if (end === undefined) {
    return {
      kind: 'fault',
      detail: `#${type}#: ${WRONG_CHECKSUM}`,
      answer: type === 'D' ? '#AD#16' : '#ASD#13',
    }
  }
  const result = readWialonRecord(text(line, from, end), type === 'D' ? LONG_FIELDS : SHORT_FIELDS)
  return result.kind === 'record'
    ? { kind: 'data', record: result.record, answer: `#A${type}#1` }
    : { kind: 'fault', detail: `#${type}#: ${result.detail}`, answer: `#A${type}#${result.code}` }
}

/** Records of either form between bars. The answer counts those that were read, and nothing after a wrong checksum. */
function blackBox(line: Uint8Array, from: number, version: WialonVersion | undefined): WialonPacket {
  const end = version === 2 ? checkedEnd(line, from, inkEnd(line), '|') : line.length
  if (end === undefined) return { kind: 'fault', detail: `#B#: ${WRONG_CHECKSUM}`, answer: '#AB#' }
  const records: WialonRecord[] = []
  const faults: string[] = []
  for (const part of text(line, from, end).split('|')) {
    if (part.trim() === '') continue
    const result = boxed(part)
    if (result.kind === 'record') records.push(result.record)
    else faults.push(`#B#: ${result.detail}`)
  }
  return { kind: 'black-box', records, faults, answer: `#AB#${records.length}` }
}

function boxed(part: string): RecordResult {
  const isShort = part.split(';', SHORT_FIELDS + 1).length <= SHORT_FIELDS
  return readWialonRecord(part, isShort ? SHORT_FIELDS : LONG_FIELDS)
}

const HASH = 0x23
const BLANK = 0x20
const DECODER = new TextDecoder()

function text(line: Uint8Array, from: number, to: number): string {
  return DECODER.decode(line.subarray(from, to))
}

/** Where the blanks at the end begin. */
function inkEnd(line: Uint8Array): number {
  let end = line.length
  while (end > 0 && (line[end - 1] ?? 0) <= BLANK) end -= 1
  return end
}
