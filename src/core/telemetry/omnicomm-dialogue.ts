import type { Instant } from '../time.ts'
import type { Archive } from './omnicomm-archive.ts'
import { COMMAND, commandText } from './omnicomm-frame.ts'
import type { OmnicommMessage } from './omnicomm-message.ts'
import {
  type ArchivePointer,
  createPointer,
  firstWanted,
  foundEmpty,
  furtherWanted,
  tookRecords,
} from './omnicomm-pointer.ts'
import { acknowledgement, archiveRequest, clockAnswer } from './omnicomm-replies.ts'
import { kindOfCommand, type OmnicommRoad, observationOf, presenceOf, reportOf } from './omnicomm-report.ts'
import type { ArchiveCounter, SessionStep } from './session.ts'

export type OmnicommDialogueOptions = {
  /** Id of the configured source. */
  readonly source: string
  /**
   * Whether the terminal may overwrite what has been stored here. Only where this is its only server: another one
   * could lose data (reference/omnicomm-terminal-protocol.md 8).
   */
  readonly acknowledge: boolean
  /** How far the archive of a terminal had been taken in. */
  readonly counterOf: (terminalId: string) => ArchiveCounter | undefined
  /** Wall time that terminals may set their clocks by; null while ours is not to be trusted. */
  readonly clock: () => Instant | null
}

/** What was said on a connection so far, and where the answers to what is said now are put. */
export type Dialogue = {
  readonly options: OmnicommDialogueOptions
  /** Undefined until it has said who it is. */
  terminal: Terminal | undefined
}

type Terminal = { readonly id: string; readonly firmware: number; readonly pointer: ArchivePointer }

/** The answers to one chunk of bytes. */
export type Turn = {
  readonly dialogue: Dialogue
  readonly receivedAt: Instant
  readonly steps: SessionStep[]
}

/** Adds what follows from a frame. A text says why the connection has to end: it is not known who speaks. */
export function answer(turn: Turn, command: number, message: OmnicommMessage): string | undefined {
  if (command === COMMAND.ident) return takeIdent(turn, message)
  const { terminal } = turn.dialogue
  if (message.kind === 'clock-request') {
    takeClockRequest(turn)
  } else if (isFromTerminal(command)) {
    if (terminal === undefined) return `frame ${commandText(command)} came before the identification`
    takeMessage(turn, terminal, command, message)
  }
  return undefined
}

/** Commands that prove a terminal at work. Those of servers, and those that nobody described, are ignored. */
function isFromTerminal(command: number): boolean {
  return (
    command === COMMAND.archive ||
    command === COMMAND.live ||
    command === COMMAND.wifiArchive ||
    command === COMMAND.acknowledged
  )
}

function takeMessage(turn: Turn, terminal: Terminal, command: number, message: OmnicommMessage): void {
  switch (message.kind) {
    case 'archive':
      takeArchive(turn, terminal, command, message.archive)
      return
    case 'drained':
      takeEmptyArchive(turn, terminal, command)
      return
    case 'short':
      reject(turn, `frame ${commandText(command)}: ${message.detail}`)
      observePresence(turn, terminal)
      return
    default:
      observePresence(turn, terminal)
  }
}

function takeIdent(turn: Turn, message: OmnicommMessage): string | undefined {
  const { dialogue, steps } = turn
  if (message.kind !== 'ident') return 'the identification is too short'
  if (message.terminalId === 0) return 'the terminal number is 0'
  const { firmware } = message
  const id = String(message.terminalId)
  const before = dialogue.terminal
  // One connection is one terminal: otherwise a single one could make up as many as there are numbers.
  if (before !== undefined && before.id !== id) return `terminal ${before.id} named itself ${id} afterwards`
  const pointer = createPointer(counterIn(before) ?? dialogue.options.counterOf(id), firmware)
  if (before === undefined) steps.push({ kind: 'identified', terminalId: id })
  dialogue.terminal = { id, firmware, pointer }
  steps.push({ kind: 'observed', observation: presenceOf(roadOf(turn, dialogue.terminal), firmware) })
  const request = archiveRequest(firstWanted(pointer))
  if (!dialogue.options.acknowledge || pointer.last === undefined) {
    steps.push({ kind: 'reply', bytes: request })
    return undefined
  }
  // Both wait for the store, so that they keep their order. The terminal's answer to the first is not waited for:
  // it takes frames one by one, and one that answers nothing would send nothing ever.
  steps.push({ kind: 'reply', bytes: acknowledgement(COMMAND.archive, pointer.last), durable: true })
  steps.push({ kind: 'reply', bytes: request, durable: true })
  return undefined
}

