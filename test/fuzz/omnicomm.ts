import { decodeOmnicommLine } from '../../src/commands/decode-omnicomm.ts'
import { toHex } from '../../src/core/telemetry/hex.ts'
import { createDeframer, deframe, endDeframing } from '../../src/core/telemetry/omnicomm-deframer.ts'
import { readOmnicommMessage } from '../../src/core/telemetry/omnicomm-message.ts'
import { createOmnicommPayloadDecoder } from '../../src/core/telemetry/omnicomm-payload.ts'
import { reportOf } from '../../src/core/telemetry/omnicomm-report.ts'
import { createOmnicommSession } from '../../src/core/telemetry/omnicomm-session.ts'
import {
  archivePayload,
  bytesField,
  general,
  group,
  hexBytes,
  identFrame,
  joinBytes,
  navigation,
  numberField,
  OMNICOMM_FRAMES,
  signedField,
  terminalFrame,
  textField,
  timedRecord,
} from '../support/omnicomm.ts'

const RECEIVED_AT = 1_800_000_000_000
const LONGEST_PAYLOAD = 16 * 1024
const LONGEST_FRAME = LONGEST_PAYLOAD + 5

const decodePayload = createOmnicommPayloadDecoder()

/** What any bytes may be given to. Each of them throws where a law of its own is broken. */
export const omnicommTargets: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
  omnicommFrames(bytes) {
    const deframer = createDeframer(LONGEST_PAYLOAD)
    for (const chunk of inTwo(bytes)) {
      for (const item of deframe(deframer, chunk)) if (item.kind === 'frame') read(item.command, item.payload)
      if ((deframer.held?.length ?? 0) > LONGEST_FRAME) throw new Error('it holds more than one frame')
    }
    endDeframing(deframer)
    // Few mutations leave a checksum right: the bytes are tried as a payload too.
    for (const command of [0x80, 0x86, 0x88, 0x94, 0x95]) read(command, bytes)
  },
  omnicommPayload(bytes) {
    for (const topic of ['fleet/7', undefined]) {
      const road = { source: 'fuzz', receivedAt: RECEIVED_AT, ...(topic === undefined ? {} : { topic }) }
      if (decodePayload(bytes, road).length > bytes.length + 2)
        throw new Error('it makes more than it was given')
    }
    decodePayload(Uint8Array.from(Buffer.from(toHex(bytes))), { source: 'fuzz', receivedAt: RECEIVED_AT })
  },
  omnicommSession(bytes) {
    const session = createOmnicommSession({
      source: 'fuzz',
      acknowledge: bytes.length % 2 === 0,
      counterOf: (terminalId) => ({ terminalId, recordId: 5324, firmware: 308 }),
      clock: () => RECEIVED_AT,
    })
    let isClosed = false
    // The terminal has said who it is, and its data come with right checksums.
    for (const chunk of [identFrame(7, 308), terminalFrame(0x86, bytes), ...inTwo(bytes)]) {
      const steps = session.receive(chunk, RECEIVED_AT)
      if (isClosed && steps.length > 0) throw new Error('it goes on after its end')
      isClosed ||= steps.at(-1)?.kind === 'close'
    }
  },
  omnicommLine(bytes) {
    JSON.stringify(decodeOmnicommLine(toHex(bytes)))
    JSON.stringify(decodeOmnicommLine(toHex(terminalFrame(0x86, bytes))))
    decodeOmnicommLine(Buffer.from(bytes).toString('latin1'))
  },
}

/** Frames of every kind, and payloads and records without their frames. */
export const seeds: readonly Uint8Array[] = [
  ...Object.values(OMNICOMM_FRAMES).map(hexBytes),
  joinBytes(...Object.values(OMNICOMM_FRAMES).map(hexBytes)),
  joinBytes(identFrame(7, 308), terminalFrame(0x86, archivePayload(9, 5, [5, 6, 7].map(timedRecord)))),
  Uint8Array.from(archivePayload(9, 5, [richRecord(), timedRecord(6)])),
  terminalFrame(0x9f, archivePayload(9, 5, [richRecord()])),
]

function read(command: number, payload: Uint8Array): void {
  const message = readOmnicommMessage(command, payload)
  if (message.kind !== 'archive') return
  for (const record of message.archive.records) {
    if (record.kind === 'record') reportOf(record, message.archive.headerTime)
  }
}

/** Cut at a place that the bytes themselves choose. */
function inTwo(bytes: Uint8Array): readonly Uint8Array[] {
  const sum = bytes.reduce((total, byte) => (total * 31 + byte) >>> 0, 7)
  const place = bytes.length === 0 ? 0 : sum % bytes.length
  return [bytes.subarray(0, place), bytes.subarray(place)]
}

/** A record with every group that is read, and some that are not. */
function richRecord(): number[] {
  return [
    ...bytesField(1, [1, 12]),
    ...general(numberField(1, 537_704_430), numberField(4, 0xfff), numberField(8, 276), numberField(18, 4)),
    ...navigation(signedField(1, 1), signedField(2, -1), numberField(5, 9), numberField(7, 537_704_430)),
    ...group(4, bytesField(4, [1, 2, 3])),
    ...group(7, numberField(190, 8000), numberField(245, 80_000), bytesField(582, [1, 2])),
    ...group(8, signedField(1, 20), numberField(2, 1234), signedField(3, 2), bytesField(25, [1])),
    ...group(9, group(1, signedField(1, -128)), group(7, group(99, numberField(1, 1)))),
    ...group(11, numberField(5, 0x800c)),
    ...group(16, textField(1, 'boot Ver308')),
  ]
}
