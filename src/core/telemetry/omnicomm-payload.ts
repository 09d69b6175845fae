import { rejected } from './assemble.ts'
import type { Decoded, Envelope, PayloadDecoder } from './decoder.ts'
import { parseHex } from './hex.ts'
import type { Observation } from './observation.ts'
import { type Deframed, deframeWhole } from './omnicomm-deframer.ts'
import { COMMAND, commandText, MARKER } from './omnicomm-frame.ts'
import { type OmnicommMessage, readOmnicommMessage } from './omnicomm-message.ts'
import { kindOfCommand, type OmnicommRoad, observationOf, presenceOf, reportOf } from './omnicomm-report.ts'
import { readId, readName } from './value.ts'

/**
 * A decoder for the frames of terminals that a gateway passes on, as they are or as hex text. They are those of the
 * terminal that the identification (0x80) before them names, or the first one after them where there is none before;
 * without any, of the terminal that the last segment of the topic names.
 */
export function createOmnicommPayloadDecoder(): PayloadDecoder {
  return (payload, envelope) => {
    if (payload.length === 0) return []
    const bytes = payload[0] === MARKER ? payload : parseHex(latin1.decode(payload))
    if (bytes === undefined || bytes.length === 0) {
      return [rejected('unknown-shape', 'expected Omnicomm frames: bytes that begin with C0, or hex text')]
    }
    const { items, skippedBytes } = deframeWhole(bytes)
    const frames = items.map(readItem)
    if (!items.some(({ kind }) => kind === 'frame')) {
      return [rejected('unknown-shape', `there is no Omnicomm frame in these ${bytes.length} bytes`)]
    }
    const decoded = decodeFrames(frames, envelope)
    if (skippedBytes > 0) {
      decoded.push(rejected('unknown-shape', `${skippedBytes} bytes stand outside of frames`))
    }
    return decoded
  }
}

const latin1 = new TextDecoder('latin1')

type ReadFrame = { readonly command: number; readonly message: OmnicommMessage } | { readonly fault: string }

function readItem(item: Deframed): ReadFrame {
  switch (item.kind) {
    case 'frame':
      return item.crc === 'ok'
        ? { command: item.command, message: readOmnicommMessage(item.command, item.payload) }
        : { fault: `the checksum of frame ${commandText(item.command)} is wrong` }
    case 'truncated':
      return { fault: `a frame is cut off after ${item.byteCount} bytes` }
    case 'oversize':
      return { fault: `a frame of ${item.payloadBytes} bytes is too long` }
  }
}

function decodeFrames(frames: readonly ReadFrame[], envelope: Envelope): Decoded[] {
  let terminalId = firstIdent(frames) ?? lastSegment(envelope)
  const decoded: Decoded[] = []
  for (const frame of frames) {
    if ('fault' in frame) {
      decoded.push(rejected('bad-value', frame.fault))
      continue
    }
    if (frame.message.kind === 'ident') terminalId = String(frame.message.terminalId)
    if (terminalId === undefined || readId(terminalId) === undefined) {
      decoded.push(ownerless(terminalId))
      continue
    }
    const { source, receivedAt } = envelope
    for (const result of decodeMessage(
      frame.command,
      frame.message,
      { terminalId, source, receivedAt },
      envelope,
    )) {
      decoded.push(result)
    }
  }
  return decoded
}

function ownerless(terminalId: string | undefined): Decoded {
  return terminalId === undefined
    ? rejected('no-terminal', 'neither an identification (0x80) nor the topic names the terminal')
    : rejected('bad-value', `the terminal number is ${terminalId}`)
}

function firstIdent(frames: readonly ReadFrame[]): string | undefined {
  for (const frame of frames) {
    if ('message' in frame && frame.message.kind === 'ident') return String(frame.message.terminalId)
  }
  return undefined
}

function lastSegment({ topic }: Envelope): string | undefined {
  return topic === undefined ? undefined : readName(topic.slice(topic.lastIndexOf('/') + 1))
}

function decodeMessage(
  command: number,
  message: OmnicommMessage,
  road: OmnicommRoad,
  envelope: Envelope,
): readonly Decoded[] {
  switch (message.kind) {
    case 'ident':
      return [observed(presenceOf(road, message.firmware), envelope)]
    case 'drained':
    case 'clock-request':
      return [observed(presenceOf(road), envelope)]
    case 'record-id':
      return command === COMMAND.acknowledged ? [observed(presenceOf(road), envelope)] : []
    case 'archive':
      return message.archive.records.map((record, index) =>
        record.kind === 'bad'
          ? rejected('bad-value', `record ${index} of frame ${commandText(command)}: ${record.reason}`)
          : observed(
              observationOf(reportOf(record, message.archive.headerTime), road, kindOfCommand(command)),
              envelope,
            ),
      )
    case 'short':
      return [rejected('bad-value', `frame ${commandText(command)}: ${message.detail}`)]
    case 'clock':
    case 'other':
      return []
  }
}

/** A stored message says nothing of now, a repeated one nothing of its data's now. */
function observed(observation: Observation, { retained, duplicate }: Envelope): Decoded {
  const isOld = retained === true || (duplicate === true && observation.kind !== 'presence')
  return { kind: 'observed', observations: [isOld ? { ...observation, kind: 'snapshot' } : observation] }
}