/** What this connection knows of its terminal, where that identified itself once more. */
function counterIn(terminal: Terminal | undefined): ArchiveCounter | undefined {
  if (terminal?.pointer.last === undefined) return undefined
  return { terminalId: terminal.id, recordId: terminal.pointer.last, firmware: terminal.firmware }
}

function takeClockRequest(turn: Turn): void {
  const { dialogue, steps } = turn
  if (dialogue.terminal !== undefined) observePresence(turn, dialogue.terminal)
  const now = dialogue.options.clock()
  const bytes = now === null ? undefined : clockAnswer(now)
  if (bytes !== undefined) steps.push({ kind: 'reply', bytes, urgent: true })
}

/**
 * A record that cannot be read does not hold the counter back: the checksum was right, so the terminal would send the
 * same bytes again for ever.
 */
function takeArchive(turn: Turn, terminal: Terminal, command: number, archive: Archive): void {
  const { dialogue, steps } = turn
  const road = roadOf(turn, terminal)
  const kind = kindOfCommand(command)
  let isHeard = false
  for (const [index, record] of archive.records.entries()) {
    if (record.kind === 'bad') {
      reject(turn, `record ${index} of frame ${commandText(command)} ${archive.recordId}: ${record.reason}`)
      continue
    }
    isHeard = true
    const observation = observationOf(reportOf(record, archive.headerTime), road, kind)
    steps.push({ kind: 'observed', observation })
  }
  if (!isHeard) observePresence(turn, terminal)
  const { id, firmware, pointer } = terminal
  // Over Wi-Fi records come by priority: what lies before such a one may not have been sent yet.
  const hasMoved = command !== COMMAND.wifiArchive && tookRecords(pointer, archive.recordId, kind === 'live')
  if (hasMoved) {
    steps.push({ kind: 'counter', counter: { terminalId: id, recordId: archive.recordId, firmware } })
  }
  // A number beside the counter speaks for a reset, and before the archive is through there are records to come:
  // in both cases some before this one may not have been sent here.
  const isLast = archive.recordId === pointer.last && !pointer.isDraining
  const isInOrder = kind === 'archive' || hasMoved || isLast
  if (dialogue.options.acknowledge && isInOrder) acknowledge(turn, command, archive.recordId)
  requestFurther(turn, terminal)
}

function takeEmptyArchive(turn: Turn, terminal: Terminal, command: number): void {
  observePresence(turn, terminal)
  // Over Wi-Fi only a part is sent, by priority: that it is through says nothing of the archive.
  if (command !== COMMAND.archive) return
  const { pointer } = terminal
  foundEmpty(pointer)
  // After smaller numbers `last` may be one that this terminal has yet to give out.
  if (turn.dialogue.options.acknowledge && pointer.last !== undefined && !pointer.sawSmaller) {
    acknowledge(turn, command, pointer.last)
  }
  requestFurther(turn, terminal)
}

function acknowledge({ steps }: Turn, command: number, recordId: number): void {
  steps.push({ kind: 'reply', bytes: acknowledgement(command, recordId), durable: true })
}

function requestFurther({ steps }: Turn, { pointer }: Terminal): void {
  const recordId = furtherWanted(pointer)
  if (recordId !== undefined) steps.push({ kind: 'reply', bytes: archiveRequest(recordId) })
}

function observePresence(turn: Turn, terminal: Terminal): void {
  turn.steps.push({ kind: 'observed', observation: presenceOf(roadOf(turn, terminal)) })
}

function reject({ steps }: Turn, detail: string): void {
  steps.push({ kind: 'rejected', reason: 'bad-value', detail })
}

function roadOf({ dialogue, receivedAt }: Turn, { id }: Terminal): OmnicommRoad {
  return { terminalId: id, source: dialogue.options.source, receivedAt }
}
