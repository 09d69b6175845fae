import { createInterning } from '../core/replay/interning.ts'
import { createObservationScanner, SCANNER_SLACK } from '../core/replay/observation-scanner.ts'
import { type ReplayLine, readReplayLine } from '../core/replay/replay-line.ts'
import type { Observation } from '../core/telemetry/observation.ts'

export type RecordingInput = {
  /** As `take`, of the lines of which there are the most. */
  readonly observe: (observation: Observation, told?: boolean, idIndex?: number) => string | undefined
  /** Takes a line; a text says why it cannot. */
  readonly take: (line: ReplayLine) => string | undefined
  /** A line that is none, with its number from 1. */
  readonly fault: (line: number, reason: string) => void
  /** Aborted when the input is given up: of its last line there may be only a part. */
  readonly until: AbortSignal
  /** Called after each piece of the input, with the bytes so far. */
  readonly read: (bytes: number) => void
}

const NEWLINE = 0x0a
const MARK = [0xef, 0xbb, 0xbf]
const LONGEST_LINE_BYTES = 1024 * 1024

/**
 * Reads the lines of a recording from a stream of bytes, of which it keeps no more than one piece and one line. A byte
 * order mark and empty lines are skipped, and a line that is bad keeps nobody from the next. Fails as the stream fails.
 */
export async function readRecording(
  source: AsyncIterable<Uint8Array>,
  { observe, take, fault, until, read }: RecordingInput,
): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const ids = createInterning()
  /** Whole lines are read out of it; what is left over moves to its beginning. */
  let held = Buffer.alloc(4 * LONGEST_LINE_BYTES)
  let scanner = createObservationScanner(held, ids)
  let length = 0
  let number = 0
  let isTooLong = false
  let total = 0

  function readSlow(from: number, end: number): string | undefined {
    if (isTooLong || end - from > LONGEST_LINE_BYTES) return TOO_LONG
    const start = number === 1 && MARK.every((byte, index) => held[from + index] === byte) ? from + 3 : from
    const line = parseLine(decoder, held.subarray(start, end))
    if (line === undefined || typeof line === 'string') return line
    return line.kind === 'observation' ? observe(line.observation, line.told) : take(line)
  }

  /** Where the line after the one at `from` begins; -1: that line has no end yet. */
  function readLine(from: number): number {
    const observation = isTooLong ? undefined : scanner.scan(from, length)
    const newline = observation === undefined ? held.indexOf(NEWLINE, from) : scanner.next() - 1
    // Behind the length stands what was there before.
    if (newline < 0 || newline >= length) return -1
    number += 1
    const reason =
      observation === undefined ? readSlow(from, newline) : observe(observation, false, scanner.idIndex())
    isTooLong = false
    if (reason !== undefined) fault(number, reason)
    return newline + 1
  }

  function hold(piece: Uint8Array): void {
    const needed = length + piece.length + SCANNER_SLACK
    if (needed > held.length) {
      const wider = Buffer.alloc(2 * needed)
      held.copy(wider, 0, 0, length)
      held = wider
      scanner = createObservationScanner(held, ids)
    }
    held.set(piece, length)
    length += piece.length
  }

  for await (const piece of source) {
    hold(piece)
    let from = 0
    for (let next = readLine(0); next >= 0; next = readLine(next)) from = next
    held.copyWithin(0, from, length)
    length -= from
    if (length > LONGEST_LINE_BYTES) {
      isTooLong = true
      length = 0
    }
    total += piece.length
    read(total)
  }
  if (until.aborted || (length === 0 && !isTooLong)) return
  hold(Uint8Array.of(NEWLINE))
  readLine(0)
}

const TOO_LONG = 'the line is longer than 1 MiB'

/** Undefined: there is nothing in the line. A text says what is wrong with it. */
function parseLine(
  decoder: { decode(bytes: Uint8Array): string },
  bytes: Uint8Array,
): ReplayLine | string | undefined {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return 'the line is not UTF-8'
  }
  if (text.trim() === '') return undefined
  try {
    return readReplayLine(JSON.parse(text))
  } catch {
    return 'not a JSON object'
  }
}
