import type { Instant } from '../time.ts'
import { COMMAND, encodeFrame } from './omnicomm-frame.ts'
import { toOmnicommTime } from './omnicomm-time.ts'

/** Asks for the archive from a record on; 0 is the oldest one that is kept. */
export function archiveRequest(recordId: number): Uint8Array {
  return encodeFrame(COMMAND.request, u32(recordId), 'little')
}

/** Allows the terminal to overwrite its records up to and with this one; `command`: that of the data. */
export function acknowledgement(command: number, recordId: number): Uint8Array {
  const reply = command === COMMAND.wifiArchive ? COMMAND.wifiAcknowledge : COMMAND.acknowledge
  return encodeFrame(reply, u32(recordId), 'little')
}

/** Undefined: the protocol cannot say this time. */
export function clockAnswer(now: Instant): Uint8Array | undefined {
  const seconds = toOmnicommTime(now)
  return seconds === undefined ? undefined : encodeFrame(COMMAND.clock, u32(seconds), 'little')
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24)
}
