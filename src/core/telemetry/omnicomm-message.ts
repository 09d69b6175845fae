import type { Instant } from '../time.ts'
import { u32 } from './little-endian.ts'
import { type Archive, readArchive } from './omnicomm-archive.ts'
import { COMMAND } from './omnicomm-frame.ts'
import { fromOmnicommTime } from './omnicomm-time.ts'

/** What a frame says. */
export type OmnicommMessage =
  | { readonly kind: 'ident'; readonly terminalId: number; readonly firmware: number }
  | { readonly kind: 'archive'; readonly archive: Archive }
  /** An archive frame without a payload: everything has been sent. */
  | { readonly kind: 'drained' }
  /** A request, an acknowledgement or its confirmation. */
  | { readonly kind: 'record-id'; readonly recordId: number }
  | { readonly kind: 'clock-request' }
  | { readonly kind: 'clock'; readonly at: Instant }
  /** A command whose payload is not described; or not for us. */
  | { readonly kind: 'other' }
  /** The payload is too short for the command. */
  | { readonly kind: 'short'; readonly detail: string }

/** Reads a frame whose checksum is right. A payload longer than its command needs is read as far as it is known. */
export function readOmnicommMessage(command: number, payload: Uint8Array): OmnicommMessage {
  switch (command) {
    case COMMAND.ident:
      if (payload.length < 8) return tooShort(payload, 8)
      return { kind: 'ident', terminalId: u32(payload, 0), firmware: u32(payload, 4) }
    case COMMAND.archive:
    case COMMAND.wifiArchive:
      return payload.length === 0 ? { kind: 'drained' } : archiveOf(payload)
    case COMMAND.live:
      return archiveOf(payload)
    case COMMAND.request:
    case COMMAND.acknowledge:
    case COMMAND.acknowledged:
    case COMMAND.wifiAcknowledge:
      if (payload.length < 4) return tooShort(payload, 4)
      return { kind: 'record-id', recordId: u32(payload, 0) }
    case COMMAND.clockRequest:
      return { kind: 'clock-request' }
    case COMMAND.clock:
      if (payload.length < 4) return tooShort(payload, 4)
      return { kind: 'clock', at: fromOmnicommTime(u32(payload, 0)) }
    default:
      return { kind: 'other' }
  }
}

function archiveOf(payload: Uint8Array): OmnicommMessage {
  const archive = readArchive(payload)
  return archive === undefined ? tooShort(payload, 9) : { kind: 'archive', archive }
}

function tooShort(payload: Uint8Array, needed: number): OmnicommMessage {
  return { kind: 'short', detail: `the payload has ${payload.length} bytes, at least ${needed} are needed` }
}
