import type { RejectReason } from './observation.ts'
import { createDeframer, type Deframed, type Deframer, deframe } from './omnicomm-deframer.ts'
import { answer, type Dialogue, type OmnicommDialogueOptions, type Turn } from './omnicomm-dialogue.ts'
import { commandText } from './omnicomm-frame.ts'
import { readOmnicommMessage } from './omnicomm-message.ts'
import type { Session, SessionEnd, SessionStep } from './session.ts'

/** Longest payload that is believed: archive frames of 1.3 KiB and photo blocks of 2 KiB have been seen. */
const LONGEST_PAYLOAD = 16 * 1024
/** Bytes without a good frame after which a connection is given up. */
const MOST_GARBAGE = 4 * 1024

/** The server's side of a connection (reference/omnicomm-terminal-protocol.md 7 and 8). */
export function createOmnicommSession(options: OmnicommDialogueOptions): Session {
  const connection: Connection = {
    dialogue: { options, terminal: undefined },
    deframer: createDeframer(LONGEST_PAYLOAD),
    garbageBytes: 0,
    isClosed: false,
  }
  return {
    receive(bytes, receivedAt) {
      if (connection.isClosed) return NOTHING
      const items = deframe(connection.deframer, bytes)
      if (items.length === 0 && !isGarbage(connection)) return NOTHING
      const turn: Turn = { dialogue: connection.dialogue, receivedAt, steps: [] }
      for (const item of items) {
        takeItem(connection, turn, item)
        if (connection.isClosed) return turn.steps
      }
      if (isGarbage(connection)) close(connection, turn, 'garbage', GARBAGE)
      return turn.steps
    },
  }
}

const NOTHING: readonly SessionStep[] = []
const GARBAGE = `more than ${MOST_GARBAGE} bytes without a frame`

type Connection = {
  readonly dialogue: Dialogue
  readonly deframer: Deframer
  /** Bytes that were no frame, since the last good one. */
  garbageBytes: number
  isClosed: boolean
}

function isGarbage({ garbageBytes, deframer }: Connection): boolean {
  return garbageBytes + deframer.skippedBytes > MOST_GARBAGE
}

function close(connection: Connection, { steps }: Turn, end: SessionEnd, detail: string): void {
  steps.push({ kind: 'close', end, detail })
  connection.isClosed = true
}

function takeItem(connection: Connection, turn: Turn, item: Deframed): void {
  if (item.skippedBytes > 0) {
    const detail = `${item.skippedBytes} bytes outside of frames`
    takeGarbage(connection, turn, item.skippedBytes, 'unknown-shape', detail)
    if (connection.isClosed) return
  }
  switch (item.kind) {
    case 'frame':
      takeFrame(connection, turn, item)
      return
    case 'truncated': {
      const detail = `a frame was cut off after ${item.byteCount} bytes`
      takeGarbage(connection, turn, item.byteCount, 'bad-value', detail)
      return
    }
    case 'oversize': {
      const detail = `a payload of ${item.payloadBytes} bytes is longer than ${LONGEST_PAYLOAD}`
      close(connection, turn, 'garbage', detail)
      return
    }
  }
}

function takeGarbage(
  connection: Connection,
  turn: Turn,
  byteCount: number,
  reason: RejectReason,
  detail: string,
): void {
  connection.garbageBytes += byteCount
  turn.steps.push({ kind: 'rejected', reason, detail })
  if (connection.garbageBytes > MOST_GARBAGE) close(connection, turn, 'garbage', GARBAGE)
}

function takeFrame(
  connection: Connection,
  turn: Turn,
  { command, payload, crc }: Extract<Deframed, { kind: 'frame' }>,
): void {
  if (crc === 'bad') {
    close(connection, turn, 'bad-checksum', `the checksum of frame ${commandText(command)} is wrong`)
    return
  }
  connection.garbageBytes = 0
  const fault = answer(turn, command, readOmnicommMessage(command, payload))
  if (fault !== undefined) close(connection, turn, 'no-identity', fault)
}
